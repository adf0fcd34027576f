package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people order by command, with the packaged application on both sides. */
class OrdersIT {

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Map<String, String> settings;

    @BeforeEach
    void startACluster() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 2, UnaryOperator.identity());
        settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    @Test
    void aWorkerIsHeldRemovedAndTakenBackByCommand() throws Exception {
        String worker = address(cluster.worker(2));
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitMembers(roster);

            assertThat(told(0, roster, Map.of(), "hold", worker)).contains("Hold (ordered by ", worker);
            assertThat(told(0, roster, Map.of(), "hold", worker)).contains("stands already");
            assertThat(told(0, roster, Map.of(), "status")).contains("ORDER", "hold", "ordered");
            assertThat(told(1, roster, Map.of(), "remove", worker)).contains("To do: cancel that order first");
            assertThat(told(0, roster, Map.of(), "cancel", worker)).contains("cancelled by ");
            eventually().until(() -> roster.get("/api/v1/status").contains("\"orders\":[]"));
            assertThat(told(0, roster, Map.of(), "remove", worker)).contains("it is removed");
            eventually().until(() -> roster.get("/api/v1/workers").contains("unfenced"));
            assertThat(told(0, roster, Map.of(), "cancel", worker, "--json")).startsWith("{\"answer\":\"accepted\"");
            awaitMembers(roster);
        }
    }

    @Test
    void whatWouldLoseShardsIsRefusedWithTheRemedy() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitMembers(roster);
            cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
            cluster.coordinator().execute("SELECT create_distributed_table('orders', 'id')");

            assertThat(told(1, roster, Map.of(), "remove", address(cluster.worker(1))))
                    .contains("holds the only copy of", "To do: order a drain, which moves them away first");
            assertThat(told(1, roster, Map.of(), "drain", "nobody")).contains("No worker or node is called 'nobody'");
            assertThat(told(2, roster, Map.of(), "drain", "nobody", "--mode", "fast"))
                    .contains("fast");
        }
    }

    @Test
    void whatADrainWouldDoNowIsToldAndNothingIsOrdered() throws Exception {
        settings.put("ROSTER_PASS_INTERVAL", "60s");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitMembers(roster);
            cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
            cluster.coordinator().execute("SELECT create_distributed_table('orders', 'id', shard_count := 4)");

            assertThat(told(0, roster, Map.of(), "drain", address(cluster.worker(1)), "--preview"))
                    .contains(
                            "Nothing hinders it: 2 shards would move, then it would be removed",
                            "SHARDS",
                            address(cluster.worker(2)));
            assertThat(roster.get("/api/v1/orders")).contains("\"orders\":[]");
            assertThat(told(1, roster, Map.of(), "drain", "nobody", "--preview"))
                    .contains("No worker or node is called 'nobody'");
            assertThat(told(2, roster, Map.of(), "drain", address(cluster.worker(1)), "--preview", "--wait"))
                    .contains("--wait goes with ordering a drain");

            cluster.coordinator().execute("CREATE TABLE notes (id int)");
            cluster.coordinator()
                    .execute(
                            "SELECT create_distributed_table('notes', 'id', shard_count := 4, colocate_with := 'none')");
            assertThat(told(1, roster, Map.of(), "drain", address(cluster.worker(1)), "--preview"))
                    .contains("public.notes", "To do: ");
        }
    }

    @Test
    void aWorkerThatIsLostForGoodIsReplacedByCommand() throws Exception {
        String lost = address(cluster.worker(2));
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitMembers(roster);
            cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
            cluster.coordinator().execute("SELECT create_distributed_table('orders', 'id', shard_count := 4)");
        }
        try (CitusCluster spare = CitusCluster.start(CitusFlavour.STAND_IN, 1, UnaryOperator.identity())) {
            String fresh = address(spare.worker(1));
            cluster.worker(2).stop();
            settings.put("ROSTER_STATIC_WORKERS", address(cluster.worker(1)) + "," + lost + "," + fresh);
            try (RosterProcess roster = RosterProcess.start(folder, settings)) {
                roster.awaitReady();
                eventually()
                        .until(() -> told(1, roster, Map.of(), "replace", lost, "--with", fresh)
                                .contains("public.orders (2 of 4 shards)"));

                assertThat(told(0, roster, Map.of(), "replace", lost, "--with", fresh, "--accept-data-loss"))
                        .contains(fresh + " takes its place", "the rows of 2 shards are lost");

                eventually()
                        .until(() -> roster.get("/api/v1/nodes").contains(fresh)
                                && roster.get("/api/v1/status").contains("\"stage\":\"done\"")
                                && !roster.get("/api/v1/status").contains("\"stage\":\"running\""));
                assertThat(cluster.coordinator()
                                .query("SELECT count(*) FROM pg_dist_node WHERE nodeport = "
                                        + cluster.worker(2).port()))
                        .isEqualTo("0");
                assertThat(told(0, roster, Map.of(), "journal")).contains("all 2 shards are there");
            }
        } finally {
            cluster.worker(2).start();
        }
    }

    @Test
    void whereATokenIsSetTheCommandNeedsIt() throws Exception {
        String worker = address(cluster.worker(2));
        settings.put("ROSTER_API_TOKEN", "s3cret-${one}");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitMembers(roster);

            assertThat(told(1, roster, Map.of(), "hold", worker)).contains("A token is needed", "ROSTER_API_TOKEN");
            assertThat(told(1, roster, Map.of(), "hold", worker, "--token", "s3cret"))
                    .contains("The token is wrong");
            assertThat(told(0, roster, Map.of("ROSTER_API_TOKEN", "s3cret-${one}"), "hold", worker))
                    .contains("Hold");
            assertThat(roster.output()).doesNotContain("s3cret");
        }
    }

    @Test
    void aServiceThatIsNotThereIsUnreachable() throws Exception {
        try (RosterProcess command =
                RosterProcess.start(folder, Map.of(), "drain", "worker1", "--server", "http://127.0.0.1:1")) {
            assertThat(command.exitCode()).isEqualTo(3);
            assertThat(command.output().lines()).singleElement().asString().startsWith("No Roster answers at");
        }
    }

    /** Runs a command to its end and returns what it printed, in one line. */
    private String told(int exitCode, RosterProcess roster, Map<String, String> environment, String... command)
            throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        words.add("--server");
        words.add(roster.server());
        try (RosterProcess asked = RosterProcess.start(folder, environment, words.toArray(String[]::new))) {
            assertThat(asked.exitCode()).as(asked.output()).isEqualTo(exitCode);
            return asked.output().replaceAll("\\s+", " ").strip();
        }
    }

    private void awaitMembers(RosterProcess roster) {
        eventually()
                .until(() -> roster.isAlive()
                        && roster.get("/q/metrics")
                                .contains("roster_workers{state=\"member\",weight=\"calm\"} "
                                        + cluster.workers().size() + ".0"));
    }

    private static String address(PostgresServer server) {
        return server.host() + ":" + server.port();
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200));
    }
}
