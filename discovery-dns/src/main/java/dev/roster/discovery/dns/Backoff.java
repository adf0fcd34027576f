package dev.roster.discovery.dns;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after a scan: the rest of the interval, or, while no server answers, a second that doubles up to the
 * interval, with jitter, so that a server that comes back is found soon and not by all at once. Used by one thread.
 */
final class Backoff {

    static final Duration FIRST = Duration.ofSeconds(1);

    private final Duration longest;
    private final RandomGenerator random;
    private int failures;

    Backoff(Duration longest, RandomGenerator random) {
        this.longest = longest;
        this.random = random;
    }

    Duration failed() {
        long full = Math.min(longest.toMillis(), FIRST.toMillis() << Math.min(failures, 20));
        failures++;
        return Duration.ofMillis(full / 2 + random.nextLong(full / 2 + 1));
    }

    /**
     * Notes a scan that could look.
     *
     * @param rest what is left of the interval; below zero if the scan took longer
     */
    Duration succeeded(Duration rest) {
        failures = 0;
        return rest.isNegative() ? Duration.ZERO : rest;
    }
}
