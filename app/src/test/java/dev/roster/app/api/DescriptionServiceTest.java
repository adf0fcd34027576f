package dev.roster.app.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request.Method;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.app.engine.RosterEngine;
import dev.roster.app.service.StandInCluster;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The service describes what it answers, and answers what it describes. */
@QuarkusTest
@QuarkusTestResource(StandInCluster.class)
class DescriptionServiceTest {

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
    void theDescriptionIsServedAndValid() throws Exception {
        HttpResponse<String> answer = send("GET", "/q/openapi");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/json"));
        assertThat(Described.by(answer.body())).isNotNull();
    }

    @Test
    void everyEndpointIsDescribedAndNoOther() throws Exception {
        JsonNode description = JSON.readTree(send("GET", "/q/openapi").body());

        assertThat(Described.operations(description))
                .containsExactlyInAnyOrderElementsOf(Endpoint.all().stream()
                        .map(endpoint -> endpoint.method() + " " + endpoint.path())
                        .toList());
    }

    @Test
    void whatIsAnsweredIsAsDescribed() throws Exception {
        OpenApiInteractionValidator described =
                Described.by(send("GET", "/q/openapi").body());
        StandInCluster.giveAWorkerShards();

        for (Endpoint endpoint : Endpoint.all()) {
            if (!endpoint.isStream()) {
                String path = endpoint.path().replace("{name}", "nobody");
                HttpResponse<String> answer = send(endpoint.method(), path);
                int expected = endpoint.method().equals("GET")
                        ? 200
                        : endpoint.otherServer().isPresent()
                                ? 400
                                : path.contains("nobody") ? 404 : path.endsWith("reconcile") ? 202 : 200;

                assertThat(answer.statusCode())
                        .as("%s %s: %s", endpoint.method(), path, answer.body())
                        .isEqualTo(expected);
                assertThat(asDescribed(described, endpoint.method(), path, answer))
                        .isEmpty();
            }
        }
        for (String query :
                List.of("/journal?limit=x", "/journal?limit=2", "/rebalance?preview=true", "/rebalance?preview=7")) {
            HttpResponse<String> answer = send("GET", "/api/v1" + query);
            assertThat(asDescribed(described, "GET", "/api/v1" + query.replaceAll("\\?.*", ""), answer))
                    .isEmpty();
        }
        StandInCluster.dropTheShards();
    }

    @Test
    void whatIsNotThereIsAProblemToo() throws Exception {
        assertThat(send("GET", "/api/v1/nothing").statusCode()).isEqualTo(404);
        assertThat(send("GET", "/api/v1/nothing").body()).contains("\"status\":404", "/q/openapi");
        assertThat(send("DELETE", "/api/v1/status").statusCode()).isEqualTo(405);
        assertThat(send("DELETE", "/api/v1/status").body()).contains("\"status\":405");
    }

    private static List<String> asDescribed(
            OpenApiInteractionValidator described, String method, String path, HttpResponse<String> answer) {
        return described
                .validateResponse(
                        path,
                        Method.valueOf(method),
                        new SimpleResponse.Builder(answer.statusCode())
                                .withContentType(answer.headers()
                                        .firstValue("Content-Type")
                                        .orElse(""))
                                .withBody(answer.body())
                                .build())
                .getMessages()
                .stream()
                .map(message -> method + " " + path + ": " + message + " in " + answer.body())
                .toList();
    }

    private HttpResponse<String> send(String method, String path) throws IOException, InterruptedException {
        HttpRequest.BodyPublisher body =
                method.equals("GET") ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString("{}");
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(server.resolve(path))
                            .header("Content-Type", "application/json")
                            .method(method, body)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
