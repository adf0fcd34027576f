package dev.roster.app.stream;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.ledger.JournalEntry;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads on in the journal. Used by one thread.
 *
 * <p>Entries are told apart by their numbers. A number may come up after a higher one, since several managers write.
 */
final class JournalReading {

    private final Source source;
    private Set<Long> known = Set.of();
    private boolean begun;

    /**
     * @param source where the journal is
     */
    JournalReading(Source source) {
        this.source = source;
    }

    /** Where the journal is. */
    @FunctionalInterface
    interface Source {

        /** The newest entries, newest first, at most so many. */
        List<JournalEntry> newest(int limit) throws CoordinatorUnavailable;
    }

    /**
     * What was read.
     *
     * @param entries newest first
     * @param continued whether they follow those before with nothing in between
     */
    record Read(List<JournalEntry> entries, boolean continued) {}

    /**
     * Reads what came since the last time.
     *
     * @throws CoordinatorUnavailable if it cannot be read; the next call reads on
     */
    Read read() throws CoordinatorUnavailable {
        List<JournalEntry> newest = source.newest(EventLog.NEWEST);
        if (!begun) {
            return remember(newest, newest, true);
        }
        if (isAnotherJournal(newest)) {
            return remember(newest, newest, false);
        }
        if (newest.size() == EventLog.NEWEST && newest.stream().noneMatch(this::isKnown)) {
            newest = source.newest(EventLog.MOST_ENTRIES);
        }
        boolean continued =
                newest.size() < EventLog.MOST_ENTRIES || newest.stream().anyMatch(this::isKnown);
        long oldest = known.stream().mapToLong(Long::longValue).min().orElse(0);
        return remember(
                newest,
                newest.stream()
                        .filter(entry -> !isKnown(entry) && entry.id() > oldest)
                        .toList(),
                continued);
    }

    private Read remember(List<JournalEntry> newest, List<JournalEntry> fresh, boolean continued) {
        known = newest.stream().map(JournalEntry::id).collect(Collectors.toUnmodifiableSet());
        begun = true;
        return new Read(fresh, continued);
    }

    /** The ledger was lost and began anew, or another coordinator answers. */
    private boolean isAnotherJournal(List<JournalEntry> newest) {
        long highest = newest.stream().mapToLong(JournalEntry::id).max().orElse(0);
        return highest < known.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    private boolean isKnown(JournalEntry entry) {
        return known.contains(entry.id());
    }
}
