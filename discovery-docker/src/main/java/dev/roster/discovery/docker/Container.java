package dev.roster.discovery.docker;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.discovery.WorkerHealth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of the engine's container list.
 *
 * @param id 64 hex digits: the only name of a container that never changes
 * @param name its name at the time of the list, without the leading slash
 * @param state the engine's word for its state
 * @param status the engine's sentence on its state, such as {@code Up 3 seconds (health: starting)}
 * @param healthCheck the health check's last word where the list has a field for it (API 1.52 and later); may be empty
 * @param labels all labels
 * @param addresses its IP address in each network in which it has one
 */
record Container(
        String id,
        String name,
        String state,
        String status,
        String healthCheck,
        Map<String, String> labels,
        SortedMap<String, String> addresses) {

    /**
     * The name that compose gives for a while when it recreates a container: version 1 renames the old one, version 2 makes
     * the new one under it. Either way 12 hex digits of the old one's id stand before the true name.
     */
    private static final Pattern RECREATED = Pattern.compile("[0-9a-f]{12}_(.+)");

    private static final int SHORT_ID = 12;

    static Container of(JsonNode entry) {
        Map<String, String> labels = new TreeMap<>();
        for (Map.Entry<String, JsonNode> label : entry.path("Labels").properties()) {
            labels.put(label.getKey(), label.getValue().asText());
        }
        SortedMap<String, String> addresses = new TreeMap<>();
        for (Map.Entry<String, JsonNode> network :
                entry.path("NetworkSettings").path("Networks").properties()) {
            String four = network.getValue().path("IPAddress").asText("");
            String six = network.getValue().path("GlobalIPv6Address").asText("");
            if (!four.isBlank() || !six.isBlank()) {
                addresses.put(network.getKey(), four.isBlank() ? six : four);
            }
        }
        String id = entry.path("Id").asText("");
        return new Container(
                id,
                nameOf(entry.path("Names"), id),
                entry.path("State").asText(""),
                entry.path("Status").asText(""),
                entry.path("Health").path("Status").asText(""),
                Map.copyOf(labels),
                addresses);
    }

    /** Legacy links add names of the form {@code /other/alias}; its own has one slash. */
    private static String nameOf(JsonNode names, String id) {
        ArrayList<String> own = new ArrayList<>();
        for (JsonNode name : names) {
            String text = name.asText("");
            own.add(text.startsWith("/") ? text.substring(1) : text);
        }
        return own.stream()
                .filter(name -> !name.isBlank())
                .min(Comparator.comparing((String name) -> name.contains("/")).thenComparing(name -> name))
                .orElse(shortened(id));
    }

    static String shortened(String id) {
        return id.substring(0, Math.min(SHORT_ID, id.length()));
    }

    boolean isWorker() {
        return Labels.isWorker(labels);
    }

    boolean isOneOff() {
        return Labels.isOneOff(labels);
    }

    /** The true name behind a temporary one; empty if the name is no temporary one. */
    Optional<String> recreatedName() {
        Matcher matcher = RECREATED.matcher(name);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    WorkerHealth health() {
        return switch (state) {
            case "running" -> healthCheck.isEmpty() ? healthInStatus() : healthByField();
            case "created" -> WorkerHealth.STARTING;
            case "restarting" -> WorkerHealth.RESTARTING;
            case "paused" -> WorkerHealth.PAUSED;
            default -> WorkerHealth.STOPPED;
        };
    }

    private WorkerHealth healthByField() {
        return switch (healthCheck) {
            case "starting" -> WorkerHealth.STARTING;
            case "unhealthy" -> WorkerHealth.UNHEALTHY;
            default -> WorkerHealth.READY;
        };
    }

    private WorkerHealth healthInStatus() {
        if (status.contains("(health: starting)")) {
            return WorkerHealth.STARTING;
        }
        return status.contains("(unhealthy)") ? WorkerHealth.UNHEALTHY : WorkerHealth.READY;
    }
}
