package dev.roster.app.api;

import dev.roster.discovery.SourceHealth;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One source of workers.
 *
 * @param source its type
 * @param connected whether it can look now
 * @param connectedSince since when
 * @param lastEvent when it last heard of a change
 * @param lastFullLook when its last complete look ended
 * @param staleAfterSeconds from which age on that look is stale, by how often the source looks; left out for one that is as fresh
 *     as the moment it is asked
 * @param stale whether it can look and yet has not seen everything for longer than that
 * @param error why it cannot look now or sees only a part, and what to do
 */
@RegisterForReflection
public record SourceView(
        String source,
        boolean connected,
        Optional<Instant> connectedSince,
        Optional<Instant> lastEvent,
        Optional<Instant> lastFullLook,
        OptionalLong staleAfterSeconds,
        boolean stale,
        Optional<String> error) {

    static SourceView of(SourceHealth health, Instant now) {
        return new SourceView(
                health.source(),
                health.isConnected(),
                health.connectedSince(),
                health.lastEvent(),
                health.lastFullLook(),
                health.staleAfter()
                        .map(Duration::toSeconds)
                        .map(OptionalLong::of)
                        .orElse(OptionalLong.empty()),
                health.isStale(now),
                health.error());
    }
}
