package dev.roster.testkit.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Lines of the engine's event stream. */
final class Events {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Events() {}

    /** A health event as the engine sends it. */
    static String health(Server server, String health, boolean modern) {
        ObjectNode event = JSON.createObjectNode();
        event.put("status", "health_status: " + health);
        event.put("id", server.id());
        event.put("from", "roster-test");
        event.put("Type", "container");
        event.put("Action", "health_status: " + health);
        ObjectNode actor = event.putObject("Actor");
        actor.put("ID", server.id());
        ObjectNode attributes = actor.putObject("Attributes");
        attributes.put("name", server.name());
        server.spec().labels().forEach(attributes::put);
        event.put("scope", "local");
        event.put("time", System.currentTimeMillis() / 1000);
        event.put("timeNano", System.currentTimeMillis() * 1_000_000);
        return modern ? withoutLegacyFields(event.toString()) : event.toString();
    }

    /** The same line without the fields that API 1.52 dropped. */
    static String withoutLegacyFields(String line) {
        try {
            ObjectNode event = (ObjectNode) JSON.readTree(line);
            return event.without(List.of("status", "id", "from")).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the engine sent " + line, e);
        }
    }
}
