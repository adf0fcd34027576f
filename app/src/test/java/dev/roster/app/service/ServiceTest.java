package dev.roster.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.app.engine.RosterEngine;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole service on a real PostgreSQL, asked over HTTP. */
@QuarkusTest
@QuarkusTestResource(StandInCluster.class)
class ServiceTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // the test framework sets it
    URI server;

    @Inject
    RosterEngine engine;

    @BeforeEach
    void everybodyIsAMember() {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> engine.isReady()
                        && engine.latest().orElseThrow().plan().verdicts().stream()
                                        .filter(verdict ->
                                                verdict.situation().name().equals("MEMBER"))
                                        .count()
                                == 2);
    }

    @Test
    void statusTellsEverythingAtOneGlance() throws Exception {
        JsonNode status = json("/api/v1/status");

        assertThat(status.path("ready").asBoolean()).isTrue();
        assertThat(status.path("mode").asText()).isEqualTo("manage");
        assertThat(status.path("version").asText()).isNotEmpty().doesNotContain("$");
        assertThat(status.at("/leadership/leading").asBoolean()).isTrue();
        assertThat(status.at("/coordinator/reached").asBoolean()).isTrue();
        assertThat(status.at("/coordinator/citusVersion").asText()).isNotEmpty();
        assertThat(status.at("/sources/0/source").asText()).isEqualTo("static");
        assertThat(status.at("/sources/0/connected").asBoolean()).isTrue();
        assertThat(status.at("/sources/0/stale").asBoolean(true)).isFalse();
        assertThat(status.at("/counts/workers").asInt()).isEqualTo(2);
        assertThat(status.at("/counts/nodes").asInt()).isEqualTo(2);
        assertThat(status.at("/lastPass/sentence").asText()).isNotEmpty();
        assertThat(Instant.parse(status.at("/lastPass/startedAt").asText())).isBefore(Instant.now());
    }

    @Test
    void workersAndNodesHaveOneStateAndOneSentenceEach() throws Exception {
        JsonNode worker = json("/api/v1/workers").at("/workers/0");
        JsonNode node = json("/api/v1/nodes").at("/nodes/1");

        assertThat(worker.at("/situation/name").asText()).isEqualTo("member");
        assertThat(worker.at("/situation/row").asText()).isEqualTo("17");
        assertThat(worker.path("node").asInt()).isPositive();
        assertThat(worker.path("sentence").asText()).isNotEmpty();
        assertThat(node.path("isactive").asBoolean()).isTrue();
        assertThat(node.path("groupid").asInt()).isPositive();
        assertThat(node.at("/member/origin").asText()).isEqualTo("added");
        assertThat(node.at("/situation/weight").asText()).isEqualTo("calm");
        assertThat(node.path("sentence").asText()).isNotEmpty();
    }

    @Test
    void thePlanOfAConvergedClusterIsEmpty() throws Exception {
        await().untilAsserted(
                        () -> assertThat(json("/api/v1/plan").path("actions")).isEmpty());

        assertThat(json("/api/v1/plan").path("leading").asBoolean()).isTrue();
    }

    @Test
    void theJournalTellsWhoWasAdded() throws Exception {
        JsonNode entries = json("/api/v1/journal").path("entries");

        assertThat(entries.findValuesAsText("action")).contains("add");
        assertThat(entries.findValuesAsText("outcome")).contains("done");
        assertThat(json("/api/v1/journal?limit=1").path("entries")).hasSize(1);
        assertThat(json("/api/v1/journal?since=2999-01-01T00:00:00Z").path("entries"))
                .isEmpty();
        assertThat(json("/api/v1/journal?node=nobody").path("entries")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    limit=0         | limit is '0'; accepted: a whole number from 1 to 1000
                    limit=1001      | limit is '1001'; accepted: a whole number from 1 to 1000
                    limit=many      | limit is 'many'; accepted: a whole number from 1 to 1000
                    since=yesterday | since is 'yesterday'; accepted: a time such as 2026-01-31T12:00:00Z
                    node=%20        | node is ''; accepted: a node's host or host:port
                    node=pg-1%00    | node is 'pg-1 '; accepted: a node's host or host:port
                    since=%2B12000-01-01T00:00:00Z | since is '+12000-01-01T00:00:00Z'; accepted: a time such as 2026-01-31T12:00:00Z
                    before=0        | before is '0'; accepted: the number of an entry, 1 or more
                    """)
    void aParameterThatCannotBeReadIsAProblemWithItsReason(String query, String detail) throws Exception {
        HttpResponse<String> answer = get("/api/v1/journal?" + query);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(JSON.readTree(answer.body()).path("detail").asText()).isEqualTo(detail);
    }

    @ParameterizedTest
    @CsvSource({"/q/health/live", "/q/health/ready", "/q/health/started"})
    void everyHealthCheckIsUp(String path) throws Exception {
        HttpResponse<String> answer = get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(answer.body()).path("status").asText()).isEqualTo("UP");
    }

    @Test
    void metricsHaveTheirNames() throws Exception {
        assertThat(get("/q/metrics").body())
                .contains("roster_leader 1.0", "roster_coordinator_reached 1.0")
                .contains("roster_workers{state=\"member\",weight=\"calm\"} 2.0")
                .contains("roster_actions_total{kind=\"add\",outcome=\"done\"}")
                .contains("roster_join_seconds_count ", "roster_join_seconds_bucket{le=\"1.0\"}")
                .contains("roster_passes_seconds_count{result=\"clean\"}")
                .contains(
                        "roster_source_age_seconds{source=\"static\"}",
                        "roster_source_stale{source=\"static\"} 0.0",
                        "roster_source_connected{source=\"static\"} 1.0")
                .containsPattern("roster_node_placements\\{kind=\"distributed\",node=\"[^\"]+\"}");
    }

    @Test
    void theReadyFileIsThere() {
        assertThat(engine.settings().readyFile())
                .hasValueSatisfying(file -> assertThat(Files.exists(file)).isTrue());
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(server.resolve(path)).build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
