package dev.roster.app.stream;

import dev.roster.ledger.JournalEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What there is to tell: the latest of each view and the newest journal entries, numbered in the order in which they came up.
 * Older views are nobody's concern, and older entries are read by {@code GET /api/v1/journal}; a client that missed some that
 * are gone from here is sent everything anew. Not thread-safe.
 */
final class EventLog {

    /** The journal entries of a full set. */
    static final int NEWEST = 50;

    /** The most journal entries that are kept. */
    static final int MOST_ENTRIES = 1000;

    private static final String JOURNAL = "journal";

    private final Function<List<JournalEntry>, String> journalText;
    private final Map<Kind, StreamEvent.Told> views = new LinkedHashMap<>();
    private final Deque<Batch> journal = new ArrayDeque<>();
    private int entries;
    private long head;
    private long floor;

    /** Entries that were read together, newest first. */
    private record Batch(StreamEvent.Told event, List<JournalEntry> entries) {}

    /**
     * An event for one client.
     *
     * @param event the event
     * @param then where the client stands once it has it
     */
    record Step(StreamEvent.Told event, Position then) {}

    /**
     * @param journalText writes journal entries
     */
    EventLog(Function<List<JournalEntry>, String> journalText) {
        this.journalText = journalText;
    }

    /** Takes in a view, unless it reads as before and is only told when it changed. */
    void view(Kind kind, String text, boolean evenIfSame) {
        StreamEvent.Told before = views.get(kind);
        if (evenIfSame || before == null || !before.data().equals(text)) {
            views.put(kind, new StreamEvent.Told(++head, kind.word(), text));
        }
    }

    /** Takes in journal entries that follow those it has, newest first. */
    void journal(List<JournalEntry> fresh) {
        if (fresh.isEmpty()) {
            return;
        }
        journal.addLast(new Batch(new StreamEvent.Told(++head, JOURNAL, journalText.apply(fresh)), fresh));
        entries += fresh.size();
        while (entries > MOST_ENTRIES && journal.size() > 1) {
            Batch oldest = journal.removeFirst();
            entries -= oldest.entries().size();
            floor = oldest.event().number();
        }
    }

    /** Forgets the entries it has, since those that follow do not continue them; every client is sent everything anew. */
    void newJournal() {
        journal.clear();
        entries = 0;
        floor = ++head;
    }

    /** Where a client stands that has everything up to this number; empty if it cannot be continued from there. */
    Optional<Position> resume(long number) {
        return number > 0 && number >= floor && number <= head
                ? Optional.of(new Position.UpTo(number))
                : Optional.empty();
    }

    /** What a client at this position is told next; empty if it has everything. */
    Optional<Step> after(Position position) {
        return switch (position) {
            case Position.UpTo(long number) when number < floor -> after(Position.START);
            case Position.UpTo(long number) -> next(number).map(event -> new Step(event, upTo(event)));
            case Position.FullSet(int sent, long began) -> Optional.of(ofFullSet(sent, sent == 0 ? head : began));
        };
    }

    private Optional<StreamEvent.Told> next(long number) {
        return Stream.concat(views.values().stream(), journal.stream().map(Batch::event))
                .filter(event -> event.number() > number)
                .min((one, other) -> Long.compare(one.number(), other.number()));
    }

    private Step ofFullSet(int sent, long began) {
        if (sent < views.size()) {
            StreamEvent.Told view = List.copyOf(views.values()).get(sent);
            return new Step(new StreamEvent.Told(0, view.name(), view.data()), new Position.FullSet(sent + 1, began));
        }
        StreamEvent.Told newest = new StreamEvent.Told(began, JOURNAL, journalText.apply(newest(began)));
        return new Step(newest, upTo(newest));
    }

    /** The newest entries that came up until this number; later ones follow on their own. */
    private List<JournalEntry> newest(long until) {
        List<JournalEntry> newest = new ArrayList<>();
        journal.descendingIterator().forEachRemaining(batch -> {
            if (batch.event().number() <= until) {
                newest.addAll(batch.entries());
            }
        });
        return newest.subList(0, Math.min(NEWEST, newest.size()));
    }

    private static Position upTo(StreamEvent.Told event) {
        return new Position.UpTo(event.number());
    }
}
