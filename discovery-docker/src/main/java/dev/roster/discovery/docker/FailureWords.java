package dev.roster.discovery.docker;

import dev.roster.discovery.docker.EngineFailure.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Turns what went wrong between Roster and an engine into a sentence with a remedy. */
final class FailureWords {

    private static final int QUOTED_AT_MOST = 300;

    private FailureWords() {}

    /** No whole answer came in time. */
    static EngineFailure hanging(EngineAddress engine, String request, Duration limit) {
        return new EngineFailure("The Docker engine at " + engine + " did not answer GET " + request + " within "
                + inWords(limit) + "; it hangs or is overloaded: see whether docker info answers on its host");
    }

    /** The answer was an HTTP error. */
    static EngineFailure refused(EngineAddress engine, String request, int status, String body) {
        String said = body.isBlank() ? "" : ": " + quoted(body);
        String remedy = switch (status) {
            case 401, 403, 405 ->
                "; a socket proxy in between must allow GET on _ping, version, info, events and containers";
            case 400 -> "; check roster.docker.api-version, and whether this engine wants TLS (DOCKER_TLS_VERIFY)";
            default -> "";
        };
        return new EngineFailure(
                "The Docker engine at " + engine + " answered GET " + request + " with HTTP " + status + said + remedy);
    }

    /** The answer was not what an engine says. */
    static EngineFailure nonsense(EngineAddress engine, String request, IOException cause) {
        return new EngineFailure(
                "The answer of " + engine + " to GET " + request + " was not the JSON of a Docker engine ("
                        + quoted(String.valueOf(cause.getMessage())) + "); check that this is a Docker engine",
                cause);
    }

    /** The connection could not be made, or broke. */
    static EngineFailure broken(EngineAddress engine, String request, Throwable failure) {
        Throwable root = rootOf(failure);
        String words = String.valueOf(root.getMessage());
        if (engine.socket().isPresent()) {
            Path socket = engine.socket().get();
            if (!Files.exists(socket)) {
                return new EngineFailure(
                        "There is no Docker engine socket at " + socket + "; mount it into this container (-v " + socket
                                + ":" + socket + "), start the engine, or set DOCKER_HOST",
                        failure);
            }
            if (contains(words, "permission denied")) {
                return new EngineFailure(
                        "Access to the Docker engine's socket " + socket
                                + " is denied; give this user the socket's group (group_add in compose)",
                        failure);
            }
            if (contains(words, "refused")) {
                return refusing(socket, failure);
            }
        }
        if (concernsTls(failure)) {
            return new EngineFailure(
                    "TLS with the Docker engine at " + engine + " failed (" + quoted(words)
                            + "); check DOCKER_CERT_PATH: ca.pem, cert.pem and key.pem must fit this engine",
                    failure);
        }
        return new EngineFailure(
                "The Docker engine at " + engine + " is not reached by GET " + request + " ("
                        + root.getClass().getSimpleName() + ": " + quoted(words)
                        + "); check that it runs and that DOCKER_HOST is right",
                failure);
    }

    private static EngineFailure refusing(Path socket, Throwable failure) {
        if (isUnlinked(socket)) {
            return new EngineFailure(
                    Kind.STALE_SOCKET,
                    "The socket file " + socket
                            + " mounted into this container is left over from before the Docker engine"
                            + " restarted and will refuse connections for ever; restart this container, and mount the"
                            + " socket's folder instead of the file to be spared next time",
                    failure);
        }
        return new EngineFailure(
                "The Docker engine's socket " + socket + " refuses connections: the engine is down or restarting; if it"
                        + " runs, the mounted file is older than the engine, and this container needs a restart",
                failure);
    }

    /** A bind-mounted file that its host deleted has no link left; whoever looks by path in a folder never meets one. */
    private static boolean isUnlinked(Path socket) {
        try {
            return Files.getAttribute(socket, "unix:nlink") instanceof Integer links && links == 0;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        for (Throwable next = failure.getCause(); next != null && next != root; next = next.getCause()) {
            root = next;
        }
        return root;
    }

    private static boolean concernsTls(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).anyMatch(SSLException.class::isInstance);
    }

    private static boolean contains(String words, String part) {
        return words.toLowerCase(Locale.ROOT).contains(part);
    }

    private static String quoted(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() > QUOTED_AT_MOST ? line.substring(0, QUOTED_AT_MOST) + "..." : line;
    }

    private static String inWords(Duration limit) {
        return limit.toMillis() % 1000 == 0 ? limit.toSeconds() + " s" : limit.toMillis() + " ms";
    }
}
