package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final AtomicLong nanos = new AtomicLong(7);
    private final Pace pace = new Pace(5, Duration.ofMillis(100), nanos::get);

    @Test
    void aSingleEventIsNeverHeldUp() {
        for (int i = 0; i < 20; i++) {
            assertThat(pace.take()).isZero();
            nanos.addAndGet(Duration.ofMillis(100).toNanos());
        }
    }

    @Test
    void aBurstGoesThroughAndAStormIsSlowedToOneLookPerInterval() {
        for (int i = 0; i < 5; i++) {
            assertThat(pace.take()).isZero();
        }

        Duration total = Duration.ZERO;
        for (int i = 0; i < 10; i++) {
            Duration wait = pace.take();
            total = total.plus(wait);
            nanos.addAndGet(wait.toNanos());
        }
        assertThat(total).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void reconnectingDoublesItsWaitUpToALimitForEver() {
        Reconnect reconnect = new Reconnect(new SplittableRandom(1));

        Duration limit = Reconnect.FIRST;
        for (int i = 0; i < 100; i++) {
            assertThat(reconnect.failed(Duration.ZERO)).isBetween(limit.dividedBy(2), limit);
            limit = limit.multipliedBy(2).compareTo(Reconnect.LONGEST) > 0 ? Reconnect.LONGEST : limit.multipliedBy(2);
        }
        assertThat(reconnect.failures()).isEqualTo(100);
    }

    @Test
    void aConnectionThatLivedLongStartsANewCount() {
        Reconnect reconnect = new Reconnect(new SplittableRandom(1));
        for (int i = 0; i < 10; i++) {
            reconnect.failed(Duration.ZERO);
        }

        assertThat(reconnect.failed(Duration.ofMinutes(10))).isLessThanOrEqualTo(Reconnect.FIRST);
    }
}
