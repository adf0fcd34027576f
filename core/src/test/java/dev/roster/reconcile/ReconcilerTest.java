package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.discovery.WorkerHealth;
import dev.roster.plan.Holdbacks;
import dev.roster.plan.Memory;
import dev.roster.plan.Observation;
import dev.roster.plan.Plan;
import dev.roster.plan.PlanSettings;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ReconcilerTest {

    private final EngineStage stage = new EngineStage();
    private final Semaphore decided = new Semaphore(0);
    private final Semaphore mayDecide = new Semaphore(1000);
    private final AtomicInteger passes = new AtomicInteger();
    private final Reconciler reconciler = new Reconciler(stage.pass(new CountingDeciding()), stage.clock);

    @AfterEach
    void close() {
        reconciler.close();
    }

    @Test
    void runsTheFirstPassAtOnce() throws InterruptedException {
        stage.starts(1, WorkerHealth.STARTING);

        reconciler.start();

        assertThat(decided.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aNudgeLeadsToAPass() throws InterruptedException {
        reconciler.start();
        assertThat(decided.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

        reconciler.nudge("a worker became healthy");

        assertThat(decided.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void nudgesThatComeWhileAPassRunsLeadToOneMore() throws InterruptedException {
        mayDecide.drainPermits();
        reconciler.start();
        while (passes.get() == 0) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 1000; i++) {
            reconciler.nudge("storm " + i);
        }

        mayDecide.release(1000);
        assertThat(decided.tryAcquire(2, 20, TimeUnit.SECONDS)).isTrue();
        reconciler.close();

        assertThat(passes.get()).isEqualTo(2);
    }

    @Test
    void keepsTheLatestResult() throws InterruptedException {
        assertThat(reconciler.latest()).isEmpty();

        reconciler.start();
        assertThat(decided.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        reconciler.close();

        assertThat(reconciler.latest())
                .hasValueSatisfying(result -> assertThat(result.number()).isEqualTo(1));
    }

    @Test
    void aFaultOfTheProgramDoesNotEndTheLoop() throws InterruptedException {
        CountDownLatch second = new CountDownLatch(2);
        Reconciler faulty = new Reconciler(
                stage.pass(new CountingDeciding() {
                    @Override
                    public Plan decide(Observation seen, Holdbacks holdbacks, Instant now) {
                        second.countDown();
                        throw new IllegalStateException("a fault");
                    }
                }),
                stage.clock);

        faulty.start();
        faulty.nudge("again");
        while (second.getCount() == 2) {
            Thread.onSpinWait();
        }
        faulty.nudge("again");

        assertThat(second.await(20, TimeUnit.SECONDS)).isTrue();
        faulty.close();
    }

    @Test
    void startTwiceMakesOneThread() throws InterruptedException {
        reconciler.start();
        reconciler.start();
        assertThat(decided.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
        reconciler.close();

        assertThat(passes.get()).isEqualTo(1);
    }

    @Test
    void closeBeforeStartIsHarmlessAndFinal() {
        reconciler.close();
        reconciler.start();
        reconciler.close();

        assertThat(passes.get()).isZero();
    }

    @Test
    void afterCloseNothingIsChangedAnyMore() throws InterruptedException {
        mayDecide.drainPermits();
        stage.starts(1, WorkerHealth.READY);
        reconciler.start();
        while (passes.get() == 0) {
            Thread.onSpinWait();
        }

        reconciler.close();
        mayDecide.release(1000);

        assertThat(stage.coordinator.node(address(1))).isEmpty();
    }

    /** Decides as the product does, when it may, and counts. */
    private class CountingDeciding implements Deciding {

        private final Deciding sound = Deciding.by(PlanSettings.DEFAULTS);

        @Override
        public Memory remember(Observation seen, Instant now) {
            return sound.remember(seen, now);
        }

        @Override
        public Plan decide(Observation seen, Holdbacks holdbacks, Instant now) {
            passes.incrementAndGet();
            mayDecide.acquireUninterruptibly();
            decided.release();
            return sound.decide(seen, holdbacks, now);
        }
    }
}
