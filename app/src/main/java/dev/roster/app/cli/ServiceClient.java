package dev.roster.app.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.roster.app.api.Problem;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Asks a running service. */
final class ServiceClient {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI server;

    private ServiceClient(URI server) {
        this.server = server;
    }

    static ServiceClient of(String url) throws CommandFailed {
        try {
            URI server = new URI(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
            if (server.getHost() != null && ("http".equals(server.getScheme()) || "https".equals(server.getScheme()))) {
                return new ServiceClient(server);
            }
        } catch (URISyntaxException e) {
            // said below, together with a URL of another kind
        }
        throw new CommandFailed(
                ExitCodes.USAGE, "--server is '" + url + "'; accepted: a URL such as http://127.0.0.1:8080", null);
    }

    /** The body of the answer. */
    String get(String pathAndQuery) throws CommandFailed {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + pathAndQuery))
                .timeout(PATIENCE)
                .header("Accept", "application/json")
                .GET()
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw refused(answer);
            }
            return answer.body();
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

    private CommandFailed refused(HttpResponse<String> answer) throws CommandFailed {
        String type = answer.headers().firstValue("Content-Type").orElse("");
        if (!type.startsWith(Problem.MEDIA_TYPE)) {
            return notRoster(null);
        }
        Problem problem = read(answer.body(), Problem.class);
        return new CommandFailed(
                problem.status() == 400 ? ExitCodes.USAGE : ExitCodes.NOT_DONE, problem.detail(), null);
    }

    private CommandFailed notRoster(@Nullable Exception cause) {
        return new CommandFailed(
                ExitCodes.UNREACHABLE,
                "What answers at " + server + " is not this version of Roster; name the right one with --server",
                cause);
    }
}
