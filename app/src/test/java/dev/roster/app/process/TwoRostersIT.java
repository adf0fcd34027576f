package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two Rosters before one coordinator, the first of which is stopped in the middle of an add. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class TwoRostersIT {

    private static final String DATABASE = "postgres";

    private static CitusCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServers() {
        cluster = CitusCluster.start(2);
        cluster.coordinator()
                .execute(
                        "SELECT citus_set_coordinator_host('127.0.0.1', "
                                + cluster.coordinator().port() + ")",
                        "SELECT citus_add_node('127.0.0.1', "
                                + cluster.worker(1).port() + ")",
                        "CREATE TABLE public.orders (id int PRIMARY KEY)",
                        "SELECT create_distributed_table('public.orders', 'id', shard_count := 4)");
        if (cluster.flavour() == CitusFlavour.REAL) {
            cluster.coordinator().execute("INSERT INTO public.orders SELECT generate_series(1, 1000)");
        }
    }

    @AfterAll
    static void endServers() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void bothLeadAndTheAddIsMadeOnce() throws Exception {
        PostgresServer joining = cluster.addWorker();
        int members = cluster.workers().size();
        try (Held held = Held.adding(joining, cluster.coordinator(), DATABASE);
                RosterProcess first = start("first");
                RosterProcess second = startSecond()) {
            eventually().until(() -> held.isWaitedFor());
            String ofTheFirst = sessionThatActs();

            coordinator(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'roster first'");
            awaitLeader("second");
            eventually()
                    .until(() -> coordinator("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                                    + " AND objid = 2")
                            .equals("1"));
            assertThat(sessionThatActs()).isEqualTo(ofTheFirst);
            held.release();

            second.awaitMembers(members);
            first.awaitMembers(members);
            eventually().until(() -> first.get("/q/metrics").contains("roster_leader 0.0"));
            isThereOnce(joining);
            assertThat(first.output() + second.output()).doesNotContain("\tat ");
            keepsRows();
        }
    }

    @Test
    void theLeaderIsKilledAndTheOtherMakesTheAddOnce() throws Exception {
        PostgresServer joining = cluster.addWorker();
        int members = cluster.workers().size();
        try (Held held = Held.adding(joining, cluster.coordinator(), DATABASE);
                RosterProcess first = start("first");
                RosterProcess second = startSecond()) {
            eventually().until(() -> held.isWaitedFor());
            String ofTheFirst = sessionThatActs();

            first.kill();
            awaitLeader("second");
            // What the killed one had begun ends at once, although the lock it waits for is still held.
            eventually().until(() -> !List.of("", ofTheFirst).contains(sessionThatActs()));
            held.release();

            second.awaitMembers(members);
            isThereOnce(joining);
            assertThat(second.output()).doesNotContain("\tat ");
            keepsRows();
        }
    }

    private RosterProcess start(String name) throws Exception {
        Map<String, String> settings = RosterProcess.settingsOf(cluster, folder.resolve("ready-" + name));
        settings.put("HOSTNAME", name);
        return RosterProcess.start(folder, settings);
    }

    /** One that stands by, since the first leads. */
    private RosterProcess startSecond() throws Exception {
        awaitLeader("first");
        RosterProcess second = start("second");
        second.awaitReady();
        return second;
    }

    private static void awaitLeader(String name) {
        eventually()
                .until(() -> coordinator("SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                                + " WHERE l.locktype = 'advisory' AND l.granted AND l.objid = 1")
                        .equals("roster " + name));
    }

    /** The process of the server that has its turn to change nodes; empty text if none has. */
    private static String sessionThatActs() {
        return coordinator("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = 2");
    }

    /** One active row, one member, one entry of the journal, and every node knows the same. */
    private static void isThereOnce(PostgresServer joined) {
        assertThat(coordinator("SELECT count(*) || ' ' || bool_and(isactive) FROM pg_dist_node WHERE nodeport = "
                        + joined.port()))
                .isEqualTo("1 true");
        assertThat(coordinator("SELECT count(*) FROM roster.member WHERE port = " + joined.port()))
                .isEqualTo("1");
        assertThat(coordinator("SELECT count(*) FROM roster.journal WHERE action = 'add' AND outcome = 'done'"
                        + " AND sentence LIKE '%:" + joined.port() + " %'"))
                .isEqualTo("1");
        List<PostgresServer> members = cluster.workers();
        for (PostgresServer member : members) {
            eventually().until(() -> nodes(member).equals(nodes(cluster.coordinator())));
        }
        assertThat(coordinator("SELECT count(*) FROM pg_dist_node WHERE groupid > 0"))
                .isEqualTo(String.valueOf(members.size()));
        assertThat(coordinator(
                        "SELECT count(*) FROM pg_dist_placement WHERE groupid = (SELECT groupid FROM pg_dist_node"
                                + " WHERE nodeport = " + cluster.worker(1).port() + ")"))
                .isEqualTo("4");
    }

    private static String nodes(PostgresServer server) {
        return server.query("SELECT string_agg(concat_ws(' ', nodeid, groupid, nodename, nodeport, isactive), ','"
                + " ORDER BY nodeid) FROM pg_dist_node");
    }

    private static String coordinator(String sql) {
        return cluster.coordinator().query(sql);
    }

    private static void keepsRows() {
        assumeTrue(cluster.flavour() == CitusFlavour.REAL, "needs real Citus: the stand-in keeps no rows");
        assertThat(coordinator("SELECT count(*) FROM public.orders")).isEqualTo("1000");
    }
}
