package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.postgres.PostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that is older than its workers is only observed until a person accepts it, by command or over HTTP. */
class AcceptCoordinatorIT {

    private static final String ACCEPT = "/api/v1/coordinator/accept";

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private PostgresServer old;
    private Map<String, String> settings;

    @BeforeEach
    void aShardMovesAndTheCoordinatorIsRestoredFromBefore() throws Exception {
        cluster = CitusCluster.start(2);
        PostgresServer coordinator = cluster.coordinator();
        settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
        }
        coordinator.execute("CREATE TABLE orders (id int PRIMARY KEY)");
        coordinator.execute("SELECT create_distributed_table('orders', 'id', shard_count := 4)");
        old = PostgresServer.copyOf(coordinator);
        String first = "(SELECT nodeid FROM pg_dist_node WHERE nodeport = "
                + cluster.worker(1).port() + ")";
        String second = "(SELECT nodeid FROM pg_dist_node WHERE nodeport = "
                + cluster.worker(2).port() + ")";
        coordinator.execute("SELECT citus_move_shard_placement((SELECT min(shardid) FROM pg_dist_placement JOIN"
                + " pg_dist_node USING (groupid) WHERE nodeid = " + first + "), " + first + ", " + second
                + ", 'block_writes')");
        coordinator.restoreFrom(old);
        coordinator.start();
    }

    @AfterEach
    void endIt() {
        old.close();
        cluster.close();
    }

    @Test
    void byCommandWithTheToken() throws Exception {
        settings.put("ROSTER_API_TOKEN", "s3cret");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitObserving(roster);

            assertThat(told(0, roster, Map.of(), "status"))
                    .contains("Only observing: ", address(cluster.worker(2)) + " knows 1 shard placement")
                    .contains("roster accept-coordinator");
            Map<String, String> token = Map.of("ROSTER_API_TOKEN", "s3cret");
            assertThat(told(1, roster, token, "hold", address(cluster.worker(1))))
                    .contains("The coordinator is older than its workers: ", "To do: ", "roster accept-coordinator");
            assertThat(told(1, roster, Map.of(), "accept-coordinator")).contains("A token is needed");
            assertThat(told(1, roster, Map.of("ROSTER_API_TOKEN", "guess"), "accept-coordinator"))
                    .contains("The token is wrong");
            assertThat(roster.get("/api/v1/status")).contains("Only observing: ");

            assertThat(told(0, roster, token, "accept-coordinator")).contains("Coordinator accepted as it is by ");

            eventually().until(() -> !roster.get("/api/v1/status").contains("Only observing: "));
            assertThat(told(0, roster, token, "hold", address(cluster.worker(1))))
                    .contains("Hold (ordered by ");
            assertThat(told(0, roster, Map.of(), "journal")).contains("Coordinator accepted as it is by ");
            assertThat(told(0, roster, token, "accept-coordinator")).contains("Nothing to accept: ");
        }
    }

    @Test
    void overHttpFromThisMachineAndFromNoPage() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitObserving(roster);

            HttpResponse<String> page = fromAPage(roster);
            assertThat(page.statusCode()).as(page.body()).isEqualTo(403);
            assertThat(page.body()).contains("web page");
            assertThat(roster.get("/api/v1/status")).contains("Only observing: ");

            HttpResponse<String> accepted = roster.send("POST", ACCEPT, "{\"by\":\"operator\"}", "");

            assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
            assertThat(accepted.body()).contains("Coordinator accepted as it is by operator");
            eventually().until(() -> !roster.get("/api/v1/status").contains("Only observing: "));
            assertThat(roster.get("/api/v1/journal")).contains("\"actor\":\"operator\"");
        }
    }

    private static void awaitObserving(RosterProcess roster) {
        eventually().until(() -> roster.get("/api/v1/status").contains("Only observing: "));
    }

    private static HttpResponse<String> fromAPage(RosterProcess roster) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create(roster.server() + ACCEPT))
                            .header("Content-Type", "application/json")
                            .header("Origin", "https://page.example")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private String told(int exitCode, RosterProcess roster, Map<String, String> environment, String... command)
            throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--server", roster.server()));
        try (RosterProcess asked = RosterProcess.start(folder, environment, words.toArray(String[]::new))) {
            assertThat(asked.exitCode()).as(asked.output()).isEqualTo(exitCode);
            return asked.output().replaceAll("\\s+", " ").strip();
        }
    }

    private static String address(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
