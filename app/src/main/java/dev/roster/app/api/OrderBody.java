package dev.roster.app.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.roster.ledger.Intent.TransferMode;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What stands in the body of an order.
 *
 * @param by who gives it
 * @param mode how a drain or a rebalance moves shards
 * @param target the name of the other server, for an order that needs one
 * @param acceptsLoss whether rows may be lost
 */
record OrderBody(String by, TransferMode mode, Optional<String> target, boolean acceptsLoss) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final String DEFAULT_BY = "api";
    private static final int LONGEST_BY = 100;
    private static final int LONGEST_NAME = 300;
    private static final String TO = "to";
    private static final String WITH = "with";
    private static final int LONGEST_SHOWN = 100;
    private static final Set<Integer> UNPRINTABLE = Set.of(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.SURROGATE,
            (int) Character.PRIVATE_USE,
            (int) Character.UNASSIGNED,
            (int) Character.LINE_SEPARATOR,
            (int) Character.PARAGRAPH_SEPARATOR);

    /** Reads the body of an order that has no mode; a blank one says nothing. */
    static OrderBody read(String body) {
        return read(body, List.of("by"));
    }

    /** Reads the body of an order to drain or to rebalance; a blank one says nothing. */
    static OrderBody ofDrain(String body) {
        return read(body, List.of("by", "mode"));
    }

    /** Reads the body of an order to follow, which has to say where. */
    static OrderBody ofFollow(String body) {
        OrderBody said = read(body, List.of("by", TO));
        if (said.target().isEmpty()) {
            throw new BadParameter(TO, "", "the name of the server to follow to");
        }
        return said;
    }

    /** Reads the body of an order to replace, which has to name the other server. */
    static OrderBody ofReplacement(String body) {
        OrderBody said = read(body, List.of("by", WITH, "acceptDataLoss"));
        if (said.target().isEmpty()) {
            throw new BadParameter(WITH, "", "the name of the empty server that takes the place");
        }
        return said;
    }

    private static OrderBody read(String body, List<String> fields) {
        if (body.isBlank()) {
            return new OrderBody(DEFAULT_BY, TransferMode.AUTO, Optional.empty(), false);
        }
        JsonNode object = object(body, fields);
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!fields.contains(name)) {
                throw new BadParameter("field", shown(name), String.join(", ", fields));
            }
        }
        return new OrderBody(
                by(object), mode(object), name(object, TO).or(() -> name(object, WITH)), acceptsLoss(object));
    }

    private static JsonNode object(String body, List<String> fields) {
        try {
            JsonNode object = JSON.readTree(body);
            if (object.isObject()) {
                return object;
            }
        } catch (JsonProcessingException e) {
            // said below, together with JSON that is no object
        }
        throw new BadParameter(
                "the body", shown(body), "a JSON object with the optional fields " + String.join(", ", fields));
    }

    private static String by(JsonNode object) {
        JsonNode by = object.path("by");
        if (by.isMissingNode()) {
            return DEFAULT_BY;
        }
        String text = by.isTextual() ? by.textValue().strip() : "";
        if (text.isEmpty() || text.codePointCount(0, text.length()) > LONGEST_BY || !isPrintable(text)) {
            throw new BadParameter("by", shown(by), "who orders it, 1 to " + LONGEST_BY + " printable characters");
        }
        return text;
    }

    private static Optional<String> name(JsonNode object, String field) {
        JsonNode name = object.path(field);
        if (name.isMissingNode()) {
            return Optional.empty();
        }
        String text = name.isTextual() ? name.textValue().strip() : "";
        if (text.isEmpty() || text.length() > LONGEST_NAME || !isPrintable(text)) {
            throw new BadParameter(field, shown(name), "the name of a worker or node");
        }
        return Optional.of(text);
    }

    private static TransferMode mode(JsonNode object) {
        JsonNode mode = object.path("mode");
        if (mode.isMissingNode()) {
            return TransferMode.AUTO;
        }
        return Stream.of(TransferMode.values())
                .filter(known -> mode.isTextual() && known.word().equals(mode.textValue()))
                .findFirst()
                .orElseThrow(() -> new BadParameter(
                        "mode",
                        shown(mode),
                        Stream.of(TransferMode.values()).map(TransferMode::word).collect(Collectors.joining(", "))));
    }

    private static boolean acceptsLoss(JsonNode object) {
        JsonNode accepts = object.path("acceptDataLoss");
        if (!accepts.isMissingNode() && !accepts.isBoolean()) {
            throw new BadParameter("acceptDataLoss", shown(accepts), "true or false");
        }
        return accepts.asBoolean();
    }

    static boolean isPrintable(String text) {
        return text.codePoints().noneMatch(point -> UNPRINTABLE.contains(Character.getType(point)));
    }

    private static String shown(JsonNode value) {
        return shown(value.isTextual() ? value.textValue() : value.toString());
    }

    static String shown(String text) {
        String plain = text.strip().replaceAll("\\p{Cntrl}", " ");
        return plain.codePointCount(0, plain.length()) <= LONGEST_SHOWN
                ? plain
                : plain.substring(0, plain.offsetByCodePoints(0, LONGEST_SHOWN)) + "...";
    }
}
