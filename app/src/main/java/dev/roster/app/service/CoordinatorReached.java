package dev.roster.app.service;

import dev.roster.app.engine.RosterEngine;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.reconcile.PassResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Ready, first half: the last pass could read the coordinator. True for the leader and for one that stands by alike. */
@Readiness
@ApplicationScoped
class CoordinatorReached implements HealthCheck {

    private final RosterEngine engine;

    CoordinatorReached(RosterEngine engine) {
        this.engine = engine;
    }

    @Override
    public HealthCheckResponse call() {
        Optional<PassResult> latest = engine.latest();
        HealthCheckResponseBuilder answer = HealthCheckResponse.named("The coordinator answers")
                .status(engine.coordinatorIsReached())
                .withData("coordinator", engine.settings().coordinator().toString());
        latest.flatMap(PassResult::trouble)
                .ifPresent(trouble ->
                        answer.withData("trouble", trouble.sentence()).withData("remedy", trouble.remedy()));
        latest.flatMap(PassResult::seen)
                .flatMap(seen -> seen.cluster().doubt())
                .ifPresent(doubt ->
                        answer.withData("observing", doubt.sentence()).withData("remedy", CoordinatorDoubt.REMEDY));
        if (latest.isEmpty()) {
            answer.withData("trouble", "the first pass has not ended yet");
        }
        return answer.build();
    }
}
