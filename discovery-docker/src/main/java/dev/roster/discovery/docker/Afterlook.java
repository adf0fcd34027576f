package dev.roster.discovery.docker;

import java.time.Duration;
import java.util.List;

/**
 * When to look once more after an event. An engine tells of {@code pause}, {@code unpause} and {@code die} before its list
 * shows them (daemon/pause.go and daemon/monitor.go of Moby write the list's copy last; seen with 20.10), so a quick look
 * may still see the state before. Used by one thread.
 */
final class Afterlook {

    private static final List<Duration> AFTER = List.of(Duration.ofMillis(250), Duration.ofSeconds(2));

    private int done = AFTER.size();

    /** Notes an event. */
    void heard() {
        done = 0;
    }

    /** Notes a look without an event. */
    void looked() {
        done = Math.min(done + 1, AFTER.size());
    }

    /** Whether a look is still owed to an event. */
    boolean isDue() {
        return done < AFTER.size();
    }

    /** How long to wait for an event before the next look. */
    Duration orRegular(Duration regular) {
        return isDue() ? AFTER.get(done) : regular;
    }
}
