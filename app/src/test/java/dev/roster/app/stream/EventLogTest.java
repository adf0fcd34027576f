package dev.roster.app.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.ledger.JournalEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventLogTest {

    private static final Kind STATUS = Kind.ALL.get(0);
    private static final Kind WORKERS = Kind.ALL.get(1);

    private final EventLog log = new EventLog(EventLogTest::ids);

    @Test
    void aFullSetHasEveryViewOnceAndTheNewestEntries() {
        log.view(STATUS, "s1", true);
        log.view(WORKERS, "w1", false);
        log.journal(entries(1, 60));

        Reading reading = read(Position.START);

        assertThat(reading.data()).containsExactly("s1", "w1", ids(entries(11, 60)));
        assertThat(reading.numbers()).containsExactly(0L, 0L, 3L);
    }

    @Test
    void whoHasEverythingIsToldNothing() {
        log.view(STATUS, "s1", true);

        Position position = read(Position.START).position();
        log.view(STATUS, "s1", false);

        assertThat(log.after(position)).isEmpty();
    }

    @Test
    void whoWasAwayIsToldTheLatestOfEachViewAndAllEntries() {
        log.view(STATUS, "s1", true);
        log.view(WORKERS, "w1", false);
        Position position = read(Position.START).position();

        log.view(STATUS, "s2", true);
        log.journal(entries(1, 2));
        log.view(STATUS, "s3", true);
        log.journal(entries(3, 3));

        assertThat(read(position).data()).containsExactly("2,1", "s3", "3");
    }

    @Test
    void whatCameUpDuringAFullSetFollowsItOnce() {
        log.view(STATUS, "s1", true);
        log.journal(entries(1, 1));
        EventLog.Step first = log.after(Position.START).orElseThrow();

        log.view(STATUS, "s2", true);
        log.journal(entries(2, 2));

        assertThat(first.event().data()).isEqualTo("s1");
        assertThat(read(first.then()).data()).containsExactly("1", "s2", "2");
    }

    @Test
    void aClientThatReturnsIsContinuedFromItsNumberOnly() {
        log.view(STATUS, "s1", true);

        assertThat(log.resume(1)).contains(new Position.UpTo(1));
        assertThat(log.resume(0)).isEmpty();
        assertThat(log.resume(-1)).isEmpty();
        assertThat(log.resume(2)).isEmpty();
    }

    @Test
    void entriesAreBoundedAndWhoMissedSomeIsToldEverything() {
        log.view(STATUS, "s1", true);
        Position position = read(Position.START).position();

        for (int i = 1; i <= 3 * EventLog.MOST_ENTRIES; i++) {
            log.journal(entries(i, i));
        }

        Reading reading = read(position);
        assertThat(reading.data())
                .containsExactly("s1", ids(entries(3 * EventLog.MOST_ENTRIES - 49, 3 * EventLog.MOST_ENTRIES)));
        assertThat(log.resume(5)).isEmpty();
    }

    @Test
    void anotherJournalIsToldWithEverything() {
        log.view(STATUS, "s1", true);
        log.journal(entries(70, 80));
        Position position = read(Position.START).position();

        log.newJournal();
        log.journal(entries(1, 2));

        assertThat(read(position).data()).containsExactly("s1", "2,1");
    }

    private record Reading(List<String> data, List<Long> numbers, Position position) {}

    private Reading read(Position from) {
        List<String> data = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        Position position = from;
        for (Optional<EventLog.Step> step = log.after(position); step.isPresent(); step = log.after(position)) {
            data.add(step.get().event().data());
            numbers.add(step.get().event().number());
            position = step.get().then();
        }
        return new Reading(data, numbers, position);
    }

    /** Newest first. */
    static List<JournalEntry> entries(long oldest, long newest) {
        return LongStream.rangeClosed(oldest, newest)
                .mapToObj(id -> new JournalEntry(
                        oldest + newest - id, Instant.EPOCH, "roster", "add", Optional.empty(), "done", "added"))
                .toList();
    }

    private static String ids(List<JournalEntry> entries) {
        return entries.stream().map(entry -> Long.toString(entry.id())).collect(Collectors.joining(","));
    }
}
