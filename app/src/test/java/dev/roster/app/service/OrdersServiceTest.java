package dev.roster.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.app.engine.RosterEngine;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person orders over HTTP, from this machine and without a token. */
@QuarkusTest
@QuarkusTestResource(StandInCluster.class)
class OrdersServiceTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // the test framework sets it
    URI server;

    @Inject
    RosterEngine engine;

    private String worker = "";

    @BeforeEach
    void everybodyIsAMember() throws Exception {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> engine.isReady()
                        && json("/api/v1/workers").findValuesAsText("name").stream()
                                        .filter("member"::equals)
                                        .count()
                                == 2);
        worker = json("/api/v1/workers").at("/workers/1/address").asText();
    }

    @Test
    void aHoldStandsUntilItIsCancelled() throws Exception {
        HttpResponse<String> held = send("POST", worker, "hold", "{\"by\":\"operator\"}");
        HttpResponse<String> again = send("POST", worker, "hold", "{\"by\":\"colleague\"}");
        JsonNode order = json("/api/v1/status").at("/orders/0");
        JsonNode orders = json("/api/v1/orders").path("orders");
        HttpResponse<String> drain = send("DELETE", worker, "drain", "{}");
        HttpResponse<String> cancelled = send("DELETE", worker, "hold", "{}");

        assertThat(held.statusCode()).as(held.body()).isEqualTo(202);
        assertThat(JSON.readTree(held.body()).path("answer").asText()).isEqualTo("accepted");
        assertThat(JSON.readTree(held.body()).path("sentence").asText()).contains("Hold", "operator", worker);
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(again.body()).path("answer").asText()).isEqualTo("standing");
        assertThat(order.path("kind").asText()).isEqualTo("hold");
        assertThat(order.path("node").asText()).isEqualTo(worker);
        assertThat(order.path("by").asText()).isEqualTo("operator");
        assertThat(orders).containsExactly(order);
        for (HttpResponse<String> told : List.of(held, again)) {
            JsonNode given = JSON.readTree(told.body()).path("order");
            assertThat(given.path("kind")).isEqualTo(order.path("kind"));
            assertThat(given.path("node")).isEqualTo(order.path("node"));
            assertThat(Instant.parse(given.path("since").asText()))
                    .isCloseTo(Instant.parse(order.path("since").asText()), within(1, ChronoUnit.MILLIS));
        }
        assertThat(JSON.readTree(cancelled.body()).has("order")).isFalse();
        assertThat(drain.statusCode()).isEqualTo(409);
        assertThat(JSON.readTree(drain.body()).path("remedy").asText()).isEqualTo("cancel the hold");
        assertThat(cancelled.statusCode()).isEqualTo(202);
        await().untilAsserted(
                        () -> assertThat(json("/api/v1/status").path("orders")).isEmpty());
        assertThat(send("DELETE", worker, "order", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void anEmptyWorkerIsRemovedKeptOutAndJoinsAgainOnceTheOrderIsCancelled() throws Exception {
        assertThat(send("POST", worker, "remove", "{}").statusCode()).isEqualTo(202);

        await().untilAsserted(() -> assertThat(
                        json("/api/v1/workers").at("/workers/1/situation/name").asText())
                .isEqualTo("unfenced"));
        assertThat(json("/api/v1/nodes").findValuesAsText("address")).doesNotContain(worker);
        assertThat(json("/api/v1/workers").at("/workers/1/orders/0/stage").asText())
                .isEqualTo("done");
        assertThat(send("DELETE", worker, "remove", "{}").statusCode()).isEqualTo(202);

        await().untilAsserted(() ->
                assertThat(json("/api/v1/nodes").findValuesAsText("address")).contains(worker));
    }

    @Test
    void aRemovalThatWouldLoseShardsIsRefusedAndChangesNothing() throws Exception {
        String withShards = StandInCluster.giveAWorkerShards();
        await().untilAsserted(() -> assertThat(json("/api/v1/nodes").toString()).contains("\"soleDistributed\":2"));

        HttpResponse<String> refused = send("POST", withShards, "remove", "{}");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(refused.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(JSON.readTree(refused.body()).path("detail").asText()).contains("only copy");
        assertThat(JSON.readTree(refused.body()).path("remedy").asText()).contains("order a drain");
        assertThat(json("/api/v1/status").path("orders")).isEmpty();
        assertThat(json("/api/v1/nodes").findValuesAsText("address")).contains(withShards);
        StandInCluster.dropTheShards();
    }

    @Test
    void whatADrainWouldDoIsToldWithoutOrderingIt() throws Exception {
        String empty = JSON.readTree(send("POST", worker, "drain/preview", "{}").body())
                .path("sentence")
                .asText();
        String withShards = StandInCluster.giveAWorkerShards();
        await().untilAsserted(() -> assertThat(json("/api/v1/nodes").toString()).contains("\"soleDistributed\":2"));
        JsonNode nodes = json("/api/v1/nodes");

        HttpResponse<String> answer = send("POST", withShards, "drain/preview", "{}");
        JsonNode preview = JSON.readTree(answer.body());

        assertThat(empty).isEqualTo("Nothing hinders it: no shard is on it, so it would be removed at once");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(preview.path("answer").asText()).isEqualTo("accepted");
        assertThat(preview.path("sentence").asText()).contains("2 shards would move");
        assertThat(preview.path("shards").asInt()).isEqualTo(2);
        assertThat(preview.path("bytes").asLong()).isEqualTo(2 * 8192);
        assertThat(preview.path("targets")).hasSize(1);
        assertThat(preview.at("/targets/0/shards").asInt()).isEqualTo(2);
        assertThat(preview.at("/targets/0/node").asText()).isNotEmpty().isNotEqualTo(withShards);
        assertThat(preview.path("alsoFrom")).isEmpty();
        assertThat(json("/api/v1/status").path("orders")).isEmpty();
        assertThat(json("/api/v1/nodes")).isEqualTo(nodes);
        StandInCluster.dropTheShards();
    }

    @Test
    void aServerThatAnswersIsNotReplaced() throws Exception {
        String withShards = StandInCluster.giveAWorkerShards();
        await().untilAsserted(() -> assertThat(json("/api/v1/nodes").toString()).contains("\"soleDistributed\":2"));

        HttpResponse<String> refused =
                send("POST", withShards, "replace", "{\"with\":\"nobody\",\"acceptDataLoss\":true}");
        HttpResponse<String> unnamed = send("POST", withShards, "replace", "{\"acceptDataLoss\":true}");
        HttpResponse<String> unclear =
                send("POST", withShards, "replace", "{\"with\":\"nobody\",\"acceptDataLoss\":\"yes\"}");

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
        assertThat(JSON.readTree(refused.body()).path("detail").asText()).contains("its shards are not lost");
        assertThat(unnamed.statusCode()).as(unnamed.body()).isEqualTo(400);
        assertThat(unclear.statusCode()).as(unclear.body()).isEqualTo(400);
        assertThat(unclear.body()).contains("true or false");
        assertThat(json("/api/v1/status").path("orders")).isEmpty();
        StandInCluster.dropTheShards();
    }

    @Test
    void whatHindersADrainIsToldWithoutOrderingIt() throws Exception {
        assertThat(send("POST", worker, "hold", "{}").statusCode()).isEqualTo(202);

        JsonNode preview = JSON.readTree(send("POST", worker, "drain/preview", "{\"mode\":\"block_writes\"}")
                .body());

        assertThat(preview.path("answer").asText()).isEqualTo("refused");
        assertThat(preview.path("sentence").asText()).contains("Hold", "stands for it");
        assertThat(preview.path("remedy").asText()).isEqualTo("cancel that order first");
        assertThat(preview.path("shards").asInt()).isZero();
        assertThat(send("POST", "nobody", "drain/preview", "{}").statusCode()).isEqualTo(404);
        assertThat(send("DELETE", worker, "hold", "{}").statusCode()).isEqualTo(202);
        await().untilAsserted(
                        () -> assertThat(json("/api/v1/status").path("orders")).isEmpty());
    }

    @Test
    void anUnknownNameIsNotFound() throws Exception {
        HttpResponse<String> answer = send("POST", "nobody", "drain", "{\"mode\":\"block_writes\"}");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(JSON.readTree(answer.body()).path("detail").asText())
                .isEqualTo("No worker or node is called 'nobody'");
    }

    @Test
    void aNameThatSeveralHaveIsRefusedWithTheChoices() throws Exception {
        HttpResponse<String> answer = send("POST", worker.replaceAll(":.*", ""), "hold", "{}");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(JSON.readTree(answer.body()).path("remedy").asText()).contains(worker);
    }

    @Test
    void aPassMayBeAskedFor() throws Exception {
        assertThat(request("POST", "/api/v1/reconcile", "{}").statusCode()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    hold  | []               | the body is '[]'; accepted: a JSON object with the optional fields by
                    hold  | {                | the body is '{'; accepted: a JSON object with the optional fields by
                    hold  | {} {}            | the body is '{} {}'; accepted: a JSON object with the optional fields by
                    hold  | {"bye":"operator"}    | field is 'bye'; accepted: by
                    hold  | {"mode":"auto"}  | field is 'mode'; accepted: by
                    hold  | {"by":7}         | by is '7'; accepted: who orders it, 1 to 100 printable characters
                    hold  | {"by":" "}       | by is ''; accepted: who orders it, 1 to 100 printable characters
                    hold  | {"by":null}      | by is 'null'; accepted: who orders it, 1 to 100 printable characters
                    drain | {"mode":"fast"}  | mode is 'fast'; accepted: auto, force_logical, block_writes
                    follow | {}               | to is ''; accepted: the name of the server to follow to
                    follow | {"to":7}         | to is '7'; accepted: the name of a worker or node
                    drain | {"mode":["a"]}   | mode is '["a"]'; accepted: auto, force_logical, block_writes
                    """)
    void aBodyThatCannotBeReadIsAProblemWithItsReason(String kind, String body, String detail) throws Exception {
        HttpResponse<String> answer = send("POST", worker, kind, body);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("detail").asText()).isEqualTo(detail);
        assertThat(json("/api/v1/status").path("orders")).isEmpty();
    }

    @Test
    void aPageFromAnotherOriginMayNotOrder() throws Exception {
        HttpResponse<String> answer = client(HttpRequest.newBuilder(path(worker, "hold"))
                .header("Content-Type", "application/json")
                .header("Origin", "https://page.example")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(JSON.readTree(answer.body()).path("detail").asText()).contains("web page");
        assertThat(json("/api/v1/status").path("orders")).isEmpty();
    }

    @Test
    void aFormMayNotOrder() throws Exception {
        HttpResponse<String> answer = client(HttpRequest.newBuilder(path(worker, "hold"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());

        assertThat(answer.statusCode()).isEqualTo(415);
    }

    @Test
    void aNameThatWasPointedAtThisMachineMayNotOrder() throws Exception {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.getOutputStream()
                    .write(
                            ("POST /api/v1/reconcile HTTP/1.1\r\nHost: page.example\r\nContent-Type: application/json\r\n"
                                            + "Content-Length: 2\r\nConnection: close\r\n\r\n{}")
                                    .getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();

            assertThat(new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine())
                    .isEqualTo("HTTP/1.1 403 Forbidden");
        }
    }

    private HttpResponse<String> send(String method, String name, String order, String body)
            throws IOException, InterruptedException {
        return request(method, path(name, order).getRawPath(), body);
    }

    private HttpResponse<String> request(String method, String path, String body)
            throws IOException, InterruptedException {
        return client(HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private URI path(String name, String order) {
        return server.resolve("/api/v1/workers/" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/" + order);
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(
                client(HttpRequest.newBuilder(server.resolve(path)).build()).body());
    }

    private static HttpResponse<String> client(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
