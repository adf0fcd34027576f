package dev.roster.ledger;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which part of the journal to read.
 *
 * @param node only entries about this address or its host, ignoring case
 * @param since only entries at or after this instant
 * @param before only entries with a smaller number than this: what follows a page is read with the last number on it
 * @param limit at most so many, 1 to {@value #MAX_LIMIT}, newest first
 */
public record JournalQuery(Optional<String> node, Optional<Instant> since, OptionalLong before, int limit) {

    /** The most entries one query returns. */
    public static final int MAX_LIMIT = 1000;

    public JournalQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit is " + limit + "; accepted: 1 to " + MAX_LIMIT);
        }
    }

    /** The newest entries. */
    public JournalQuery(Optional<String> node, Optional<Instant> since, int limit) {
        this(node, since, OptionalLong.empty(), limit);
    }
}
