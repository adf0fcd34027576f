package dev.roster.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinceConverterTest {

    private static final SinceConverter CONVERTER =
            new SinceConverter(InstantSource.fixed(Instant.parse("2026-01-31T12:00:00Z")));

    @ParameterizedTest
    @CsvSource({
        "2h, 2026-01-31T10:00:00Z",
        "30m, 2026-01-31T11:30:00Z",
        "2d, 2026-01-29T12:00:00Z",
        "2026-01-30T01:02:03Z, 2026-01-30T01:02:03Z",
        "2026-01-30T01:02:03+01:00, 2026-01-30T00:02:03Z"
    })
    void aTimeIsReadAsSuchOrAsHowLongAgoItWas(String text, Instant time) {
        assertThat(CONVERTER.convert(text)).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yesterday", "-2h", "0s", "2026-01-30", "2 h ago"})
    void whatIsNoTimeIsNamedWithWhatIs(String text) {
        assertThatThrownBy(() -> CONVERTER.convert(text))
                .hasMessage(
                        "is '" + text + "'; accepted: a duration such as 500ms, 30s, 5m, 1h or 2d, or a time such as"
                                + " 2026-01-31T12:00:00Z");
    }

    @Test
    void aDurationLongerThanAnyJournalIsAllOfIt() {
        assertThat(CONVERTER.convert("999999999d")).isEqualTo(Instant.EPOCH);
    }
}
