package dev.roster.app.api;

import dev.roster.ledger.JournalQuery;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the journal's query parameters. */
final class JournalParameters {

    private static final int LONGEST_NODE = 300;

    private JournalParameters() {}

    static JournalQuery query(@Nullable String node, @Nullable String since, @Nullable String limit) {
        return new JournalQuery(node(node), since(since), limit(limit));
    }

    private static Optional<String> node(@Nullable String node) {
        if (node == null) {
            return Optional.empty();
        }
        if (node.isBlank() || node.length() > LONGEST_NODE) {
            throw new BadParameter("node", node, "a node's host or host:port");
        }
        return Optional.of(node.strip());
    }

    private static Optional<Instant> since(@Nullable String since) {
        if (since == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(OffsetDateTime.parse(since).toInstant());
        } catch (DateTimeParseException e) {
            throw new BadParameter("since", since, "a time such as 2026-01-31T12:00:00Z");
        }
    }

    private static int limit(@Nullable String limit) {
        if (limit == null) {
            return JournalView.DEFAULT_LIMIT;
        }
        try {
            int read = Integer.parseInt(limit);
            if (read >= 1 && read <= JournalQuery.MAX_LIMIT) {
                return read;
            }
        } catch (NumberFormatException e) {
            // said below, together with a number out of range
        }
        throw new BadParameter("limit", limit, "a whole number from 1 to " + JournalQuery.MAX_LIMIT);
    }
}
