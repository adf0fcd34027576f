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
 */
public record SourceHealth(
        String source,
        Optional<Instant> connectedSince,
        Optional<Instant> lastEvent,
        Optional<Instant> lastFullLook,
        Optional<String> error) {

    /** Whether the source can look now. */
    public boolean isConnected() {
        return connectedSince.isPresent();
    }
}
