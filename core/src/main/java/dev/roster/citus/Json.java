package dev.roster.citus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.roster.cluster.HostPort;
import dev.roster.identity.Identity;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Reading and writing the JSON values in which answers of the coordinator travel. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The value of a text that a server made with its own JSON functions. */
    static JsonNode read(@Nullable String text) {
        if (text == null) {
            return NullNode.getInstance();
        }
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the server answered with something that is not JSON: " + text, e);
        }
    }

    static <T> List<T> list(JsonNode node, String field, Function<JsonNode, T> each) {
        return StreamSupport.stream(node.path(field).spliterator(), false)
                .map(each)
                .toList();
    }

    static Optional<String> text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? Optional.empty() : Optional.of(value.asText());
    }

    static String required(JsonNode node, String field) {
        return text(node, field).orElseThrow(() -> new IllegalStateException("the server's answer lacks " + field));
    }

    /** A {@code timestamptz} as {@code to_json} writes it. */
    static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    static HostPort address(JsonNode node) {
        return new HostPort(required(node, "host"), node.path("port").asInt());
    }

    /** Fields {@code system} and {@code server}; empty if the first is missing. */
    static Optional<Identity> identity(JsonNode node) {
        return text(node, "system")
                .map(system -> new Identity(system, text(node, "server").orElse("")));
    }
}
