package dev.roster.discovery.dns;

import dev.roster.cluster.GroupId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A pattern of names, such as {@code worker{1..20}}: text with ranges ({@code {1..20}}, zero-padded {@code {01..20}}) and
 * lists ({@code {a,b}}), any number of them; {@code {group=1..3}} also gives the Citus group. A trailing dot makes it
 * complete: neither a domain nor the search list is added. What its names are asked for follows from its first labels.
 *
 * @param text the pattern as written, without blanks around and without the port
 * @param segments its parts
 * @param port the PostgreSQL port, where it ends in {@code :port}
 */
record NamePattern(String text, List<Segment> segments, OptionalInt port) {

    /** The most names that all patterns and domains together may make. */
    static final int MAX_NAMES = 10_000;

    /** What is accepted, in words that complete "accepted: ...". */
    static final String ACCEPTED =
            "names with ranges and lists, separated by commas, such as worker{1..20},db{01..09}{a,b}"
                    + " (a range has at most " + PatternReader.MAX_VALUES + " values)";

    /** The names people give workers, all tried where a domain is set and no patterns. */
    static final String DEFAULTS = "worker{1..20},worker-{1..20},citus-worker{1..20},citus-worker-{1..20}";

    private static final Pattern SERVICE = Pattern.compile("_[^.]+\\._tcp\\..+", Pattern.CASE_INSENSITIVE);
    private static final Pattern TASKS = Pattern.compile("tasks\\..+", Pattern.CASE_INSENSITIVE);

    NamePattern {
        segments = List.copyOf(segments);
    }

    /** What the names of a pattern are asked for. */
    enum Kind {
        /** The addresses of each name; the name is the worker. */
        HOST,
        /** SRV records ({@code _service._tcp.}); each target with its port is a worker. */
        SERVICE,
        /** The addresses of {@code tasks.NAME}, Swarm's name for all containers of a service; each address is a worker. */
        TASKS
    }

    /**
     * One name that a pattern makes.
     *
     * @param name the name, spelled as the pattern spells it
     * @param group the group, where the pattern names one
     */
    record Made(String name, Optional<GroupId> group) {}

    /**
     * Reads a list of patterns separated by commas; commas within braces belong to the pattern.
     *
     * @throws IllegalArgumentException if one is no pattern; the words follow the setting's key and value
     */
    static List<NamePattern> parseList(String text) {
        List<NamePattern> patterns = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int at = 0; at <= text.length(); at++) {
            char c = at < text.length() ? text.charAt(at) : ',';
            if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
            } else if (c == ',' && (depth <= 0 || at == text.length())) {
                patterns.add(parse(text.substring(start, at).strip()));
                start = at + 1;
                depth = 0;
            }
        }
        return List.copyOf(patterns);
    }

    private static NamePattern parse(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("has an empty pattern");
        }
        int colon = text.lastIndexOf(':');
        String names = colon < 0 ? text : text.substring(0, colon);
        OptionalInt port = colon < 0 ? OptionalInt.empty() : OptionalInt.of(port(text, text.substring(colon + 1)));
        NamePattern pattern = new NamePattern(names, new PatternReader(names).read(), port);
        if (pattern.size() > MAX_NAMES) {
            throw new IllegalArgumentException(quoted(names) + "which makes " + pattern.size() + " names; at most "
                    + MAX_NAMES + " are looked up");
        }
        pattern.forEach(made -> DomainName.fault(DomainName.withoutTrailingDot(made.name()))
                .ifPresent(fault -> {
                    throw new IllegalArgumentException(
                            quoted(names) + "which makes the name '" + made.name() + "', " + fault);
                }));
        if (port.isPresent() && pattern.kind() == Kind.SERVICE) {
            throw new IllegalArgumentException(
                    quoted(text) + "which has a port; the ports of SRV records are in the records");
        }
        return pattern;
    }

    private static int port(String pattern, String text) {
        if (text.matches("\\d{1,5}")) {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65535) {
                return port;
            }
        }
        throw new IllegalArgumentException(quoted(pattern) + "whose port is not a number from 1 to 65535");
    }

    static String quoted(String pattern) {
        return "has the pattern '" + pattern + "', ";
    }

    /** What its names are asked for. */
    Kind kind() {
        if (SERVICE.matcher(text).matches()) {
            return Kind.SERVICE;
        }
        return TASKS.matcher(text).matches() ? Kind.TASKS : Kind.HOST;
    }

    /** Whether its names are complete as they are. */
    boolean isComplete() {
        return text.endsWith(".");
    }

    /** How many names it makes. */
    long size() {
        long size = 1;
        for (Segment segment : segments) {
            if (segment instanceof Segment.Choice choice) {
                size = Math.min(size * choice.values().size(), Integer.MAX_VALUE);
            }
        }
        return size;
    }

    /** Gives every name, the last range running fastest. */
    void forEach(Consumer<Made> consumer) {
        make(0, "", Optional.empty(), consumer);
    }

    private void make(int at, String prefix, Optional<GroupId> group, Consumer<Made> consumer) {
        if (at == segments.size()) {
            consumer.accept(new Made(prefix, group));
            return;
        }
        switch (segments.get(at)) {
            case Segment.Text part -> make(at + 1, prefix + part.text(), group, consumer);
            case Segment.Choice choice -> {
                for (String value : choice.values()) {
                    Optional<GroupId> named =
                            choice.isGroup() ? Optional.of(new GroupId(Integer.parseInt(value))) : group;
                    make(at + 1, prefix + value, named, consumer);
                }
            }
        }
    }
}
