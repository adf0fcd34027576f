package dev.roster.app.service;

import dev.roster.app.engine.RosterEngine;
import dev.roster.discovery.SourceHealth;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready, second half: every source can look. */
@Readiness
@ApplicationScoped
class SourcesConnected implements HealthCheck {

    private final RosterEngine engine;

    SourcesConnected(RosterEngine engine) {
        this.engine = engine;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named("Discovery is connected").status(engine.discoveryIsConnected());
        for (SourceHealth source : engine.sources()) {
            answer.withData(
                    source.source(),
                    source.isConnected() ? "connected" : source.error().orElse("not connected yet"));
        }
        return answer.build();
    }
}
