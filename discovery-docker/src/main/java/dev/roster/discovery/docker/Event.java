package dev.roster.discovery.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One event of the engine's stream, read from {@code Type}, {@code Action} and {@code Actor} alone: the fields {@code
 * status}, {@code id} and {@code from} beside them exist for containers only and are gone from API 1.52.
 *
 * @param type what it is about, such as {@code container}
 * @param action what happened, such as {@code health_status: healthy}
 * @param actor the container's id
 * @param attributes the container's labels and {@code name}, without a slash
 */
record Event(String type, String action, String actor, Map<String, String> attributes) {

    /** What may change a container's place in the list, its name, or its state. */
    static final List<String> RELEVANT =
            List.of("create", "start", "die", "stop", "destroy", "rename", "pause", "unpause", "health_status");

    static Event of(JsonNode json) {
        Map<String, String> attributes = new TreeMap<>();
        for (Map.Entry<String, JsonNode> attribute :
                json.path("Actor").path("Attributes").properties()) {
            attributes.put(attribute.getKey(), attribute.getValue().asText());
        }
        return new Event(
                json.path("Type").asText(""),
                json.path("Action").asText(""),
                json.path("Actor").path("ID").asText(""),
                Map.copyOf(attributes));
    }

    /** Whether a look is worth it; one-off containers and the exec calls of health checks are not. */
    boolean isRelevant() {
        return type.equals("container")
                && RELEVANT.contains(action.startsWith("health_status") ? "health_status" : action)
                && !Labels.isOneOff(attributes);
    }

    /**
     * Whether a worker's server may be another one now even if the list looks as before. A health event says nothing of the
     * kind, and repeats after each start and unpause.
     */
    boolean mayReplaceServer() {
        return Labels.isWorker(attributes) && !action.startsWith("health_status");
    }

    /** What happened, for the log: {@code worker-3 health_status: healthy}. */
    String inWords() {
        return attributes.getOrDefault("name", Container.shortened(actor)) + " " + action;
    }
}
