package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.INTERVAL;
import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.Node;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Outcome;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PassTest {

    private final EngineStage stage = new EngineStage();

    @Test
    void addsAWorkerThatIsReadyInOnePass() {
        stage.starts(1, WorkerHealth.READY);

        PassResult result = stage.pass.runOnce();

        assertThat(result.isClean()).isTrue();
        assertThat(result.sentence()).contains("Worker pg-1:5432 added as group 1");
        assertThat(stage.coordinator.node(address(1))).isPresent();
    }

    @Test
    void asksNobodyAtTheMomentAWorkerBecomesReadyIfItAnsweredWhileStarting() {
        stage.starts(1, WorkerHealth.STARTING);
        stage.pass.runOnce();
        int calls = stage.probe.calls();
        stage.clock.advance(Duration.ofSeconds(3));

        stage.docker.sights(address(1), WorkerHealth.READY);
        stage.pass.runOnce();

        assertThat(stage.coordinator.node(address(1))).isPresent();
        assertThat(stage.probe.calls()).isEqualTo(calls);
    }

    @Test
    void doesNotTakeANewMemberForTheBlankServerItWasBefore() {
        stage.starts(1, WorkerHealth.READY);

        PassResult result = stage.settle();

        assertThat(result.plan().verdicts())
                .filteredOn(verdict -> verdict.address().equals(address(1)))
                .extracting(Verdict::situation)
                .containsExactly(Situation.MEMBER);
    }

    @Test
    void tellsHowLongAWorkerWaited() {
        stage.starts(1, WorkerHealth.READY);
        stage.servers.stop(address(1));
        stage.pass.runOnce();

        stage.clock.advance(Duration.ofSeconds(2));
        stage.servers.restart(address(1));
        stage.pass.runOnce();

        assertThat(stage.joins).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    void comesToRestAndSaysSo() {
        stage.starts(1, WorkerHealth.READY);
        stage.starts(2, WorkerHealth.READY);

        PassResult result = stage.settle();

        assertThat(result.sentence()).isEqualTo("Nothing to do: 2 workers sighted, 2 nodes registered");
        assertThat(result.nextBy()).isEqualTo(stage.clock.instant().plus(INTERVAL));
    }

    @Test
    void costsAtMostSixStatementsAMinuteWhenIdle() {
        for (int n = 1; n <= 5; n++) {
            stage.starts(n, WorkerHealth.READY);
        }
        PassResult result = stage.settle();
        int before = stage.coordinator.calls() + stage.probe.calls();

        for (int minute = 0; minute < 10; minute++) {
            stage.clock.advanceTo(result.nextBy());
            result = stage.pass.runOnce();
            stage.clock.advanceTo(result.nextBy());
            result = stage.pass.runOnce();
        }

        int statements = stage.coordinator.calls() + stage.probe.calls() - before;
        assertThat(statements).isLessThanOrEqualTo(10 * 6);
    }

    @Test
    void oneBadWorkerDoesNotHoldUpAGoodOne() {
        stage.starts(1, WorkerHealth.READY).refusesLogin = true;
        stage.starts(2, WorkerHealth.READY);

        stage.settle();

        assertThat(stage.coordinator.node(address(2))).isPresent();
        assertThat(stage.coordinator.node(address(1))).isEmpty();
    }

    @Test
    void aThousandWorkersJoinInBoundedSteps() {
        for (int n = 1; n <= 1000; n++) {
            stage.starts(n, WorkerHealth.READY);
        }

        PassResult result = stage.pass.runOnce();
        for (int i = 0; i < 50 && !result.nextBy().isAfter(stage.clock.instant()); i++) {
            result = stage.pass.runOnce();
        }

        assertThat(stage.coordinator.look().nodes()).hasSize(1001);
        assertThat(stage.coordinator.calls() + stage.probe.calls()).isLessThan(200);
    }

    @Test
    void removesAnEmptyMemberThatIsGoneOnceItsGraceIsOver() {
        stage.starts(1, WorkerHealth.READY);
        stage.settle();
        stage.servers.remove(address(1));
        stage.docker.losesSightOf(address(1));

        PassResult result = stage.settle();
        assertThat(stage.coordinator.node(address(1))).isPresent();
        for (int i = 0; i < 10 && stage.coordinator.node(address(1)).isPresent(); i++) {
            assertThat(result.nextBy()).isBefore(stage.clock.instant().plusSeconds(6));
            stage.clock.advanceTo(result.nextBy());
            result = stage.pass.runOnce();
        }

        assertThat(stage.coordinator.node(address(1))).isEmpty();
    }

    @Test
    void keepsAMemberThatCameBackUnseenWhileItWasStrandedAndLostItsShards() {
        stage.starts(1, WorkerHealth.READY);
        stage.starts(2, WorkerHealth.READY);
        stage.settle();
        stage.coordinator.distribute("orders", 2, 1);
        stage.servers.stop(address(1));
        stage.docker.losesSightOf(address(1));
        PassResult result = stage.settle();
        for (int i = 0; i < 3; i++) {
            stage.clock.advanceTo(result.nextBy());
            result = stage.pass.runOnce();
        }
        assertThat(situationOf(result, 1)).contains(Situation.STRANDED);

        stage.servers.restart(address(1));
        stage.coordinator.moveShards(
                stage.coordinator.node(address(1)).orElseThrow(),
                stage.coordinator.node(address(2)).orElseThrow());
        stage.clock.advance(Duration.ofSeconds(20));
        result = stage.settle();

        assertThat(situationOf(result, 1)).contains(Situation.ALIVE_UNDISCOVERED);
        assertThat(stage.coordinator.node(address(1))).isPresent();
    }

    private static Optional<Situation> situationOf(PassResult result, int n) {
        return result.plan().verdicts().stream()
                .filter(verdict -> verdict.address().equals(address(n)))
                .map(Verdict::situation)
                .findFirst();
    }

    @Nested
    class WithADeadMember {

        @Test
        void triesOneChangeForEachBackoffAndNamesTheDeadOne() {
            stage.starts(1, WorkerHealth.READY);
            stage.settle();
            stage.servers.stop(address(1));
            stage.starts(2, WorkerHealth.READY);
            stage.starts(3, WorkerHealth.READY);
            stage.tried.clear();

            PassResult result = stage.settle();

            assertThat(stage.tried).hasSize(1).first().isInstanceOf(Outcome.Refused.class);
            assertThat(stage.tried.getFirst().sentence()).contains("pg-1:5432");
            assertThat(result.plan().withheld()).isNotEmpty();

            stage.servers.restart(address(1));
            for (int i = 0; i < 10 && stage.coordinator.node(address(3)).isEmpty(); i++) {
                stage.clock.advanceTo(stage.settle().nextBy());
            }
            assertThat(stage.coordinator.node(address(2))).isPresent();
            assertThat(stage.coordinator.node(address(3))).isPresent();
        }

        @Test
        void writesTheRefusalToTheJournalOnce() throws CoordinatorUnavailable {
            stage.starts(1, WorkerHealth.READY);
            stage.settle();
            stage.servers.stop(address(1));
            stage.starts(2, WorkerHealth.READY);

            for (int i = 0; i < 10; i++) {
                stage.clock.advanceTo(stage.settle().nextBy());
            }

            assertThat(stage.coordinator.journal(new JournalQuery(Optional.of("pg-2"), Optional.empty(), 100)))
                    .extracting(JournalEntry::outcome)
                    .containsExactly("refused");
        }
    }

    @Nested
    class WithoutTheCoordinator {

        @Test
        void endsBeforePlanningAndSaysWhy() {
            stage.coordinator.stop();

            PassResult result = stage.pass.runOnce();

            assertThat(result.seen()).isEmpty();
            assertThat(result.trouble())
                    .hasValueSatisfying(trouble ->
                            assertThat(trouble.sentence()).contains("Coordinator unreachable at master:5432"));
            assertThat(result.isClean()).isFalse();
        }

        @Test
        void triesAgainLaterAndLaterUpToTenSeconds() {
            stage.coordinator.stop();

            Duration first =
                    Duration.between(stage.clock.instant(), stage.pass.runOnce().nextBy());
            Duration last = first;
            for (int i = 0; i < 10; i++) {
                last = Duration.between(
                        stage.clock.instant(), stage.pass.runOnce().nextBy());
            }

            assertThat(first).isEqualTo(Duration.ofSeconds(1));
            assertThat(last).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(10));
        }

        @Test
        void goesOnWhereItWasWhenTheCoordinatorIsBack() {
            stage.coordinator.stop();
            stage.pass.runOnce();
            stage.starts(1, WorkerHealth.READY);
            stage.coordinator.start();

            stage.pass.runOnce();

            assertThat(stage.coordinator.node(address(1))).isPresent();
        }

        @Test
        void anAnswerLostAfterTheCommitIsFoundDoneByTheNextPass() {
            stage.starts(1, WorkerHealth.READY);
            stage.coordinator.breakCall(4, FakeCoordinator.Break.AFTER_COMMIT);

            PassResult lost = stage.pass.runOnce();
            PassResult next = stage.settle();

            assertThat(lost.trouble()).isPresent();
            assertThat(next.isClean()).isTrue();
            assertThat(stage.coordinator.look().nodes())
                    .filteredOn(node -> !node.isCoordinator())
                    .extracting(Node::address)
                    .containsExactly(address(1));
        }
    }

    @Nested
    class WithoutTheLock {

        @Test
        void observesAndReportsAndChangesNothing() {
            FakeLeaderLock other = new FakeLeaderLock(stage.database, "roster-2");
            assertThat(other.tryAcquire()).isTrue();
            stage.starts(1, WorkerHealth.READY);

            PassResult result = stage.pass.runOnce();

            assertThat(result.leading()).isFalse();
            assertThat(result.sentence()).isEqualTo("Standing by: roster-2 leads; 2 changes left to it");
            assertThat(result.plan().actions()).isNotEmpty();
            assertThat(stage.coordinator.look().nodes()).isEmpty();
        }

        @Test
        void takesOverWhenItIsFree() {
            FakeLeaderLock other = new FakeLeaderLock(stage.database, "roster-2");
            assertThat(other.tryAcquire()).isTrue();
            stage.starts(1, WorkerHealth.READY);
            stage.pass.runOnce();

            other.close();
            stage.settle();

            assertThat(stage.leading).containsExactly(true);
            assertThat(stage.coordinator.node(address(1))).isPresent();
        }

        @Test
        void stepsDownAtOnceWhenItIsLost() {
            stage.starts(1, WorkerHealth.READY);
            stage.settle();
            stage.database.terminateHolder();
            assertThat(new FakeLeaderLock(stage.database, "roster-2").tryAcquire())
                    .isTrue();
            stage.starts(2, WorkerHealth.READY);

            stage.settle();

            assertThat(stage.leading).containsExactly(true, false);
            assertThat(stage.coordinator.node(address(2))).isEmpty();
        }
    }

    @Test
    void actsNoMoreOnceStopped() {
        stage.starts(1, WorkerHealth.READY);

        stage.pass.stop();
        stage.pass.runOnce();

        assertThat(stage.coordinator.look().nodes()).isEmpty();
    }
}
