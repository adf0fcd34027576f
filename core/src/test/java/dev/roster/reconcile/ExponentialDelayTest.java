package dev.roster.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ExponentialDelayTest {

    private static final ExponentialDelay DELAY = new ExponentialDelay(Duration.ofSeconds(1), Duration.ofSeconds(60));

    @Test
    void doublesWithEachFailure() {
        RandomGenerator noJitter = () -> 0L;

        assertThat(DELAY.after(1, noJitter)).isEqualTo(Duration.ofSeconds(1));
        assertThat(DELAY.after(2, noJitter)).isEqualTo(Duration.ofSeconds(2));
        assertThat(DELAY.after(5, noJitter)).isEqualTo(Duration.ofSeconds(16));
    }

    @Test
    void staysWithinItsBoundsWhateverTheJitter() {
        Random random = new Random(1);

        for (int failures = 1; failures < 200; failures++) {
            assertThat(DELAY.after(failures, random)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
        }
    }

    @Test
    void twoThatFailTogetherDoNotKeepStep() {
        Random random = new Random(1);

        assertThat(DELAY.after(3, random)).isNotEqualTo(DELAY.after(3, random));
    }
}
