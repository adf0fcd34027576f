package dev.roster.app.cli;

import java.util.Optional;

/** Puts the lines of a stream of server-sent events together (WHATWG HTML section 9.2.6). Not thread-safe. */
final class EventLines {

    private final StringBuilder data = new StringBuilder();
    private String id = "";
    private String name = "";

    /**
     * What was received.
     *
     * @param id by which the stream goes on after it
     * @param name what kind of event it is
     * @param data JSON in one line
     */
    record Event(String id, String name, String data) {}

    /** The event that this line completes; empty while there is none. */
    Optional<Event> take(String line) {
        if (line.isEmpty()) {
            return complete();
        }
        int colon = line.indexOf(':');
        String field = colon < 0 ? line : line.substring(0, colon);
        String value = colon < 0 ? "" : line.substring(colon + 1);
        value = value.startsWith(" ") ? value.substring(1) : value;
        switch (field) {
            case "id" -> id = value;
            case "event" -> name = value;
            case "data" -> data.append(data.isEmpty() ? "" : "\n").append(value);
            default -> {} // a comment, or a field of a later standard
        }
        return Optional.empty();
    }

    private Optional<Event> complete() {
        Optional<Event> event = data.isEmpty() ? Optional.empty() : Optional.of(new Event(id, name, data.toString()));
        data.setLength(0);
        name = "";
        return event;
    }
}
