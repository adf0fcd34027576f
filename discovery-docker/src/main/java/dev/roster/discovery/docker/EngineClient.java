package dev.roster.discovery.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.core.LocalDirectorySSLConfig;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient;
import com.github.dockerjava.transport.DockerHttpClient.Request;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import com.github.dockerjava.transport.SSLConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection's worth of questions to a Docker engine: GET requests only, each with a deadline. Made anew after each
 * loss, so that no pooled connection outlives the engine it led to. Thread-safe.
 */
final class EngineClient implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NOT_FOUND = 404;
    private static final int ERROR_BYTES = 2048;

    private final EngineAddress engine;
    private final Duration limit;
    private final String prefix;
    private final DockerHttpClient http;

    private EngineClient(EngineAddress engine, Duration limit, String prefix, DockerHttpClient http) {
        this.engine = engine;
        this.limit = limit;
        this.prefix = prefix;
        this.http = http;
    }

    /**
     * Prepares to ask; nothing is sent yet.
     *
     * @throws EngineFailure if the files for TLS cannot be used
     */
    static EngineClient of(EngineAddress engine, Duration limit, Optional<String> apiVersion) throws EngineFailure {
        SSLConfig tls = engine.certificates().isPresent()
                ? tls(engine, engine.certificates().get())
                : null;
        try {
            DockerHttpClient http = new ApacheDockerHttpClient.Builder()
                    .dockerHost(engine.uri())
                    .sslConfig(tls)
                    .connectionTimeout(limit)
                    .build();
            return new EngineClient(
                    engine, limit, apiVersion.map(version -> "/v" + version).orElse(""), http);
        } catch (RuntimeException e) {
            throw new EngineFailure(
                    "TLS with the Docker engine at " + engine + " cannot be used (" + e.getMessage()
                            + "); check ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH",
                    e);
        }
    }

    private static SSLConfig tls(EngineAddress engine, Path folder) throws EngineFailure {
        for (String file : List.of("ca.pem", "cert.pem", "key.pem")) {
            // docker-java would fall back to a connection without TLS.
            if (!Files.isReadable(folder.resolve(file))) {
                throw new EngineFailure("TLS with the Docker engine at " + engine + " needs " + folder.resolve(file)
                        + ", which cannot be read; set DOCKER_CERT_PATH to the folder of ca.pem, cert.pem and key.pem");
            }
        }
        return new LocalDirectorySSLConfig(folder.toString());
    }

    /** The engine's own id, which stays the same as long as its data folder does. */
    String engineId() throws EngineFailure, InterruptedException {
        JsonNode info = get("/info");
        String id = info.path("ID").asText("");
        return id.isBlank() ? info.path("Name").asText("unnamed") : id;
    }

    /** What inspect says of a container; empty if there is none of that id or name. */
    Optional<JsonNode> inspect(String idOrName) throws EngineFailure, InterruptedException {
        String path = "/containers/" + encoded(idOrName) + "/json";
        Answer answer = ask(path);
        if (answer.status == NOT_FOUND) {
            return Optional.empty();
        }
        return Optional.of(required(path, answer));
    }

    /** Every container of a project, in any state. */
    List<Container> containers(String project) throws EngineFailure, InterruptedException {
        String path =
                "/containers/json?all=1&filters=" + filters(Map.of("label", List.of(Labels.PROJECT + "=" + project)));
        JsonNode list = get(path);
        if (!list.isArray()) {
            throw FailureWords.nonsense(engine, path, new IOException("not a list"));
        }
        List<Container> containers = new ArrayList<>();
        for (JsonNode entry : list) {
            Container container = Container.of(entry);
            if (container.id().isBlank()) {
                throw FailureWords.nonsense(engine, path, new IOException("an entry without an id"));
            }
            if (project.equals(container.labels().get(Labels.PROJECT))) {
                containers.add(container);
            }
        }
        return containers;
    }

    /** Subscribes to a project's container events; returns when the engine has sent the head of its answer. */
    EventFeed events(String project) throws EngineFailure, InterruptedException {
        String path = "/events?filters="
                + filters(Map.of(
                        "type",
                        List.of("container"),
                        "event",
                        Event.RELEVANT,
                        "label",
                        List.of(Labels.PROJECT + "=" + project)));
        Response response = bounded(path, () -> execute(path));
        if (response.getStatusCode() != 200) {
            try (response) {
                String body = bounded(path, () -> errorBody(response));
                throw FailureWords.refused(engine, named(path), response.getStatusCode(), body);
            }
        }
        return new EventFeed(engine, response, JSON);
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException | RuntimeException e) {
            // Whatever a connection says while it is thrown away helps nobody.
        }
    }

    private JsonNode get(String path) throws EngineFailure, InterruptedException {
        return required(path, ask(path));
    }

    private JsonNode required(String path, Answer answer) throws EngineFailure {
        if (answer.status != 200 || answer.json == null) {
            throw FailureWords.refused(engine, named(path), answer.status, answer.error);
        }
        return answer.json;
    }

    private Answer ask(String path) throws EngineFailure, InterruptedException {
        return bounded(path, () -> {
            try (Response response = execute(path)) {
                if (response.getStatusCode() != 200) {
                    return new Answer(response.getStatusCode(), null, errorBody(response));
                }
                try (InputStream body = response.getBody()) {
                    return new Answer(200, JSON.readTree(body), "");
                }
            }
        });
    }

    private Response execute(String path) {
        return http.execute(
                Request.builder().method(Request.Method.GET).path(prefix + path).build());
    }

    private static String errorBody(Response response) throws IOException {
        try (InputStream body = response.getBody()) {
            String text = new String(body.readNBytes(ERROR_BYTES), StandardCharsets.UTF_8);
            try {
                return JSON.readTree(text).path("message").asText(text);
            } catch (JsonProcessingException e) {
                return text;
            }
        }
    }

    private <T> T bounded(String path, Callable<T> call) throws EngineFailure, InterruptedException {
        try {
            return Deadline.within(limit, call);
        } catch (TimeoutException e) {
            throw FailureWords.hanging(engine, named(path), limit);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw cause instanceof JsonProcessingException garbage
                    ? FailureWords.nonsense(engine, named(path), garbage)
                    : FailureWords.broken(engine, named(path), cause);
        }
    }

    private static String named(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private static String filters(Map<String, List<String>> filters) {
        try {
            return encoded(JSON.writeValueAsString(filters));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts has a JSON form", e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private record Answer(int status, @Nullable JsonNode json, String error) {}
}
