package dev.roster.plan;

import java.util.Optional;

/** WAL positions as PostgreSQL writes them ({@code pg_lsn}): two hexadecimal halves of 32 bits. */
final class Lsn {

    private Lsn() {}

    /** How many bytes the first position is behind the second; empty if either is not a position. */
    static Optional<Long> distance(String from, String to) {
        return parse(to).flatMap(end -> parse(from).map(start -> end - start));
    }

    private static Optional<Long> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            long high = Long.parseLong(text.substring(0, slash), 16);
            long low = Long.parseLong(text.substring(slash + 1), 16);
            return Optional.of((high << 32) + low);
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
