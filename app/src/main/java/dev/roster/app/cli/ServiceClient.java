package dev.roster.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.roster.app.api.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Asks a running service. */
final class ServiceClient {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Longer than the service itself waits for an order to be judged. */
    private static final Duration ORDER_PATIENCE = Duration.ofSeconds(20);

    private static final int HTTP_OK = 200;
    private static final int HIGHEST_PORT = 65_535;
    private static final int DELETE = 0x7f;
    private static final int LONGEST_PROBLEM = 100_000;

    private final URI server;
    private final Optional<String> token;

    private ServiceClient(URI server, Optional<String> token) {
        this.server = server;
        this.token = token;
    }

    /**
     * What the service answered.
     *
     * @param body the text
     * @param isProblem whether it tells of a failure
     */
    record Answer(String body, boolean isProblem) {}

    static ServiceClient of(String url, Function<URI, Optional<String>> tokens) throws CommandFailed {
        try {
            URI server = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            if (server.getHost() != null
                    && ("http".equals(server.getScheme()) || "https".equals(server.getScheme()))
                    && server.getPort() <= HIGHEST_PORT
                    && server.getQuery() == null
                    && server.getFragment() == null) {
                return new ServiceClient(server, sendable(tokens.apply(server)));
            }
        } catch (URISyntaxException e) {
            // said below, together with a URL of another kind
        }
        throw new CommandFailed(
                ExitCodes.USAGE, "--server is '" + url + "'; accepted: a URL such as http://127.0.0.1:8080", null);
    }

    private static Optional<String> sendable(Optional<String> token) throws CommandFailed {
        if (token.filter(text -> !text.chars().allMatch(character -> character > ' ' && character < DELETE))
                .isPresent()) {
            throw new CommandFailed(
                    ExitCodes.USAGE,
                    "The token holds a character that no token has; accepted: visible ASCII characters",
                    null);
        }
        return token;
    }

    /** The body of the answer. */
    String get(String pathAndQuery) throws CommandFailed {
        Answer answer = answer(request(pathAndQuery).timeout(PATIENCE).GET().build());
        if (answer.isProblem()) {
            throw failed(read(answer.body(), Problem.class));
        }
        return answer.body();
    }

    /**
     * Listens to the service's stream until the process is ended, or nobody reads what is told; returns the exit code.
     *
     * @param teller tells what comes, and is closed at the end
     */
    int listen(EventTeller teller) throws CommandFailed {
        try (teller;
                AtInterrupt _ = new AtInterrupt(teller::close)) {
            new Listening(this::stream, teller, Thread::sleep, RandomGenerator.getDefault()).run();
            return ExitCodes.DONE;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private EventStream stream(Optional<String> lastEventId) throws CommandFailed, InterruptedException {
        HttpRequest.Builder request = request("/api/v1/stream").setHeader("Accept", "text/event-stream, */*;q=0.5");
        lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
        HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        HttpResponse<InputStream> answer;
        try {
            answer = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream())
                    .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            client.shutdownNow();
            throw nobody(e);
        } catch (TimeoutException e) {
            client.shutdownNow();
            throw late(e);
        }
        if (answer.statusCode() == HTTP_OK) {
            return new EventStream(client, answer);
        }
        try (client;
                InputStream body = answer.body()) {
            throw isProblem(answer)
                    ? failed(read(new String(body.readNBytes(LONGEST_PROBLEM), StandardCharsets.UTF_8), Problem.class))
                    : notRoster(null);
        } catch (IOException e) {
            throw nobody(e);
        }
    }

    /** The answer to a request that changes something, whether it was done or not. */
    Answer send(String method, String path, String json) throws CommandFailed {
        return answer(request(path)
                .timeout(ORDER_PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + pathAndQuery))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Accept", "application/json");
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    private Answer answer(HttpRequest request) throws CommandFailed {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (isProblem(answer)) {
                return new Answer(answer.body(), true);
            }
            if (answer.statusCode() / 100 != 2) {
                throw notRoster(null);
            }
            return new Answer(answer.body(), false);
        } catch (HttpTimeoutException e) {
            throw late(e);
        } catch (IOException e) {
            throw nobody(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private static boolean isProblem(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith(Problem.MEDIA_TYPE))
                .isPresent();
    }

    private CommandFailed late(Exception cause) {
        return new CommandFailed(
                ExitCodes.UNREACHABLE,
                "Roster at " + server + " does not answer in time; look at 'roster status' before trying again",
                cause);
    }

    private CommandFailed nobody(Exception cause) {
        return new CommandFailed(
                ExitCodes.UNREACHABLE,
                "No Roster answers at " + server + "; start one with 'roster serve', or name it with --server",
                cause);
    }

    private static CommandFailed interrupted(InterruptedException cause) {
        return new CommandFailed(ExitCodes.NOT_DONE, "interrupted", cause);
    }

    /** The answer as a value. */
    <T> T read(String body, Class<T> type) throws CommandFailed {
        try {
            return Json.value(body, type);
        } catch (JsonProcessingException e) {
            throw notRoster(e);
        }
    }

    /** What a problem means to whoever gave the command. */
    static CommandFailed failed(Problem problem) {
        String remedy = problem.remedy().map(text -> "\nTo do: " + text).orElse("");
        return new CommandFailed(exitCode(problem), problem.detail() + remedy, null);
    }

    static int exitCode(Problem problem) {
        return switch (problem.status()) {
            case 400 -> ExitCodes.USAGE;
            case 503 -> ExitCodes.UNREACHABLE;
            default -> ExitCodes.NOT_DONE;
        };
    }

    private CommandFailed notRoster(@Nullable Exception cause) {
        return new CommandFailed(
                ExitCodes.UNREACHABLE,
                "What answers at " + server + " is not this version of Roster; name the right one with --server",
                cause);
    }
}
