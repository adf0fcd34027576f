package dev.roster.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Asks the service under test over HTTP.
 *
 * @param server where it answers
 */
public record Asking(URI server) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Waits until the service can do its work and the two workers of {@link StandInCluster} are members. */
    public void awaitMembers() {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> get("/q/health/ready").statusCode() == 200
                        && read(get("/api/v1/workers")).findValuesAsText("name").stream()
                                        .filter("member"::equals)
                                        .count()
                                == 2);
    }

    /** What this path answers with 200. */
    public JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return read(answer);
    }

    /** The answer to a GET. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(server.resolve(path)).build());
    }

    /** The answer to a request with this JSON body, the way a program on this machine sends it. */
    public HttpResponse<String> send(String method, String path, String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    /** The answer to this request. */
    public HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    /** A body as JSON. */
    public static JsonNode read(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }
}
