package dev.roster.discovery.docker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Entries of a container list and events, as an engine of version 20.10 writes them. */
final class Entries {

    static final String PROJECT = "shop";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Entries() {}

    /** A made-up id that is the same for the same seed. */
    static String id(String seed) {
        return String.format("%016x", 0x9E3779B97F4A7C15L * (seed.hashCode() + 1L))
                .repeat(4);
    }

    static Map<String, String> worker(String... more) {
        Map<String, String> labels = new HashMap<>(Map.of(Labels.PROJECT, PROJECT, Labels.ROLE, "Worker"));
        for (int i = 0; i < more.length; i += 2) {
            labels.put(more[i], more[i + 1]);
        }
        return labels;
    }

    static String healthy(String name) {
        return entry(name, "running", "Up 5 minutes (healthy)", worker());
    }

    static String entry(String name, String state, String status, Map<String, String> labels) {
        return entry(id(name), name, state, status, labels, Map.of());
    }

    static String entry(
            String id,
            String name,
            String state,
            String status,
            Map<String, String> labels,
            Map<String, String> addresses) {
        ObjectNode entry =
                JSON.createObjectNode().put("Id", id).put("State", state).put("Status", status);
        entry.putArray("Names").add("/" + name);
        labels.forEach(entry.putObject("Labels")::put);
        ObjectNode networks = entry.putObject("NetworkSettings").putObject("Networks");
        addresses.forEach((network, address) -> networks.putObject(network).put("IPAddress", address));
        return entry.toString();
    }

    /** An event with the fields beside Type, Action and Actor that engines before 29 send. */
    static String event(String action, String id, String name, Map<String, String> labels) {
        ObjectNode event =
                JSON.createObjectNode().put("status", action).put("id", id).put("from", "image");
        event.setAll(bare(action, id, name, labels));
        return event.toString();
    }

    /** An event without them. */
    static ObjectNode bare(String action, String id, String name, Map<String, String> labels) {
        ObjectNode event = JSON.createObjectNode().put("Type", "container").put("Action", action);
        ObjectNode attributes =
                event.putObject("Actor").put("ID", id).putObject("Attributes").put("name", name);
        labels.forEach(attributes::put);
        return event;
    }

    static Container container(String entry) {
        try {
            return Container.of(JSON.readTree(entry));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static List<Container> containers(String... entries) {
        return List.of(entries).stream().map(Entries::container).toList();
    }
}
