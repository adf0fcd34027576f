package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.dns.NamedCluster;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The coordinator dies, and its streaming standby is promoted, by nobody's tool in particular, under names as in a container network. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class CoordinatorFailoverIT {

    private static final String STANDBY = "standby.test";
    private static final int STANDBY_NUMBER = 20;
    private static final String ROWS = "SELECT count(*) FROM public.orders WHERE note = 'note ' || id";

    private static NamedCluster cluster;

    @TempDir
    private Path folder;

    private PostgresServer standby;

    @BeforeAll
    static void startServers(@TempDir Path servers) {
        String missing = NamedCluster.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        cluster = NamedCluster.start(servers);
    }

    @AfterAll
    static void endServers() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @AfterEach
    void endTheStandby() {
        if (standby != null) {
            standby.close();
        }
    }

    @Test
    void theCoordinatorsRowFollowsAndTheOldOneThatComesBackWritableChangesNothing() throws Exception {
        startWithStandby(1, 2);
        try (RosterProcess roster = start()) {
            roster.awaitMembers(2);
            distributedTable();
            List<String> workers = workers(cluster.coordinator());
            replicated();

            cluster.coordinator().kill();
            standby.query("SELECT pg_promote()");

            eventually().until(() -> coordinatorAccordingTo(standby).equals(STANDBY));
            for (int worker : List.of(1, 2)) {
                eventually()
                        .until(() ->
                                coordinatorAccordingTo(cluster.worker(worker)).equals(STANDBY));
            }
            assertThat(workers(standby)).isEqualTo(workers);
            assertThat(done("set-coordinator-address")).as(journal()).isEqualTo("2");

            cluster.coordinator().start();
            eventually().until(() -> roster.get("/api/v1/status").contains("is writable in 2 places at once"));
            cluster.worker(3);
            cluster.zone().name(NamedCluster.name(3), cluster.address(3)).publish();
            eventually().until(() -> roster.get("/api/v1/status").contains("is writable in 2 places at once"));
            assertThat(workers(standby)).isEqualTo(workers);

            cluster.coordinator().stop();
            roster.awaitMembers(3);
            assertThat(coordinatorAccordingTo(standby)).isEqualTo(STANDBY);
            assertThat(roster.output()).doesNotContain("\tat ");
            keepsRows();
            assertThat(standby.queryIn(cluster.database(), ROWS)).isEqualTo("100");
        }
    }

    @Test
    void theRowStaysWhileTheLoginIsRefusedWhereItPoints() throws Exception {
        startWithStandby(1);
        String rules = Files.readString(cluster.coordinator().folder().resolve("data/pg_hba.conf"));
        try (RosterProcess roster = start()) {
            roster.awaitMembers(1);
            replicated();
            List<String> workers = workers(cluster.coordinator());

            cluster.coordinator().kill();
            cluster.coordinator().writeFile("data/pg_hba.conf", "host all all all reject\n");
            cluster.coordinator().start();
            standby.query("SELECT pg_promote()");

            eventually().until(() -> journal().contains("may be the coordinator itself"));
            assertThat(journal())
                    .contains("set-coordinator-address refused", "refuses the coordinator's login", "stop that server");
            assertThat(roster.output()).contains("refuses the coordinator's login");
            assertThat(coordinatorAccordingTo(standby)).isEqualTo(NamedCluster.COORDINATOR);
            assertThat(workers(standby)).isEqualTo(workers);

            cluster.coordinator().stop();
            eventually().until(() -> coordinatorAccordingTo(standby).equals(STANDBY));
            assertThat(done("set-coordinator-address")).as(journal()).isEqualTo("2");
            assertThat(workers(standby)).isEqualTo(workers);
            assertThat(roster.output()).doesNotContain("\tat ");
        } finally {
            cluster.coordinator().stop();
            cluster.coordinator().writeFile("data/pg_hba.conf", rules);
        }
    }

    @Test
    void aWorkerThatWasJoiningJoinsThePromotedStandbyExactlyOnce() throws Exception {
        startWithStandby(1, 2);
        cluster.worker(3);
        try (RosterProcess roster = start()) {
            roster.awaitMembers(2);
            distributedTable();
            List<String> workers = workers(cluster.coordinator());
            replicated();

            try (Held held = Held.adding(cluster.worker(3), cluster.coordinator(), cluster.database())) {
                cluster.zone().name(NamedCluster.name(3), cluster.address(3)).publish();
                eventually().until(() -> held.isWaitedFor());

                cluster.coordinator().kill();
                standby.query("SELECT pg_promote()");
            }

            roster.awaitMembers(3);
            eventually().until(() -> coordinatorAccordingTo(standby).equals(STANDBY));
            assertThat(workers(standby)).hasSize(3).containsAll(workers);
            assertThat(standby.queryIn(
                            cluster.database(), "SELECT count(*) FROM roster.member WHERE host LIKE 'worker3%'"))
                    .isEqualTo("1");
            eventually().until(() -> workers(cluster.worker(3)).equals(workers(standby)));
            assertThat(coordinatorAccordingTo(cluster.worker(3))).isEqualTo(STANDBY);
            assertThat(roster.output()).doesNotContain("\tat ");
            keepsRows();
            assertThat(standby.queryIn(cluster.database(), ROWS)).isEqualTo("100");
        }
    }

    /** The cluster with these workers, and a standby of its coordinator with a name of its own. */
    private void startWithStandby(int... workers) {
        cluster.renew(workers);
        standby = PostgresServer.copyOf(cluster.coordinator());
        standby.writeFile("data/standby.signal", "");
        standby.moveTo(cluster.address(STANDBY_NUMBER), cluster.port());
        standby.startAsStandbyOf(cluster.coordinator());
        cluster.zone().name(STANDBY, cluster.address(STANDBY_NUMBER)).publish();
    }

    private RosterProcess start() throws Exception {
        Map<String, String> settings = cluster.settings();
        settings.remove("ROSTER_COORDINATOR_ADVERTISED");
        settings.put(
                "CITUS_HOST", NamedCluster.COORDINATOR + ":" + cluster.port() + "," + STANDBY + ":" + cluster.port());
        settings.put("ROSTER_DNS_PATTERNS", "worker{1..9}");
        settings.put("ROSTER_READY_FILE", folder.resolve("ready").toString());
        return RosterProcess.startInside(cluster.resolvConf().prefix(), folder, settings);
    }

    private static void distributedTable() {
        cluster.run(
                "CREATE TABLE public.orders (id bigint PRIMARY KEY, note text)",
                "SELECT create_distributed_table('public.orders', 'id', shard_count := 4)");
        if (CitusFlavour.chosen() == CitusFlavour.REAL) {
            cluster.run("INSERT INTO public.orders SELECT n, 'note ' || n FROM generate_series(1, 100) n");
        }
    }

    private void replicated() {
        String end = cluster.coordinator().query("SELECT pg_current_wal_lsn()");
        eventually()
                .until(() -> standby.query("SELECT pg_last_wal_replay_lsn() >= '" + end + "'")
                        .equals("t"));
    }

    private static List<String> workers(PostgresServer server) {
        return server.queryIn(
                        cluster.database(),
                        "SELECT string_agg(concat_ws(' ', nodeid, groupid, nodename, nodeport, isactive), E'\\n'"
                                + " ORDER BY nodeid) FROM pg_dist_node WHERE groupid > 0")
                .lines()
                .toList();
    }

    private static String coordinatorAccordingTo(PostgresServer server) {
        return server.queryIn(
                cluster.database(), "SELECT string_agg(nodename, ' ') FROM pg_dist_node WHERE groupid = 0");
    }

    private String done(String action) {
        return standby.queryIn(
                cluster.database(),
                "SELECT count(*) FROM roster.journal WHERE action = '" + action + "' AND outcome = 'done'");
    }

    private String journal() {
        return standby.queryIn(
                cluster.database(),
                "SELECT string_agg(concat_ws(' ', action, outcome, sentence), E'\\n') FROM roster.journal");
    }

    private static void keepsRows() {
        assumeTrue(CitusFlavour.chosen() == CitusFlavour.REAL, "needs real Citus: the stand-in keeps no rows");
    }
}
