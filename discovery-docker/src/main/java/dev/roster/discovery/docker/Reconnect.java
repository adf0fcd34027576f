package dev.roster.discovery.docker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try to connect: doubling up to a limit that keeps recovery quick, with jitter so that
 * many of them do not meet, and no end. Used by one thread.
 */
final class Reconnect {

    static final Duration FIRST = Duration.ofMillis(200);
    static final Duration LONGEST = Duration.ofSeconds(5);

    private final RandomGenerator random;
    private int failures;

    Reconnect(RandomGenerator random) {
        this.random = random;
    }

    /** How many tries in a row have failed. */
    int failures() {
        return failures;
    }

    /**
     * Notes a failure.
     *
     * @param lived how long the connection that failed had been good; one that lived long starts a new count
     * @return how long to wait: between half and all of the doubled time
     */
    Duration failed(Duration lived) {
        if (lived.compareTo(LONGEST) > 0) {
            failures = 0;
        }
        long full = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(failures, 10));
        failures++;
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }
}
