package dev.roster.app.api;

import dev.roster.ledger.JournalQuery;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the journal's query parameters. */
final class JournalParameters {

    private static final int LONGEST_NODE = 300;
    /** What has four digits for its year, as everybody writes it; the database knows no year 0. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private JournalParameters() {}

    static JournalQuery query(
            @Nullable String node, @Nullable String since, @Nullable String before, @Nullable String limit) {
        return new JournalQuery(node(node), since(since), before(before), limit(limit));
    }

    private static Optional<String> node(@Nullable String node) {
        if (node == null) {
            return Optional.empty();
        }
        if (node.isBlank() || node.length() > LONGEST_NODE || !OrderBody.isPrintable(node)) {
            throw new BadParameter("node", OrderBody.shown(node), "a node's host or host:port");
        }
        return Optional.of(node.strip());
    }

    private static Optional<Instant> since(@Nullable String since) {
        if (since == null) {
            return Optional.empty();
        }
        try {
            Instant read = OffsetDateTime.parse(since).toInstant();
            if (!read.isBefore(EARLIEST) && !read.isAfter(LATEST)) {
                return Optional.of(read);
            }
        } catch (DateTimeParseException e) {
            // said below, together with a time out of range
        }
        throw new BadParameter("since", OrderBody.shown(since), "a time such as 2026-01-31T12:00:00Z");
    }

    private static OptionalLong before(@Nullable String before) {
        if (before == null) {
            return OptionalLong.empty();
        }
        try {
            long read = Long.parseLong(before);
            if (read >= 1) {
                return OptionalLong.of(read);
            }
        } catch (NumberFormatException e) {
            // said below, together with a number out of range
        }
        throw new BadParameter("before", OrderBody.shown(before), "the number of an entry, 1 or more");
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
        throw new BadParameter("limit", OrderBody.shown(limit), "a whole number from 1 to " + JournalQuery.MAX_LIMIT);
    }
}
