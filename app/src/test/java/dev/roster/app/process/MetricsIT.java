package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.app.monitoring.MonitoringFiles;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packaged service tells at {@code /q/metrics}, in every mood that a metric is made for. */
class MetricsIT {

    private static final Pattern SERIES = Pattern.compile("(?m)^(roster_[a-z_]+)");
    private static final Pattern METRIC = Pattern.compile("(?m)^# TYPE (roster_[a-z_]+) (\\w+)$");

    @TempDir
    Path folder;

    private final Set<String> series = new TreeSet<>();
    private final Set<String> metrics = new TreeSet<>();
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
    void whatRulesAndDashboardAskForIsToldAndThePageListsAll() throws Exception {
        settings.put("ROSTER_MODE", "observe");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitSeries(roster, "roster_actions_withheld");
        }
        settings.remove("ROSTER_MODE");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
            cluster.coordinator()
                    .execute("SET citus.shard_count = 32; SELECT create_distributed_table('orders', 'id')");

            drain(roster, cluster.worker(1));

            awaitSeries(roster, "roster_drain_moves");
        }

        assertThat(series).containsAll(MonitoringFiles.metricsAskedFor());
        assertThat(MonitoringFiles.metricsDocumented()).isEqualTo(metrics);
    }

    @Test
    void twoWritableCoordinatorsAreToldAsSuchAndNotOnlyAsUnreachable() throws Exception {
        PostgresServer other = cluster.addWorker();
        settings.put("CITUS_HOST", settings.get("CITUS_HOST") + "," + other.host() + ":" + other.port());
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            eventually().until(() -> roster.get("/q/metrics").contains("roster_coordinator_several_writable 1.0"));
            assertThat(roster.get("/q/metrics")).contains("roster_coordinator_reached 0.0");

            other.stop();

            roster.awaitMembers(2);
            assertThat(roster.get("/q/metrics")).contains("roster_coordinator_several_writable 0.0");
        }
    }

    private void awaitSeries(RosterProcess roster, String name) {
        eventually().pollInterval(Duration.ofMillis(50)).until(() -> {
            String told = roster.get("/q/metrics");
            SERIES.matcher(told).results().forEach(found -> series.add(found.group(1)));
            METRIC.matcher(told).results().forEach(found -> metrics.add(name(found.group(1), found.group(2))));
            return series.contains(name);
        });
    }

    /** In the newer text format the name of a counter is that of its series without the ending. */
    private static String name(String told, String type) {
        return type.equals("counter") && !told.endsWith("_total") ? told + "_total" : told;
    }

    private static void drain(RosterProcess roster, PostgresServer worker) throws Exception {
        URI order = URI.create(roster.server() + "/api/v1/workers/" + worker.host() + "%3A" + worker.port() + "/drain");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(order)
                            .header("Content-Type", "application/json")
                            .POST(HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        }
    }
}
