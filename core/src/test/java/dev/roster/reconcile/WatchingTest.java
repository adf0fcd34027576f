package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.INTERVAL;
import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.Node;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeServer;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Who has to be asked soon is asked soon, however far apart the ordinary passes are. */
class WatchingTest {

    private final EngineStage stage = new EngineStage();

    @Test
    void whoDoesNotAnswerIsAskedAgainAfterOneSecondThenTwoThenFour() {
        stage.starts(1, WorkerHealth.READY);
        stage.servers.stop(address(1));

        PassResult result = stage.pass.runOnce();

        for (int seconds : new int[] {1, 2, 4, 8}) {
            assertThat(result.nextBy()).isEqualTo(stage.clock.instant().plusSeconds(seconds));
            result = at(result.nextBy());
        }
    }

    @Test
    void aMemberAndItsStandbyAreAskedEveryFiveSeconds() {
        joinedWithStandby();
        passesFor(Duration.ofMinutes(2));
        int before = stage.probe.calls();

        passesFor(Duration.ofMinutes(1));

        assertThat(stage.probe.calls() - before).isBetween(11, 13);
    }

    @Test
    void aStandbyThatWasAskedBeforeItsPrimaryJoinedIsKnownAsItsStandbySoon() {
        Node row = joinedWithStandby();

        passesFor(Duration.ofSeconds(11));

        assertThat(stage.coordinator
                        .look()
                        .ledger()
                        .member(row.id())
                        .orElseThrow()
                        .standbys())
                .containsExactly(address(2));
    }

    @Test
    void aStandbyIsFollowedWithinASecondOfItsPromotion() {
        Node row = joinedWithStandby();
        passesFor(Duration.ofMinutes(2));

        stage.servers.stop(address(1));
        stage.docker.sights(address(1), WorkerHealth.STOPPED);
        stage.pass.runOnce();
        passesFor(Duration.ofSeconds(20));
        stage.servers.at(address(2)).orElseThrow().promote();
        passesFor(Duration.ofMillis(1001));

        assertThat(stage.coordinator.node(address(2)).map(Node::id)).contains(row.id());
    }

    @Test
    void aCopyThatTurnsUpWritableHasTheOldServerAskedAtOnce() {
        Node row = joinedWithStandby();
        stage.servers.stop(address(1));
        stage.docker.sights(address(1), WorkerHealth.STOPPED);
        stage.servers.at(address(2)).orElseThrow().promote();

        passesFor(INTERVAL);

        assertThat(stage.coordinator.node(address(2)).map(Node::id)).contains(row.id());
    }

    @Test
    void aTwinIsNotFollowedEvenIfItsNoteInTheLedgerWasLost() {
        Node row = joinedWithStandby();
        passesFor(Duration.ofMinutes(2));
        stage.servers.at(address(2)).orElseThrow().promote();
        stage.coordinator.breakCall(2, FakeCoordinator.Break.BEFORE_COMMIT);

        PassResult lost = at(stage.clock.instant().plusSeconds(5));

        assertThat(lost.trouble()).isPresent();
        stage.servers.stop(address(1));
        stage.docker.sights(address(1), WorkerHealth.STOPPED);
        passesFor(Duration.ofMinutes(1));
        assertThat(stage.coordinator.node(address(1)).map(Node::id)).contains(row.id());
        assertThat(stage.coordinator
                        .look()
                        .ledger()
                        .member(row.id())
                        .orElseThrow()
                        .twins())
                .containsExactly(address(2));
    }

    /** A member, and a standby that was first asked when neither of them belonged to any group. */
    private Node joinedWithStandby() {
        stage.starts(1, WorkerHealth.READY);
        FakeServer standby = stage.servers.cloneTo(address(1), address(2));
        standby.inRecovery = true;
        stage.docker.sights(address(2), WorkerHealth.READY);
        stage.settle();
        FakeServer primary = stage.servers.at(address(1)).orElseThrow();
        standby.localGroup = primary.localGroup;
        standby.nodes = primary.nodes;
        standby.coordinatorIdentifier = primary.coordinatorIdentifier;
        return stage.coordinator.node(address(1)).orElseThrow();
    }

    private PassResult at(Instant time) {
        stage.clock.advanceTo(time);
        return stage.pass.runOnce();
    }

    /** Lets time go by, with a pass whenever the one before asked for it. */
    private void passesFor(Duration time) {
        Instant end = stage.clock.instant().plus(time);
        PassResult result = stage.pass.runOnce();
        while (!result.nextBy().isAfter(end)) {
            result = at(result.nextBy());
        }
        stage.clock.advanceTo(end);
    }
}
