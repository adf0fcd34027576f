package dev.roster.app.api;

import dev.roster.ledger.JournalEntry;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /api/v1/journal}: every change and refusal, newest first.
 *
 * @param entries the lines
 */
@RegisterForReflection
public record JournalView(List<Entry> entries) {

    /** How many lines there are at most, if nothing else is asked for. */
    public static final int DEFAULT_LIMIT = 100;

    /**
     * One line.
     *
     * @param id increasing number
     * @param at when
     * @param actor who
     * @param action the kind of action
     * @param node the address concerned
     * @param outcome {@code done}, {@code refused} or {@code noted}
     * @param sentence what happened and why
     */
    @RegisterForReflection
    public record Entry(
            long id, Instant at, String actor, String action, Optional<String> node, String outcome, String sentence) {}

    /** The lines of these entries, in their order. */
    public static JournalView of(List<JournalEntry> entries) {
        return new JournalView(entries.stream()
                .map(entry -> new Entry(
                        entry.id(),
                        entry.at(),
                        entry.actor(),
                        entry.action(),
                        entry.node(),
                        entry.outcome(),
                        entry.sentence()))
                .toList());
    }
}
