package dev.roster.app.service;

import dev.roster.app.engine.RosterEngine;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Startup;

/** Started: the first pass has ended, however it went. */
@Startup
@ApplicationScoped
class LoopStarted implements HealthCheck {

    private final RosterEngine engine;

    LoopStarted(RosterEngine engine) {
        this.engine = engine;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("The first pass has ended")
                .status(engine.latest().isPresent())
                .build();
    }
}
