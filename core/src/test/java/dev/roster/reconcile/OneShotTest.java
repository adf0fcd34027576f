package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Intent;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class OneShotTest {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final EngineStage stage = new EngineStage();
    private final OneShot oneShot = new OneShot(stage.pass, stage.clock, stage.clock::advanceTo);

    @Test
    void endsWhenEverybodyDiscoveredIsAMember() throws InterruptedException {
        stage.starts(1, WorkerHealth.READY);
        stage.starts(2, WorkerHealth.READY);

        OneShot.Ended ended = oneShot.run(LIMIT);

        assertThat(ended.done()).isTrue();
        assertThat(ended.sentence()).isEqualTo("Done: 2 workers discovered, each one a member");
        assertThat(stage.coordinator.node(address(2))).isPresent();
    }

    @Test
    void waitsForAWorkerThatIsStillStarting() throws InterruptedException {
        stage.starts(1, WorkerHealth.STARTING);
        OneShot patient = new OneShot(stage.pass, stage.clock, due -> {
            stage.clock.advanceTo(due);
            if (due.isAfter(TurnableClock.START.plusSeconds(10))) {
                stage.docker.sights(address(1), WorkerHealth.READY);
            }
        });

        assertThat(patient.run(LIMIT).done()).isTrue();
    }

    @Test
    void givesUpAtTheLimitAndSaysWhatIsMissing() throws InterruptedException {
        stage.starts(1, WorkerHealth.UNHEALTHY);

        OneShot.Ended ended = oneShot.run(LIMIT);

        assertThat(ended.done()).isFalse();
        assertThat(ended.sentence()).startsWith("Gave up after 60 s: pg-1: ");
    }

    @Test
    void isDoneThoughAPersonKeepsOneOutThatStillRuns() throws InterruptedException {
        stage.starts(1, WorkerHealth.READY);
        stage.starts(2, WorkerHealth.READY);
        stage.settle();
        CompletableFuture<OrderAnswer> answer = stage.pass
                .orders()
                .submit(new Order.Give(
                        Intent.Kind.REMOVE, address(2).toString(), Intent.TransferMode.AUTO, "operator"));
        stage.settle();
        assertThat(answer).isCompletedWithValueMatching(OrderAnswer.Accepted.class::isInstance);

        OneShot.Ended ended = oneShot.run(LIMIT);

        assertThat(ended.done()).isTrue();
        assertThat(stage.coordinator.node(address(2))).isEmpty();
    }

    @Test
    void doesNotTakeAFailedSourceForAnEmptyOne() throws InterruptedException {
        stage.docker.isUnavailable("no engine at /var/run/docker.sock; mount it");

        OneShot.Ended ended = oneShot.run(LIMIT);

        assertThat(ended.done()).isFalse();
        assertThat(ended.sentence()).contains("no engine at /var/run/docker.sock");
    }

    @Test
    void endsAtOnceNamingWhoLeads() throws InterruptedException {
        assertThat(new FakeLeaderLock(stage.database, "roster-2").tryAcquire()).isTrue();

        OneShot.Ended ended = oneShot.run(LIMIT);

        assertThat(ended.done()).isFalse();
        assertThat(ended.sentence()).contains("roster-2");
        assertThat(stage.clock.instant()).isEqualTo(TurnableClock.START);
    }

    @Test
    void keepsTryingWhileTheCoordinatorIsDown() throws InterruptedException {
        stage.coordinator.stop();

        OneShot.Ended ended = oneShot.run(LIMIT);

        assertThat(ended.done()).isFalse();
        assertThat(ended.sentence()).contains("Coordinator unreachable");
    }
}
