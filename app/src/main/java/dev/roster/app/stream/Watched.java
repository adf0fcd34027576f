package dev.roster.app.stream;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.ledger.JournalEntry;
import java.util.List;

/** What the feed looks at. Called by the feed's thread alone. */
interface Watched {

    /** A view as it is now, as JSON in one line. Asks nobody. */
    String view(Kind kind);

    /** Journal entries as JSON in one line. */
    String journalText(List<JournalEntry> entries);

    /** How the sources are; equal to an earlier answer if nothing changed that a person would notice. Asks nobody. */
    Object sourceHealth();

    /** Whether it makes sense to read the journal now. */
    boolean coordinatorIsReached();

    /**
     * The newest journal entries, newest first.
     *
     * @throws CoordinatorUnavailable if the coordinator cannot be read
     */
    List<JournalEntry> journal(int limit) throws CoordinatorUnavailable;
}
