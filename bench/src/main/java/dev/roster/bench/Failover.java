package dev.roster.bench;

import dev.roster.app.engine.RosterEngine;
import dev.roster.execute.Outcome;
import dev.roster.plan.Action;
import dev.roster.plan.Verdict;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.PassResult;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.postgres.PostgresServer;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * From the moment that a promoted standby accepts writes to the committed change of its group's row: by Roster, and by a bare
 * {@code citus_update_node} that an open session issues at that moment. Both in turn, each on a cluster of its own, with real
 * streaming replication; the primary is killed, the standby promoted.
 */
final class Failover {

    private static final int ROUNDS = Integer.getInteger("bench.failover.rounds", 11);

    /** How often a group without its primary is asked, which is what Roster may take longer than the bare call. */
    private static final double DETECTION_MILLIS = 1_000;

    private static final int ROWS = 100_000;

    private Failover() {}

    static void measure(PrintStream out) throws Exception {
        try (Pair bare = Pair.start();
                Pair served = Pair.start()) {
            out.println("On " + bare.cluster.describe()
                    + ": 2 workers, one with a streaming standby, a table of 32 shards.");
            byHand(bare);
            byRoster(served);
            List<Double> calls = new ArrayList<>();
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                calls.add(byHand(bare));
                rounds.add(byRoster(served));
            }
            report(out, Spread.of(calls), rounds);
        }
    }

    private static void report(PrintStream out, Spread bare, List<Round> rounds) {
        Spread roster = spread(rounds, Round::took);
        out.printf("%-26s  %s%n", "ms from accepting writes", Spread.HEAD);
        out.printf("%-26s  %s%n", "bare citus_update_node", bare);
        out.printf("%-26s  %s%n", "Roster", roster);
        out.printf("%-26s  %s%n", "  until the pass that acts", spread(rounds, Round::noticed));
        out.printf("%-26s  %s%n", "  from there to the row", spread(rounds, round -> round.took() - round.noticed()));
        out.printf(
                Locale.ROOT,
                "%-26s  %8.1f   (aim: at most 1.2 x the bare call, plus up to 1 s until it is noticed: %.1f)%n",
                "median of Roster",
                roster.median(),
                1.2 * bare.median() + DETECTION_MILLIS);
    }

    private static Spread spread(List<Round> rounds, ToDoubleFunction<Round> value) {
        return Spread.of(rounds.stream().map(value::applyAsDouble).toList());
    }

    /**
     * One failover by Roster, in milliseconds.
     *
     * @param took from the moment the standby accepts writes to the committed row
     * @param noticed the part of it until the pass that acted began
     */
    private record Round(double took, double noticed) {}

    private static double byHand(Pair pair) throws Exception {
        try (Connection session =
                        pair.cluster.coordinator().dataSource("postgres").getConnection();
                PreparedStatement update = session.prepareStatement("SELECT citus_update_node(?, ?, ?)")) {
            update.setInt(1, pair.nodeId());
            update.setString(2, pair.standby.host());
            update.setInt(3, pair.standby.port());
            pair.primary.kill();
            long accepts = pair.promote();
            update.execute();
            double took = (System.nanoTime() - accepts) / 1e6;
            pair.changePlaces();
            return took;
        }
    }

    private static Round byRoster(Pair pair) throws Exception {
        Watch watch = new Watch();
        try (RosterEngine engine = Engines.build(pair.environment(), InstantSource.system(), watch)) {
            engine.start();
            Engines.await(
                    "the standby is known", () -> sentence(engine, pair.standby).contains("tandby"));
            pair.primary.kill();
            Engines.await(
                    "the loss is known", () -> sentence(engine, pair.primary).contains("does not answer"));
            // Whoever promotes does not know when Roster asks next.
            TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt((int) DETECTION_MILLIS));
            long accepts = pair.promote();
            Instant acceptsAt = Instant.now().minusNanos(System.nanoTime() - accepts);
            if (!watch.done.await(3, TimeUnit.MINUTES)) {
                throw new IllegalStateException("not followed within 3 min: " + sentence(engine, pair.standby));
            }
            pair.changePlaces();
            return new Round(
                    (watch.changed - accepts) / 1e6,
                    Duration.between(acceptsAt, watch.passBegan).toNanos() / 1e6);
        }
    }

    private static String sentence(RosterEngine engine, PostgresServer server) {
        return engine.latest().stream()
                .flatMap(result -> result.plan().verdicts().stream())
                .filter(verdict -> verdict.address().port() == server.port())
                .map(Verdict::sentence)
                .collect(Collectors.joining(" "));
    }

    /** A cluster of two workers, and a standby of the first; the two change places with each failover. */
    private static final class Pair implements AutoCloseable {

        private final CitusCluster cluster;
        private PostgresServer primary;
        private PostgresServer standby;

        private Pair(CitusCluster cluster) {
            this.cluster = cluster;
            this.primary = cluster.worker(1);
            this.standby = PostgresServer.standbyOf(primary);
        }

        static Pair start() {
            CitusCluster cluster = CitusCluster.start(2);
            PostgresServer coordinator = cluster.coordinator();
            coordinator.execute(
                    "SELECT citus_set_coordinator_host('%s', %d)".formatted(coordinator.host(), coordinator.port()));
            cluster.workers()
                    .forEach(worker -> coordinator.execute(
                            "SELECT citus_add_node('%s', %d)".formatted(worker.host(), worker.port())));
            coordinator.execute(
                    "CREATE TABLE public.orders (id int PRIMARY KEY, note text)",
                    "SELECT create_distributed_table('public.orders', 'id')",
                    "INSERT INTO public.orders SELECT i, 'order ' || i FROM generate_series(1, " + ROWS + ") i");
            return new Pair(cluster);
        }

        int nodeId() {
            return Integer.parseInt(
                    cluster.coordinator().query("SELECT nodeid FROM pg_dist_node WHERE nodeport = " + primary.port()));
        }

        /** Promotes the standby, and tells when it accepted writes, as {@link System#nanoTime} counts. */
        long promote() throws SQLException {
            try (Connection asking = standby.dataSource("postgres").getConnection();
                    PreparedStatement promote = asking.prepareStatement("SELECT pg_promote(wait => false)");
                    PreparedStatement ask = asking.prepareStatement("SELECT pg_is_in_recovery()")) {
                promote.execute();
                while (true) {
                    try (var answer = ask.executeQuery()) {
                        answer.next();
                        if (!answer.getBoolean(1)) {
                            return System.nanoTime();
                        }
                    }
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
                }
            }
        }

        /** Checks that nothing was lost, and makes the old primary the standby. */
        void changePlaces() {
            String rows = cluster.coordinator().query("SELECT count(*) FROM public.orders");
            if (!rows.equals(Integer.toString(ROWS))) {
                throw new IllegalStateException(rows + " rows are left");
            }
            PostgresServer old = primary;
            old.restoreFrom(standby);
            old.startAsStandbyOf(standby);
            primary = standby;
            standby = old;
        }

        Map<String, String> environment() {
            PostgresServer coordinator = cluster.coordinator();
            return new HashMap<>(Map.of(
                    "CITUS_HOST",
                    coordinator.host() + ":" + coordinator.port(),
                    "ROSTER_COORDINATOR_ADVERTISED",
                    coordinator.host() + ":" + coordinator.port(),
                    "POSTGRES_USER",
                    coordinator.user(),
                    "POSTGRES_DB",
                    "postgres",
                    "ROSTER_DISCOVERY",
                    "static",
                    "ROSTER_STATIC_WORKERS",
                    Stream.of(primary, standby, cluster.worker(2))
                            .map(server -> server.host() + ":" + server.port())
                            .collect(Collectors.joining(","))));
        }

        @Override
        public void close() {
            primary.close();
            standby.close();
            cluster.close();
        }
    }

    /** When the row was changed, and when the pass that did it began. */
    private static final class Watch implements EngineListener {

        private final CountDownLatch done = new CountDownLatch(1);
        private volatile long changed;
        private volatile Instant passBegan = Instant.MIN;

        @Override
        public void actionTried(Outcome outcome) {
            if (outcome instanceof Outcome.Done done && done.action() instanceof Action.UpdateNodes) {
                changed = System.nanoTime();
            }
        }

        @Override
        public void passEnded(PassResult result) {
            if (changed != 0 && done.getCount() > 0) {
                passBegan = result.startedAt();
                done.countDown();
            }
        }
    }
}
