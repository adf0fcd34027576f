package dev.roster.app.cli;

import dev.roster.app.access.LocalTokenFile;
import dev.roster.app.access.Loopback;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Finds the token for a service: the one that was given, else that of the environment, else the start-up token of a service on
 * this machine, which is sent nowhere else.
 *
 * @param given what stands on the command line
 * @param environment the variables
 */
record CommandToken(Optional<String> given, Map<String, String> environment)
        implements Function<URI, Optional<String>> {

    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    @Override
    public Optional<String> apply(URI server) {
        return given.or(() -> filled("ROSTER_API_TOKEN"))
                .or(() -> path("ROSTER_API_TOKEN_FILE").flatMap(CommandToken::inFile))
                .map(String::strip)
                .or(() -> startUpToken(server));
    }

    private Optional<String> startUpToken(URI server) {
        String host = server.getHost().replaceAll("[\\[\\]]", "");
        return Loopback.isHost(host)
                ? LocalTokenFile.of(path("ROSTER_API_LOCAL_TOKEN_FILE"), port(server))
                        .read()
                : Optional.empty();
    }

    private static int port(URI server) {
        int port = server.getPort();
        if (port >= 0) {
            return port;
        }
        return "https".equals(server.getScheme()) ? HTTPS : HTTP;
    }

    /** A file that cannot be read is as none: the service then says what it needs. */
    private static Optional<String> inFile(Path path) {
        try {
            return Optional.of(Files.readString(path));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<Path> path(String variable) {
        try {
            return filled(variable).map(text -> Path.of(text.strip()).toAbsolutePath());
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private Optional<String> filled(String variable) {
        return Optional.of(environment.getOrDefault(variable, "")).filter(text -> !text.isBlank());
    }
}
