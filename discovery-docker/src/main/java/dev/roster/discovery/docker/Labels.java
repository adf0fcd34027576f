package dev.roster.discovery.docker;

import java.util.Map;

/** The labels that this source reads. */
final class Labels {

    /** Compose's own label with the project's name. */
    static final String PROJECT = "com.docker.compose.project";
    /** Compose's own label on the containers of {@code compose run}. */
    static final String ONE_OFF = "com.docker.compose.oneoff";
    /** The role, as Citus' compose file sets it; a worker's is {@code Worker}. */
    static final String ROLE = "com.citusdata.role";
    /** The node's name, where it is neither the container's name nor what {@code roster.docker.node-name} says. */
    static final String HOST = "com.citusdata.host";
    /** The node's port. */
    static final String PORT = "com.citusdata.port";
    /** The node's Citus group. */
    static final String GROUP = "com.citusdata.group";

    private Labels() {}

    static boolean isWorker(Map<String, String> labels) {
        return "worker".equalsIgnoreCase(labels.getOrDefault(ROLE, "").strip());
    }

    static boolean isOneOff(Map<String, String> labels) {
        return "true".equalsIgnoreCase(labels.getOrDefault(ONE_OFF, "").strip());
    }
}
