package dev.roster.discovery.docker;

import dev.roster.discovery.DurationText;
import dev.roster.discovery.Option;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Every option under {@code roster.docker.}. */
final class DockerOptions {

    static final Option<String> PROJECT = Option.optional(
            "project",
            "the name of a compose project",
            "The compose project whose workers are found. Left out, it is the project of the container that Roster runs in.",
            text -> text(text, "is not a project's name"));

    static final Option<NodeName> NODE_NAME = Option.withDefault(
            "node-name",
            "container",
            "container, hostname or ip",
            "What of a container is registered as the node's name. The labels com.citusdata.host and com.citusdata.port"
                    + " of a container win over it.",
            NodeName::parse);

    static final Option<String> NETWORK = Option.optional(
            "network",
            "the name of a Docker network",
            "The network whose address is registered where node-name is ip. Left out, it is the first by name of the"
                    + " container's networks.",
            text -> text(text, "is not a network's name"));

    static final Option<String> HOST = Option.optional(
            "host",
            "unix:///path/to/docker.sock or tcp://host:port",
            "Where the engine is. Left out, it is DOCKER_HOST, then /var/run/docker.sock, then the socket of a rootless"
                    + " engine, $XDG_RUNTIME_DIR/docker.sock. With DOCKER_TLS_VERIFY set, tcp:// means TLS with the files"
                    + " ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH.",
            text -> {
                EngineAddress.checkScheme(text.strip());
                return text.strip();
            });

    static final Option<Duration> RESYNC = Option.withDefault(
            "resync",
            "30s",
            DurationText.ACCEPTED,
            "How often the containers are listed even if no event was heard.",
            DurationText::parse);

    static final Option<Duration> TIMEOUT = Option.withDefault(
            "timeout",
            "5s",
            DurationText.ACCEPTED,
            "How long the engine may take for one answer before it counts as hanging.",
            DurationText::parse);

    static final Option<String> API_VERSION = Option.optional(
            "api-version",
            "a version like 1.44",
            "The engine API version to ask for, for proxies that want one in the path. Left out, the engine answers in its"
                    + " own newest version.",
            text -> {
                if (!text.strip().matches("\\d+\\.\\d+")) {
                    throw new IllegalArgumentException("is not an API version");
                }
                return text.strip();
            });

    static final Option<Boolean> EXIT_ON_STALE_SOCKET = Option.withDefault(
            "exit-on-stale-socket",
            "true",
            "true or false",
            "Whether Roster ends with an error once the mounted socket file is proven to be left over from before a restart"
                    + " of the engine, so that the container's restart policy mounts the new one.",
            text -> switch (text.strip().toLowerCase(Locale.ROOT)) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("is neither true nor false");
            });

    static final List<Option<?>> ALL =
            List.of(PROJECT, NODE_NAME, NETWORK, HOST, RESYNC, TIMEOUT, API_VERSION, EXIT_ON_STALE_SOCKET);

    private DockerOptions() {}

    private static String text(String text, String fault) {
        if (text.isBlank()) {
            throw new IllegalArgumentException(fault);
        }
        return text.strip();
    }
}
