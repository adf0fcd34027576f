package dev.roster.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceHealthTest {

    private static final Instant CONNECTED = Instant.parse("2026-11-20T12:00:00Z");
    private static final Instant LOOKED = CONNECTED.plusSeconds(600);

    @Test
    void isStaleOnceThreeOfItsOwnLooksCameToNothing() {
        SourceHealth health = connected(Optional.of(LOOKED)).lookingEvery(Duration.ofMinutes(1));

        assertThat(health.staleAfter()).contains(Duration.ofMinutes(3));
        assertThat(health.isStale(LOOKED.plus(Duration.ofMinutes(3)))).isFalse();
        assertThat(health.isStale(LOOKED.plus(Duration.ofMinutes(3)).plusSeconds(1)))
                .isTrue();
    }

    @Test
    void oneThatLooksEverySecondIsGivenHalfAMinuteForASlowLook() {
        SourceHealth health = connected(Optional.of(LOOKED)).lookingEvery(Duration.ofSeconds(1));

        assertThat(health.isStale(LOOKED.plusSeconds(30))).isFalse();
        assertThat(health.isStale(LOOKED.plusSeconds(31))).isTrue();
    }

    @Test
    void oneThatNeverSawEverythingIsMeasuredFromWhenItBegan() {
        SourceHealth health = connected(Optional.empty()).lookingEvery(Duration.ofSeconds(15));

        assertThat(health.isStale(CONNECTED.plusSeconds(45))).isFalse();
        assertThat(health.isStale(CONNECTED.plusSeconds(46))).isTrue();
    }

    @Test
    void oneThatIsAsFreshAsTheMomentItIsAskedIsNeverStale() {
        assertThat(connected(Optional.of(LOOKED)).isStale(LOOKED.plus(Duration.ofDays(1))))
                .isFalse();
    }

    @Test
    void oneThatCannotLookIsAwayAndNotStale() {
        SourceHealth away = new SourceHealth(
                        "dns", Optional.empty(), Optional.empty(), Optional.of(LOOKED), Optional.of("no answer"))
                .lookingEvery(Duration.ofSeconds(15));

        assertThat(away.isStale(LOOKED.plus(Duration.ofDays(1)))).isFalse();
    }

    private static SourceHealth connected(Optional<Instant> lastFullLook) {
        return new SourceHealth("dns", Optional.of(CONNECTED), Optional.empty(), lastFullLook, Optional.empty());
    }
}
