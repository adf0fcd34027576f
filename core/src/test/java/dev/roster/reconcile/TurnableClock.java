package dev.roster.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until a test turns it; both the time of day and elapsed time. Thread-safe. */
public final class TurnableClock implements InstantSource, ElapsedTime {

    /** Where it stands at first. */
    public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    private Instant now = START;

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return Duration.between(START, now).toNanos();
    }

    /** Turns it forward. */
    public synchronized void advance(Duration by) {
        now = now.plus(by);
    }

    /** Turns it forward to this instant; one that has passed is ignored. */
    public synchronized void advanceTo(Instant instant) {
        if (instant.isAfter(now)) {
            now = instant;
        }
    }
}
