package dev.roster.app.stream;

import static dev.roster.app.stream.EventLogTest.entries;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.ledger.JournalEntry;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JournalReadingTest {

    private List<JournalEntry> journal = List.of();
    private int asked;

    private final JournalReading reading = new JournalReading(limit -> {
        asked++;
        return journal.subList(0, Math.min(limit, journal.size()));
    });

    @Test
    void theFirstTimeItReadsTheNewestAndThenWhatCame() throws CoordinatorUnavailable {
        journal = entries(1, 100);
        assertThat(reading.read().entries()).isEqualTo(entries(51, 100));

        journal = entries(1, 103);
        assertThat(reading.read()).isEqualTo(new JournalReading.Read(entries(101, 103), true));
        assertThat(reading.read().entries()).isEmpty();
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void aBurstIsReadWhole() throws CoordinatorUnavailable {
        journal = entries(1, 100);
        reading.read();

        journal = entries(1, 400);

        assertThat(reading.read()).isEqualTo(new JournalReading.Read(entries(101, 400), true));
    }

    @Test
    void aFloodIsNotContinued() throws CoordinatorUnavailable {
        journal = entries(1, 100);
        reading.read();

        journal = entries(1, 10_000);

        assertThat(reading.read()).isEqualTo(new JournalReading.Read(entries(9_001, 10_000), false));
    }

    @Test
    void anEntryThatComesUpAfterALaterOneIsNotMissed() throws CoordinatorUnavailable {
        journal = Stream.concat(entries(7, 7).stream(), entries(1, 5).stream()).toList();
        reading.read();

        journal = entries(1, 7);

        assertThat(reading.read().entries()).isEqualTo(entries(6, 6));
    }

    @Test
    void aLedgerThatBeganAnewIsAnotherJournal() throws CoordinatorUnavailable {
        journal = entries(1, 100);
        reading.read();

        journal = entries(1, 2);

        assertThat(reading.read()).isEqualTo(new JournalReading.Read(entries(1, 2), false));
    }
}
