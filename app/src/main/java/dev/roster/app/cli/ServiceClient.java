package dev.roster.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.roster.app.api.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks a running service. */
final class ServiceClient {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Longer than the service itself waits for an order to be judged. */
    private static final Duration ORDER_PATIENCE = Duration.ofSeconds(20);

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
            if (server.getHost() != null && ("http".equals(server.getScheme()) || "https".equals(server.getScheme()))) {
                return new ServiceClient(server, tokens.apply(server));
            }
        } catch (URISyntaxException e) {
            // said below, together with a URL of another kind
        }
        throw new CommandFailed(
                ExitCodes.USAGE, "--server is '" + url + "'; accepted: a URL such as http://127.0.0.1:8080", null);
    }

    /** The body of the answer. */
    String get(String pathAndQuery) throws CommandFailed {
        Answer answer = answer(request(pathAndQuery, PATIENCE).GET().build());
        if (answer.isProblem()) {
            throw failed(read(answer.body(), Problem.class));
        }
        return answer.body();
    }

    /** The answer to a request that changes something, whether it was done or not. */
    Answer send(String method, String path, String json) throws CommandFailed {
        return answer(request(path, ORDER_PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private HttpRequest.Builder request(String pathAndQuery, Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + pathAndQuery))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(patience)
                .header("Accept", "application/json");
        token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
        return request;
    }

    private Answer answer(HttpRequest request) throws CommandFailed {
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            String type = answer.headers().firstValue("Content-Type").orElse("");
            if (type.startsWith(Problem.MEDIA_TYPE)) {
                return new Answer(answer.body(), true);
            }
            if (answer.statusCode() / 100 != 2) {
                throw notRoster(null);
            }
            return new Answer(answer.body(), false);
        } catch (HttpTimeoutException e) {
            throw new CommandFailed(
                    ExitCodes.UNREACHABLE,
                    "Roster at " + server + " does not answer in time; look at 'roster status' before trying again",
                    e);
        } catch (IOException e) {
            throw new CommandFailed(
                    ExitCodes.UNREACHABLE,
                    "No Roster answers at " + server + "; start one with 'roster serve', or name it with --server",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed(ExitCodes.NOT_DONE, "interrupted", e);
        }
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
