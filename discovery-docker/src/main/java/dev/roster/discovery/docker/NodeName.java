package dev.roster.discovery.docker;

import java.util.Locale;

/** What of a container is registered as its node's name, unless the label {@code com.citusdata.host} says otherwise. */
enum NodeName {
    /** The container's name, which the engine's own DNS resolves on every user-defined network. */
    CONTAINER,
    /** The container's host name, as {@code hostname:} sets it. */
    HOSTNAME,
    /** The container's address in one network. */
    IP;

    static NodeName parse(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "container" -> CONTAINER;
            case "hostname" -> HOSTNAME;
            case "ip" -> IP;
            default -> throw new IllegalArgumentException("is not a kind of node name");
        };
    }
}
