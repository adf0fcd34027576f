package dev.roster.app.service;

import dev.roster.app.engine.RosterEngine;
import dev.roster.reconcile.PassResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/** Live: the loop turned recently. A coordinator that is down is no reason to restart Roster, so it does not matter here. */
@Liveness
@ApplicationScoped
class LoopTurns implements HealthCheck {

    /** Longer than the longest pass without a copy: every wait in it is bounded, and the slowest statement may take a minute. */
    private static final Duration LONGEST_PASS = Duration.ofMinutes(3);

    /** What else a pass does that copies a shard to a replacement. */
    private static final Duration BESIDE_A_COPY = Duration.ofSeconds(30);

    private final RosterEngine engine;
    private final InstantSource clock;

    LoopTurns(RosterEngine engine, InstantSource clock) {
        this.engine = engine;
        this.clock = clock;
    }

    @Override
    public HealthCheckResponse call() {
        Instant lastTurn = engine.latest()
                .map(LoopTurns::end)
                .filter(engine.startedAt()::isBefore)
                .orElse(engine.startedAt());
        Duration patience = engine.settings().passInterval().plus(longestPass());
        return HealthCheckResponse.named("The loop turns")
                .status(Duration.between(lastTurn, clock.instant()).compareTo(patience) < 0)
                .withData("lastPass", engine.latest().map(PassResult::number).orElse(0L))
                .withData("lastTurn", lastTurn.toString())
                .build();
    }

    private Duration longestPass() {
        Duration copying = engine.settings().copyLimit().plus(BESIDE_A_COPY);
        return copying.compareTo(LONGEST_PASS) > 0 ? copying : LONGEST_PASS;
    }

    private static Instant end(PassResult result) {
        return result.startedAt().plus(result.took());
    }
}
