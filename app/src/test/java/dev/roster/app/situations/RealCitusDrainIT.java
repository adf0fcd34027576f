package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.Situation;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What may happen in the middle of a drain, carried through by the whole engine on real Citus with 100,000 rows, which are counted
 * before and after.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class RealCitusDrainIT {

    private static final String RUNNING_JOBS =
            "SELECT count(*) FROM pg_dist_background_job WHERE state IN ('scheduled', 'running', 'cancelling', 'failing')";

    private CitusCluster cluster;
    private PostgresServer kept;
    private PostgresServer leaving;

    @BeforeAll
    static void needRealCitus() {
        assumeTrue(
                CitusFlavour.REAL.binariesIfPresent().isPresent(),
                "needs real Citus: no installed PostgreSQL has the extension");
    }

    @BeforeEach
    void start() {
        cluster = CitusCluster.start(
                CitusFlavour.REAL,
                2,
                options -> options.with("citus.background_task_queue_interval", "200")
                        .with("citus.metadata_sync_interval", "1000")
                        .with("citus.metadata_sync_retry_interval", "200")
                        .with("max_worker_processes", "32"));
        kept = cluster.worker(1);
        leaving = cluster.worker(2);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    @Tag("rows")
    void theCoordinatorIsRestartedInTheMiddle() {
        try (EngineUnderTest roster = roster(cluster.workers())) {
            joinedWithTables(roster);
            String before = rows();
            accepted(roster.order(drain(leaving)));
            awaitAMove(roster);

            cluster.coordinator().restart();

            roster.awaitGone(name(leaving));
            drained("coordinator restarted in the middle", before);
        }
    }

    @Test
    @Tag("rows")
    void anotherRosterGoesOnWhereTheFirstEnded() {
        String before;
        try (EngineUnderTest roster = roster(cluster.workers())) {
            joinedWithTables(roster);
            before = rows();
            accepted(roster.order(drain(leaving)));
            awaitAMove(roster);
        }
        assertThat(coordinator("SELECT count(*) FROM pg_dist_node WHERE nodeport = " + leaving.port()))
                .isEqualTo("1");

        try (EngineUnderTest another = roster(cluster.workers())) {
            another.awaitGone(name(leaving));
            drained("Roster ended in the middle", before);
        }
    }

    @Test
    @Tag("rows")
    void theDrainedServerDiesInTheMiddleAndComesBack() {
        String before;
        try (EngineUnderTest roster = roster(cluster.workers())) {
            joinedWithTables(roster);
            before = rows();
            accepted(roster.order(drain(leaving)));
            awaitAMove(roster);

            leaving.kill();

            roster.awaitSentence(name(leaving), "goes on when the server answers again");
            roster.await("the job is stopped", () -> coordinator(RUNNING_JOBS).equals("0"));
        }
        assertThat(placements(leaving)).isPositive();
        try (EngineUnderTest roster = roster(List.of(kept))) {
            assertThat(roster.awaitVerdict(name(leaving), Situation.STRANDED))
                    .contains("goes on when the server answers again", "only copy");
            roster.awaitPasses(2);
            assertThat(placements(leaving)).isPositive();

            leaving.start();

            roster.awaitGone(name(leaving));
            drained("the drained server died in the middle and came back", before);
        }
    }

    @Test
    @Tag("rows")
    void theDrainedServerDiesInTheMiddleAndTheDrainIsCancelled() {
        try (EngineUnderTest roster = roster(cluster.workers())) {
            joinedWithTables(roster);
            String before = rows();
            accepted(roster.order(drain(leaving)));
            awaitAMove(roster);
            leaving.kill();
            roster.awaitSentence(name(leaving), "goes on when the server answers again");
            roster.await("the job is stopped", () -> coordinator(RUNNING_JOBS).equals("0"));

            accepted(roster.order(new Order.Cancel(name(leaving), "Jo")));
            leaving.start();

            roster.await("the node takes shards as before", () -> takesShards(leaving));
            roster.await(
                    "the order is over",
                    () -> coordinator("SELECT count(*) FROM roster.intent").equals("0"));
            roster.awaitMember(name(leaving));
            assertThat(placements(leaving)).isPositive();
            kept("the drained server died in the middle and the drain was cancelled", before);
        }
    }

    @Test
    @Tag("rows")
    void twoPeopleDrainAtOnce() {
        PostgresServer third = cluster.addWorker();
        try (EngineUnderTest roster = roster(cluster.workers())) {
            joinedWithTables(roster);
            String before = rows();

            List<OrderAnswer> answers = List.of(drain(leaving), drain(leaving), drain(third)).stream()
                    .map(order -> CompletableFuture.supplyAsync(() -> roster.order(order)))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();

            assertThat(answers.subList(0, 2))
                    .hasAtLeastOneElementOfType(OrderAnswer.Accepted.class)
                    .hasAtLeastOneElementOfType(OrderAnswer.Standing.class);
            accepted(answers.get(2));
            roster.await(
                    "one waits for the other",
                    () -> coordinator("SELECT count(*) FROM pg_dist_node WHERE groupid > 0 AND NOT shouldhaveshards")
                            .equals("1"));
            roster.awaitGone(name(leaving));
            roster.awaitGone(name(third));
            drained("two people drained two of three workers at once", before);
        }
    }

    @Test
    @Tag("rows")
    void aDrainWaitsForTheRebalanceThatRuns() {
        try (EngineUnderTest roster = roster(List.of(kept, leaving))) {
            roster.awaitMember(name(kept));
            roster.awaitMember(name(leaving));
        }
        tables();
        PostgresServer third = cluster.addWorker();
        try (EngineUnderTest roster = roster(cluster.workers())) {
            roster.awaitMember(name(third));
            String before = rows();
            cluster.coordinator().query("SELECT citus_rebalance_start()");

            accepted(roster.order(drain(leaving)));

            assertThat(roster.awaitSentence(name(leaving), "waits for another rebalance, job "))
                    .contains("Drain (ordered by Jo");
            assertThat(takesShards(leaving)).isTrue();
            roster.awaitGone(name(leaving));
            assertThat(coordinator("SELECT string_agg(state::text, ' ' ORDER BY job_id) FROM pg_dist_background_job"))
                    .isEqualTo("finished finished");
            drained("a drain was ordered while a rebalance ran", before);
        }
    }

    @Test
    @Tag("rows")
    void aMoveThatCannotBeMadeIsToldAndWhenCitusGivesUpTheNodeTakesShardsAgain() {
        try (EngineUnderTest roster = roster(cluster.workers())) {
            joinedWithTables(roster);
            String before = rows();
            accepted(roster.order(drain(leaving)));
            roster.await("a job is there", () -> !coordinator(LAST_SHARD).isEmpty());
            String task = coordinator("SELECT max(task_id) FROM pg_dist_background_task");
            // A table in the way would be dropped by the move; a view of its name is not.
            String inTheWay = coordinator("SELECT shard_name(logicalrelid, shardid) FROM pg_dist_shard WHERE shardid = "
                    + coordinator(LAST_SHARD));
            kept.execute(
                    "SET citus.enable_ddl_propagation = off", "CREATE VIEW public." + inTheWay + " AS SELECT 1 AS id");

            roster.awaitSentence(name(leaving), "is not a table");
            assertThat(roster.awaitVerdict(name(leaving), Situation.DRAIN_STUCK))
                    .contains("is stuck");
            awaitAMove(roster);
            // Citus tries for half an hour; now its next try is the last.
            cluster.coordinator()
                    .execute("UPDATE pg_dist_background_task SET retry_count = 32, not_before = NULL WHERE task_id = "
                            + task);

            roster.await("the node takes shards again", () -> takesShards(leaving));
            assertThat(roster.awaitSentence(name(leaving), "was given up")).contains(inTheWay);
            assertThat(coordinator("SELECT state FROM pg_dist_background_job")).isEqualTo("failed");
            assertThat(placements(leaving)).isPositive();
            kept("Citus gave the drain up half-way", before);

            kept.execute("SET citus.enable_ddl_propagation = off", "DROP VIEW public." + inTheWay);
            accepted(roster.order(drain(leaving)));
            roster.awaitGone(name(leaving));
            drained("ordered again after Citus had given it up", before);
        }
    }

    @Test
    @Tag("rows")
    void aServerWithoutLogicalDecodingIsNamedBeforeAndAfterTheDrainBegan() {
        try (EngineUnderTest roster = roster(cluster.workers())) {
            joinedWithTables(roster);
            String before = rows();
            walLevel("replica");
            roster.awaitMember(name(leaving));
            assertThat(roster.order(drain(leaving)))
                    .isInstanceOfSatisfying(
                            OrderAnswer.Refused.class,
                            refused -> assertThat(refused.sentence()).contains("wal_level is replica"));
            assertThat(takesShards(leaving)).isTrue();

            walLevel("logical");
            // In the middle of a move the server would not start with less: its replication slot forbids that.
            backgroundTasks("-1");
            accepted(roster.order(drain(leaving)));
            roster.await("a job is there", () -> !coordinator(LAST_SHARD).isEmpty());
            walLevel("replica");
            backgroundTasks("200");

            assertThat(roster.awaitSentence(name(leaving), "wal_level")).contains("is stuck, 0 of 8 moves done");
            assertThat(placements(leaving)).isEqualTo(8);
            walLevel("logical");
            cluster.coordinator().execute("UPDATE pg_dist_background_task SET not_before = NULL");
            roster.awaitGone(name(leaving));
            drained("wal_level was too low after it had begun", before);
        }
    }

    private void backgroundTasks(String interval) {
        cluster.coordinator().execute("ALTER SYSTEM SET citus.background_task_queue_interval = " + interval);
        cluster.coordinator().query("SELECT pg_reload_conf()");
    }

    private static final String LAST_SHARD =
            "SELECT substring(command FROM 'citus_move_shard_placement\\((\\d+)') FROM pg_dist_background_task"
                    + " ORDER BY task_id DESC LIMIT 1";

    private void walLevel(String level) {
        leaving.execute("ALTER SYSTEM SET wal_level = '" + level + "'");
        leaving.restart();
    }

    private EngineUnderTest roster(List<PostgresServer> workers) {
        return EngineUnderTest.start(
                cluster,
                workers,
                Map.of(
                        "ROSTER_PASS_INTERVAL", "1s",
                        "ROSTER_PROBE_MAX_AGE", "5s",
                        "ROSTER_DEPARTURE_GRACE", "5s"));
    }

    private void joinedWithTables(EngineUnderTest roster) {
        cluster.workers().forEach(worker -> roster.awaitMember(name(worker)));
        tables();
    }

    private void tables() {
        cluster.coordinator()
                .execute(
                        "CREATE TABLE public.orders (id int PRIMARY KEY)",
                        "SELECT create_distributed_table('public.orders', 'id', shard_count := 12)",
                        "CREATE TABLE public.items (id int PRIMARY KEY)",
                        "SELECT create_distributed_table('public.items', 'id', shard_count := 4)",
                        "CREATE TABLE public.countries (id int PRIMARY KEY)",
                        "SELECT create_reference_table('public.countries')");
        cluster.coordinator()
                .execute(
                        "INSERT INTO public.orders SELECT generate_series(1, 60000)",
                        "INSERT INTO public.items SELECT generate_series(1, 39000)",
                        "INSERT INTO public.countries SELECT generate_series(1, 1000)");
    }

    /** The rows of each table. */
    private String rows() {
        return coordinator("SELECT concat_ws(' + ', (SELECT count(*) FROM orders), (SELECT count(*) FROM items),"
                + " (SELECT count(*) FROM countries))");
    }

    private void awaitAMove(EngineUnderTest roster) {
        roster.await(
                "a shard has moved",
                () -> Integer.parseInt(
                                coordinator("SELECT count(*) FROM pg_dist_background_task WHERE status = 'done'"))
                        > 0);
        assertThat(placements(leaving)).as("the drain is in the middle").isPositive();
    }

    private void drained(String what, String before) {
        assertThat(coordinator("SELECT count(*) FROM pg_dist_placement p JOIN pg_dist_node n USING (groupid)"
                        + " JOIN pg_dist_shard s USING (shardid) JOIN pg_dist_partition t USING (logicalrelid)"
                        + " WHERE t.repmodel <> 't'"))
                .isEqualTo("16");
        assertThat(coordinator(RUNNING_JOBS)).isEqualTo("0");
        kept(what, before);
    }

    private void kept(String what, String before) {
        String after = rows();
        assertThat(after).isEqualTo(before);
        System.out.println(
                "Drain on " + cluster.describe() + ", " + what + ": " + before + " before, " + after + " after");
    }

    private int placements(PostgresServer worker) {
        return Integer.parseInt(
                coordinator("SELECT count(*) FROM pg_dist_placement p JOIN pg_dist_node n USING (groupid)"
                        + " JOIN pg_dist_shard s USING (shardid) JOIN pg_dist_partition t USING (logicalrelid)"
                        + " WHERE t.repmodel <> 't' AND n.nodeport = " + worker.port()));
    }

    private boolean takesShards(PostgresServer worker) {
        return coordinator("SELECT shouldhaveshards FROM pg_dist_node WHERE nodeport = " + worker.port())
                .equals("t");
    }

    private String coordinator(String sql) {
        return cluster.coordinator().query(sql);
    }

    private static Order drain(PostgresServer worker) {
        return new Order.Give(Kind.DRAIN, name(worker), TransferMode.AUTO, "Jo");
    }

    private static void accepted(OrderAnswer answer) {
        assertThat(answer).isInstanceOf(OrderAnswer.Accepted.class);
    }

    private static String name(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
