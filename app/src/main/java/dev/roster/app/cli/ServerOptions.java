package dev.roster.app.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What all commands that ask the service have in common. */
final class ServerOptions {

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "The service to ask; default: the local one, http://127.0.0.1:8080 (or the port in PORT).")
    private @Nullable String server;

    @Option(names = "--json", description = "Print the service's answer as JSON.")
    private boolean json;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = {
                "What proves that you may; default: ROSTER_API_TOKEN,",
                "the file of ROSTER_API_TOKEN_FILE, or on the machine",
                "of the service its start-up token."
            })
    private @Nullable String token;

    boolean json() {
        return json;
    }

    ServiceClient client() throws CommandFailed {
        String url = server;
        return ServiceClient.of(
                url == null ? local() : url, new CommandToken(Optional.ofNullable(token), System.getenv()));
    }

    private static String local() {
        for (String variable : new String[] {"QUARKUS_HTTP_PORT", "PORT"}) {
            String port = System.getenv(variable);
            if (port != null && port.matches("\\d{1,5}")) {
                return "http://127.0.0.1:" + port;
            }
        }
        return "http://127.0.0.1:8080";
    }
}
