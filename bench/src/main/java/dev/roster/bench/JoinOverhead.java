package dev.roster.bench;

import dev.roster.app.engine.RosterEngine;
import dev.roster.execute.Outcome;
import dev.roster.plan.Action;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.PassResult;
import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.DockerEngine;
import dev.roster.testkit.docker.HealthEvents;
import dev.roster.testkit.docker.Server;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
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
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From the engine's event that a container is healthy to its committed active row: by Roster, and by a bare {@code
 * citus_add_node} that an open session issues at the same event. Both in turn on real containers, each on a cluster of its
 * own; for several at once the event is the last one's.
 */
final class JoinOverhead {

    /** That of the image citusdata/citus. */
    private static final Duration HEALTH_INTERVAL = Duration.ofSeconds(4);

    /** How many workers are there already. */
    private static final int MEMBERS = 2;

    private static final int ROUNDS = Integer.getInteger("bench.join.rounds", 15);

    private JoinOverhead() {}

    static void measure(PrintStream out) throws Exception {
        Optional<String> missing = DockerEngine.unusable();
        if (missing.isPresent()) {
            out.println("not measured: " + missing.get());
            return;
        }
        out.println("In containers, on " + (DockerCluster.hasRealCitus() ? "real Citus." : "the Citus stand-in."));
        out.printf("%7s  %-22s  %s%n", "workers", "ms", Spread.HEAD);
        for (int tables : List.of(0, 20)) {
            out.println(
                    "into a cluster of " + MEMBERS + " workers with " + tables + " distributed tables of 32 shards");
            try (DockerCluster bare = DockerCluster.create("bare").up(MEMBERS);
                    DockerCluster served = DockerCluster.create("join").up(MEMBERS)) {
                prepare(bare, tables);
                prepare(served, tables);
                Rounds rounds = new Rounds(bare, served);
                rounds.both(1);
                for (int workers : List.of(1, 8)) {
                    report(out, workers, rounds.of(workers, workers == 1 ? ROUNDS : Math.max(3, ROUNDS / 2)));
                }
            }
        }
    }

    private static void prepare(DockerCluster cluster, int tables) {
        cluster.sql()
                .run("SELECT citus_set_coordinator_host('"
                        + cluster.coordinator().name() + "')");
        cluster.workers().forEach(worker -> cluster.sql().value("SELECT citus_add_node(?, 5432)", worker.name()));
        for (int table = 1; table <= tables; table++) {
            cluster.sql()
                    .run(
                            "CREATE TABLE orders_" + table + " (id bigint PRIMARY KEY, note text)",
                            "SELECT create_distributed_table('orders_" + table + "', 'id')");
        }
    }

    private static void report(PrintStream out, int workers, List<Round> rounds) {
        Spread bare = spread(rounds, Round::bare);
        Spread roster = spread(rounds, Round::roster);
        out.printf("%7d  %-22s  %s%n", workers, "bare citus_add_node", bare);
        out.printf("%7d  %-22s  %s%n", workers, "Roster", roster);
        out.printf("%7d  %-22s  %s%n", workers, "  event to pass", spread(rounds, Round::noticed));
        out.printf(
                "%7d  %-22s  %s%n",
                workers, "  pass to row", spread(rounds, round -> round.roster() - round.noticed()));
        out.printf(
                Locale.ROOT,
                "%7d  %-22s  %8.2f   (aim: at most %s)%n",
                workers,
                "ratio of the medians",
                roster.median() / bare.median(),
                workers == 1 ? "1.25" : "0.9");
    }

    private static Spread spread(List<Round> rounds, java.util.function.ToDoubleFunction<Round> value) {
        return Spread.of(rounds.stream().map(value::applyAsDouble).toList());
    }

    /**
     * One round of both kinds, in milliseconds.
     *
     * @param bare from the event to the last row, by the bare call
     * @param roster the same by Roster
     * @param noticed the part of it until Roster's pass began
     */
    private record Round(double bare, double roster, double noticed) {}

    private record Rounds(DockerCluster bare, DockerCluster served) {

        List<Round> of(int workers, int count) throws Exception {
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                rounds.add(both(workers));
            }
            return rounds;
        }

        Round both(int workers) throws Exception {
            double byHand = byHand(workers);
            return byRoster(workers, byHand);
        }

        private double byHand(int workers) throws Exception {
            List<String> members = members(bare);
            AtomicLong took = new AtomicLong();
            CountDownLatch done = new CountDownLatch(1);
            ConcurrentLinkedQueue<String> healthy = new ConcurrentLinkedQueue<>();
            List<Exception> failures = new ArrayList<>();
            try (Connection session = session(bare);
                    PreparedStatement add = session.prepareStatement("SELECT citus_add_node(?, 5432)");
                    HealthEvents events = HealthEvents.listen(name -> {
                        if (isNew(bare, members, name)) {
                            healthy.add(name);
                        }
                        if (healthy.size() == workers && done.getCount() > 0) {
                            long start = System.nanoTime();
                            try {
                                for (String each : healthy) {
                                    add.setString(1, each);
                                    add.execute();
                                }
                            } catch (SQLException e) {
                                failures.add(e);
                            }
                            took.set(System.nanoTime() - start);
                            done.countDown();
                        }
                    })) {
                start(bare, workers);
                await(done);
            }
            if (!failures.isEmpty()) {
                throw failures.getFirst();
            }
            clear(bare, workers);
            return took.get() / 1e6;
        }

        private Round byRoster(int workers, double byHand) throws Exception {
            TogetherProvider.waitFor(MEMBERS + workers);
            List<String> members = members(served);
            Watch watch = new Watch(workers);
            ConcurrentLinkedQueue<String> healthy = new ConcurrentLinkedQueue<>();
            try (RosterEngine engine = Engines.build(environment(served), InstantSource.system(), watch);
                    HealthEvents events = HealthEvents.listen(name -> {
                        if (isNew(served, members, name)) {
                            healthy.add(name);
                            if (healthy.size() == workers) {
                                watch.begin();
                            }
                        }
                    })) {
                engine.start();
                Engines.await("Roster leads", engine::isLeading);
                start(served, workers);
                await(watch.done);
            }
            clear(served, workers);
            return new Round(byHand, watch.took(), watch.noticed());
        }

        private static List<String> members(DockerCluster cluster) {
            return cluster.workers().stream().map(Server::name).toList();
        }

        /** A member may become unhealthy and healthy again when the machine is busy. */
        private static boolean isNew(DockerCluster cluster, List<String> members, String name) {
            return name.startsWith(cluster.project() + "_worker_") && !members.contains(name);
        }

        private static void start(DockerCluster cluster, int workers) {
            for (int i = 0; i < workers; i++) {
                cluster.startWorker(cluster.nextWorker().withHealthInterval(HEALTH_INTERVAL));
            }
        }

        private static void await(CountDownLatch done) throws InterruptedException {
            if (!done.await(3, TimeUnit.MINUTES)) {
                throw new IllegalStateException("no row within 3 min");
            }
        }

        /** Checks the rows, and takes everything away again. */
        private static void clear(DockerCluster cluster, int workers) {
            List<Server> all = cluster.workers();
            List<Server> joined = all.subList(all.size() - workers, all.size());
            for (Server worker : joined) {
                long rows = cluster.sql()
                        .number("SELECT count(*) FROM pg_dist_node WHERE isactive AND nodename = ?", worker.name());
                if (rows != 1) {
                    throw new IllegalStateException(worker.name() + " has " + rows + " active rows");
                }
                cluster.sql().value("SELECT citus_remove_node(?, 5432)", worker.name());
            }
            joined.forEach(worker -> worker.remove().removeVolume());
        }

        private static Connection session(DockerCluster cluster) throws SQLException {
            return DriverManager.getConnection(
                    "jdbc:postgresql://" + cluster.coordinatorIp() + "/"
                            + cluster.credentials().database(),
                    cluster.credentials().user(),
                    cluster.credentials().password());
        }

        private static Map<String, String> environment(DockerCluster cluster) {
            return new HashMap<>(Map.of(
                    "CITUS_HOST", cluster.coordinatorIp(),
                    "ROSTER_COORDINATOR_ADVERTISED", cluster.coordinator().name(),
                    "POSTGRES_USER", cluster.credentials().user(),
                    "POSTGRES_PASSWORD", cluster.credentials().password(),
                    "POSTGRES_DB", cluster.credentials().database(),
                    "ROSTER_DISCOVERY", TogetherProvider.TYPE,
                    "ROSTER_TOGETHER_PROJECT", cluster.project(),
                    "ROSTER_TOGETHER_HOST", "unix://" + DockerEngine.socket()));
        }
    }

    /** When the event came, when the pass began that added, and when the last row was committed. */
    private static final class Watch implements EngineListener {

        private final CountDownLatch done = new CountDownLatch(1);
        private final int workers;
        private int added;
        private volatile long beganNanos;
        private volatile Instant began = Instant.MIN;
        private volatile long ended;
        private volatile Instant passBegan = Instant.MIN;

        Watch(int workers) {
            this.workers = workers;
        }

        void begin() {
            began = Instant.now();
            beganNanos = System.nanoTime();
        }

        @Override
        public void actionTried(Outcome outcome) {
            if (outcome instanceof Outcome.Done done && done.action() instanceof Action.AddNode) {
                added++;
                ended = System.nanoTime();
            }
        }

        @Override
        public void passEnded(PassResult result) {
            if (added >= workers && done.getCount() > 0) {
                passBegan = result.startedAt();
                done.countDown();
            }
        }

        double took() {
            return (ended - beganNanos) / 1e6;
        }

        double noticed() {
            return Duration.between(began, passBegan).toNanos() / 1e6;
        }
    }
}
