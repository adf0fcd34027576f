package dev.roster.discovery;

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
 */
public record SourceHealth(
        String source,
        Optional<Instant> connectedSince,
        Optional<Instant> lastEvent,
        Optional<Instant> lastFullLook,
        Optional<String> error,
        boolean restartNeeded) {

    /** The health of a source that needs no restart. */
    public SourceHealth(
            String source,
            Optional<Instant> connectedSince,
            Optional<Instant> lastEvent,
            Optional<Instant> lastFullLook,
            Optional<String> error) {
        this(source, connectedSince, lastEvent, lastFullLook, error, false);
    }

    /** Whether the source can look now. */
    public boolean isConnected() {
        return connectedSince.isPresent();
    }
}
