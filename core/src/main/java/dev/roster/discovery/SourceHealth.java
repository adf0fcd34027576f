package dev.roster.discovery;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a source is, for health checks, metrics, and people.
 *
 * @param source the source's type
 * @param connectedSince since when it can look without interruption; empty while it cannot
 * @param lastEvent when it last heard of a change
 * @param lastFullLook when its last complete look ended; the age of its knowledge
 * @param error why it cannot look now, in one sentence with a remedy
 * @param restartNeeded whether it has proof that trying on is in vain and only a restart of this process helps, such as a
 *     mounted socket file left over from before its engine restarted; the application then ends with an error, for the
 *     restart policy to act on
 * @param looksEvery how often it looks by itself while all is well; empty for one that is as fresh as the moment it is asked
 */
public record SourceHealth(
        String source,
        Optional<Instant> connectedSince,
        Optional<Instant> lastEvent,
        Optional<Instant> lastFullLook,
        Optional<String> error,
        boolean restartNeeded,
        Optional<Duration> looksEvery) {

    private static final int MISSED_LOOKS = 3;
    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(30);

    /** The health of a source that needs no restart. */
    public SourceHealth(
            String source,
            Optional<Instant> connectedSince,
            Optional<Instant> lastEvent,
            Optional<Instant> lastFullLook,
            Optional<String> error) {
        this(source, connectedSince, lastEvent, lastFullLook, error, false);
    }

    /** The health of a source that does not say how often it looks. */
    public SourceHealth(
            String source,
            Optional<Instant> connectedSince,
            Optional<Instant> lastEvent,
            Optional<Instant> lastFullLook,
            Optional<String> error,
            boolean restartNeeded) {
        this(source, connectedSince, lastEvent, lastFullLook, error, restartNeeded, Optional.empty());
    }

    /** The same for a source that looks this often by itself. */
    public SourceHealth lookingEvery(Duration interval) {
        return new SourceHealth(
                source, connectedSince, lastEvent, lastFullLook, error, restartNeeded, Optional.of(interval));
    }

    /**
     * From which age on its last complete look is stale: three of its looks came to nothing. At least half a minute, since one
     * look may take its time.
     */
    public Optional<Duration> staleAfter() {
        return looksEvery
                .map(interval -> interval.multipliedBy(MISSED_LOOKS))
                .map(age -> age.compareTo(LEAST_PATIENCE) < 0 ? LEAST_PATIENCE : age);
    }

    /** Whether it can look and yet has not seen everything for too long. One that cannot look is away, which is more. */
    public boolean isStale(Instant now) {
        Optional<Instant> complete = lastFullLook.or(() -> connectedSince);
        return isConnected()
                && staleAfter()
                        .filter(limit ->
                                Duration.between(complete.orElse(now), now).compareTo(limit) > 0)
                        .isPresent();
    }

    /** Whether the source can look now. */
    public boolean isConnected() {
        return connectedSince.isPresent();
    }
}
