package dev.roster.app.api;

import dev.roster.discovery.SourceHealth;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Optional;

/**
 * One source of workers.
 *
 * @param source its type
 * @param connected whether it can look now
 * @param connectedSince since when
 * @param lastEvent when it last heard of a change
 * @param lastFullLook when its last complete look ended
 * @param error why it cannot look now, and what to do
 */
@RegisterForReflection
public record SourceView(
        String source,
        boolean connected,
        Optional<Instant> connectedSince,
        Optional<Instant> lastEvent,
        Optional<Instant> lastFullLook,
        Optional<String> error) {

    static SourceView of(SourceHealth health) {
        return new SourceView(
                health.source(),
                health.isConnected(),
                health.connectedSince(),
                health.lastEvent(),
                health.lastFullLook(),
                health.error());
    }
}
