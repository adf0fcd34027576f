package dev.roster.discovery.docker;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How often events may lead to a look: a burst at once, then one per interval, so that a storm of events costs a bounded
 * number of lists while a single event is never held up. A token bucket; used by one thread.
 */
final class Pace {

    private final int burst;
    private final long intervalNanos;
    private final LongSupplier nanoTime;
    private double tokens;
    private long refilledAt;

    Pace(int burst, Duration interval, LongSupplier nanoTime) {
        this.burst = burst;
        this.intervalNanos = interval.toNanos();
        this.nanoTime = nanoTime;
        this.tokens = burst;
        this.refilledAt = nanoTime.getAsLong();
    }

    /**
     * Takes the right to one look.
     *
     * @return how long to wait before it; zero most of the time
     */
    Duration take() {
        long now = nanoTime.getAsLong();
        tokens = Math.min(burst, tokens + (double) (now - refilledAt) / intervalNanos);
        refilledAt = now;
        tokens -= 1;
        return tokens >= 0 ? Duration.ZERO : Duration.ofNanos((long) (-tokens * intervalNanos));
    }
}
