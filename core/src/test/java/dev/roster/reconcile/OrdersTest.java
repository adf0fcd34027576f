package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.RebalanceJob;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeServer;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What a person orders is carried through by passes (row 0). */
final class OrdersTest {

    private final EngineStage stage = new EngineStage();

    // ---- drain

    @Test
    void aDrainMovesEveryShardThenRemovesTheNodeAndKeepsTheServerOut() {
        twoMembersWithShards();

        assertThat(order(Kind.DRAIN, 1)).isInstanceOf(OrderAnswer.Accepted.class);
        assertThat(verdict(1).situation()).isEqualTo(Situation.DRAINING);
        moveAll();
        stage.settle();

        assertThat(stage.coordinator.node(address(1))).isEmpty();
        assertThat(stage.coordinator.lostShards()).isEmpty();
        assertThat(verdict(1).situation()).isEqualTo(Situation.UNFENCED);
        assertThat(verdict(1).sentence())
                .contains("drained by order of operator", "can write into live shards: stop it");
        nextPass();
        assertThat(stage.coordinator.node(address(1))).isEmpty();
    }

    @Test
    void aDrainedServerIsAnAlarmUntilItIsFenced() {
        twoMembersWithShards();
        order(Kind.DRAIN, 1);
        moveAll();
        stage.settle();
        assertThat(verdict(1).situation().weight()).isEqualTo(Situation.Weight.ALARM);

        stage.servers.stop(address(1));
        stage.docker.sights(address(1), WorkerHealth.STOPPED);
        stage.clock.advance(Duration.ofMinutes(2));
        nextPass();

        assertThat(verdict(1).situation()).isEqualTo(Situation.KEPT_OUT);
        assertThat(verdict(1).situation().weight()).isEqualTo(Situation.Weight.CALM);
    }

    @Test
    void aDrainTellsHowFarItIs() {
        twoMembersWithShards();
        order(Kind.DRAIN, 1);

        stage.coordinator.moveOneShard();
        nextPass();

        assertThat(verdict(1).sentence()).contains("1 of 4 moves done", "3 distributed placements left");
    }

    @Test
    void aDrainIsLookedAtEveryFiveSeconds() {
        twoMembersWithShards();
        order(Kind.DRAIN, 1);

        PassResult result = nextPass();

        assertThat(result.nextBy()).isEqualTo(stage.clock.instant().plusSeconds(5));
    }

    @Test
    void aDrainGoesOnAfterRosterStartedAnew() {
        twoMembersWithShards();
        order(Kind.DRAIN, 1);
        stage.coordinator.moveOneShard();

        Pass another = stage.pass(Deciding.by(PlanSettings.DEFAULTS));
        another.runOnce();
        moveAll();
        for (int i = 0; i < 5; i++) {
            another.runOnce();
        }

        assertThat(stage.coordinator.node(address(1))).isEmpty();
    }

    @Test
    void aDrainCancelledInTheMiddleLeavesWhatMovedAndTheNodeTakesShardsAgain() {
        twoMembersWithShards();
        order(Kind.DRAIN, 1);
        stage.coordinator.moveOneShard();
        nextPass();

        assertThat(cancel(1)).isInstanceOf(OrderAnswer.Accepted.class);
        stage.settle();
        boolean stillMoves = stage.coordinator.moveOneShard();

        assertThat(stillMoves).isFalse();
        assertThat(node(1).shouldHaveShards()).isTrue();
        assertThat(intents()).isEmpty();
        assertThat(placements(1)).isEqualTo(3);
        assertThat(verdict(1).situation()).isEqualTo(Situation.MEMBER);
    }

    @Test
    void aDrainThatCitusGivesUpPutsThePropertyBackAndWaitsForAPerson() {
        twoMembersWithShards();
        order(Kind.DRAIN, 1);

        stage.coordinator.endRebalance(
                RebalanceJob.State.FAILED, Optional.of("ERROR:  logical decoding requires wal_level >= logical"));
        nextPass();
        stage.settle();

        assertThat(node(1).shouldHaveShards()).isTrue();
        assertThat(verdict(1).situation()).isEqualTo(Situation.DRAIN_STUCK);
        assertThat(verdict(1).sentence()).contains("wal_level >= logical", "set wal_level=logical");
        nextPass();
        assertThat(node(1).shouldHaveShards()).isTrue();

        assertThat(order(Kind.DRAIN, 1)).isInstanceOf(OrderAnswer.Accepted.class);
        assertThat(node(1).shouldHaveShards()).isFalse();
    }

    @Test
    void aDrainIsStoppedWhileItsServerIsAwayAndGoesOnWhenItIsBack() {
        twoMembersWithShards();
        order(Kind.DRAIN, 1);
        stage.servers.stop(address(1));
        stage.docker.sights(address(1), WorkerHealth.STOPPED);
        pass(Duration.ofSeconds(30), 4);

        assertThat(stage.coordinator.moveOneShard()).isFalse();
        assertThat(verdict(1).sentence()).contains("goes on when the server answers again");

        stage.servers.restart(address(1));
        stage.docker.sights(address(1), WorkerHealth.READY);
        pass(Duration.ofSeconds(30), 2);
        moveAll();
        stage.settle();

        assertThat(stage.coordinator.node(address(1))).isEmpty();
        assertThat(stage.coordinator.lostShards()).isEmpty();
    }

    @Test
    void theLastWorkerIsNotDrained() {
        joined(1);
        stage.coordinator.distribute("orders", 4, 1);

        assertThat(refused(order(Kind.DRAIN, 1)).remedy()).contains("no other node takes shards");
        assertThat(node(1).shouldHaveShards()).isTrue();
    }

    @Test
    void aTableThatCannotBeCopiedIsNamedWithTheChoices() {
        twoMembersWithShards();
        stage.coordinator.distribute("public.clicks", 2, 1);
        stage.coordinator.lackIdentity("public.clicks");

        OrderAnswer.Refused refused = refused(order(Kind.DRAIN, 1));

        assertThat(refused.sentence()).contains("public.clicks");
        assertThat(refused.remedy()).contains("primary key", "block_writes", "force_logical");
        assertThat(give(new Order.Give(Kind.DRAIN, "pg-1", TransferMode.BLOCK_WRITES, "operator")))
                .isInstanceOf(OrderAnswer.Accepted.class);
    }

    @Test
    void nobodyElsesShardsAreMovedAlong() {
        threeMembersWithShards();
        stage.coordinator.put(withShards(node(2), false));

        OrderAnswer.Refused refused = refused(order(Kind.DRAIN, 1));

        assertThat(refused.remedy()).contains("pg-2:5432", "shouldhaveshards");
    }

    @Test
    void twoPeopleMayOrderTheSameDrain() {
        twoMembersWithShards();
        order(Kind.DRAIN, 1);

        assertThat(give(new Order.Give(Kind.DRAIN, "pg-1", TransferMode.AUTO, "colleague")))
                .isInstanceOf(OrderAnswer.Standing.class);
        assertThat(intents()).singleElement().extracting(Intent::orderedBy).isEqualTo("operator");
    }

    @Test
    void twoDrainsGoOneAfterTheOther() {
        threeMembersWithShards();
        order(Kind.DRAIN, 1);
        order(Kind.DRAIN, 2);

        assertThat(verdict(2).situation()).isEqualTo(Situation.ORDER_WAITING);
        moveAll();
        stage.settle();
        moveAll();
        stage.settle();

        assertThat(stage.coordinator.node(address(1))).isEmpty();
        assertThat(stage.coordinator.node(address(2))).isEmpty();
        assertThat(stage.coordinator.lostShards()).isEmpty();
    }

    @Test
    void waitingDrainsBeginInTheOrderInWhichTheyWereOrdered() {
        threeMembersWithShards();
        order(Kind.DRAIN, 2);
        give(new Order.Give(Kind.DRAIN, "pg-1", TransferMode.AUTO, "colleague"));

        assertThat(verdict(2).situation()).isEqualTo(Situation.DRAINING);
        assertThat(verdict(1).sentence()).contains("waits for the drain of pg-2:5432");
    }

    @Test
    void ofDrainsOrderedTogetherTheFirstBegins() {
        threeMembersWithShards();
        CompletableFuture<OrderAnswer> third =
                stage.pass.orders().submit(new Order.Give(Kind.DRAIN, "pg-3", TransferMode.AUTO, "operator"));
        CompletableFuture<OrderAnswer> first =
                stage.pass.orders().submit(new Order.Give(Kind.DRAIN, "pg-1", TransferMode.AUTO, "colleague"));
        stage.pass.runOnce();

        assertThat(List.of(third.join(), first.join())).hasOnlyElementsOfType(OrderAnswer.Accepted.class);
        assertThat(node(3).shouldHaveShards()).isFalse();
        assertThat(node(1).shouldHaveShards()).isTrue();
        assertThat(verdict(1).sentence()).contains("waits for the drain of pg-3:5432");
    }

    @Test
    void aDrainThatCannotBeginDoesNotHoldUpTheNext() {
        joined(1, 2, 3, 4);
        stage.coordinator.distribute("orders", 8, 1);
        order(Kind.DRAIN, 1);
        order(Kind.DRAIN, 2);
        order(Kind.DRAIN, 3);
        stage.coordinator.setActive(node(2).id(), false);
        moveAll();
        stage.settle();

        assertThat(stage.coordinator.node(address(1))).isEmpty();
        assertThat(verdict(2).sentence()).contains("the node is inactive; activate it first");
        assertThat(verdict(3).situation()).isEqualTo(Situation.DRAINING);
    }

    @Test
    void twoPeopleWhoOrderAtOnceAreAnsweredOneAfterTheOther() {
        twoMembersWithShards();
        CompletableFuture<OrderAnswer> first =
                stage.pass.orders().submit(new Order.Give(Kind.DRAIN, "pg-1", TransferMode.AUTO, "operator"));
        CompletableFuture<OrderAnswer> same =
                stage.pass.orders().submit(new Order.Give(Kind.DRAIN, "pg-1", TransferMode.AUTO, "colleague"));
        CompletableFuture<OrderAnswer> other =
                stage.pass.orders().submit(new Order.Give(Kind.HOLD, "pg-1", TransferMode.AUTO, "third"));
        stage.pass.runOnce();

        assertThat(first.join()).isInstanceOf(OrderAnswer.Accepted.class);
        assertThat(same.join()).isInstanceOf(OrderAnswer.Standing.class);
        assertThat(refused(other.join()).sentence()).contains("Drain (ordered by operator");
        assertThat(intents()).singleElement().extracting(Intent::orderedBy).isEqualTo("operator");
    }

    @Test
    void aDrainOfANodeSomebodyElseRegisteredAdoptsItFirst() {
        joined(1);
        stage.servers.blank(address(2));
        Node byHand = stage.coordinator.addByHand(address(2));

        OrderAnswer answer = order(Kind.REMOVE, 2);

        assertThat(answer.sentence()).contains("it was unmanaged, and is adopted for this");
        pass(Duration.ofSeconds(30), 2);
        assertThat(stage.coordinator.node(byHand.address())).isEmpty();
    }

    // ---- remove

    @Test
    void aRemovalThatWouldLoseShardsIsRefused() {
        twoMembersWithShards();

        assertThat(refused(order(Kind.REMOVE, 1)).why()).isEqualTo(OrderAnswer.Why.LOSES_DATA);
        assertThat(stage.coordinator.node(address(1))).isPresent();
        assertThat(intents()).isEmpty();
    }

    @Test
    void aStoppedWorkerIsRemovedByOrderAlthoughNobodyCanAskIt() {
        joined(1, 2);
        stage.coordinator.reference("countries");
        stage.servers.stop(address(1));
        stage.docker.sights(address(1), WorkerHealth.STOPPED);
        pass(Duration.ofMinutes(2), 2);

        order(Kind.REMOVE, 1);
        stage.settle();

        assertThat(stage.coordinator.node(address(1))).isEmpty();
    }

    @Test
    void aRemovedServerMayJoinAgainOnceItsOrderIsCancelled() {
        joined(1);
        order(Kind.REMOVE, 1);
        stage.settle();
        assertThat(stage.coordinator.node(address(1))).isEmpty();

        cancel(1);
        pass(Duration.ofSeconds(30), 2);

        assertThat(stage.coordinator.node(address(1))).isPresent();
        assertThat(intents()).isEmpty();
    }

    @Test
    void aRemovedServerMayJoinAgainAfterItWasAwayForTheGraceTime() {
        joined(1);
        order(Kind.REMOVE, 1);
        stage.settle();
        stage.docker.losesSightOf(address(1));
        pass(Duration.ofMinutes(2), 4);

        stage.docker.sights(address(1), WorkerHealth.READY);
        pass(Duration.ofSeconds(30), 2);

        assertThat(stage.coordinator.node(address(1))).isPresent();
    }

    @Test
    void whoOrderedItStandsInTheJournal() throws Exception {
        joined(1);
        order(Kind.REMOVE, 1);
        stage.settle();

        assertThat(stage.coordinator.journal(new JournalQuery(Optional.of("pg-1"), Optional.empty(), 10)))
                .filteredOn(entry -> entry.action().equals("remove"))
                .extracting(JournalEntry::actor, JournalEntry::outcome)
                .containsExactly(tuple("operator", "done"), tuple("operator", "ordered"));
    }

    // ---- hold and activate

    @Test
    void aHeldMemberIsLeftAloneAndTheReasonIsShown() {
        joined(1);
        order(Kind.HOLD, 1);
        stage.servers.stop(address(1));
        stage.docker.losesSightOf(address(1));

        PassResult result = pass(Duration.ofMinutes(3), 4);

        assertThat(stage.coordinator.node(address(1))).isPresent();
        assertThat(result.plan().withheld())
                .singleElement()
                .satisfies(held -> assertThat(held.reason()).contains("held by order of operator"));

        cancel(1);
        pass(Duration.ofSeconds(30), 2);
        assertThat(stage.coordinator.node(address(1))).isEmpty();
    }

    @Test
    void aHeldWorkerDoesNotJoin() {
        stage.starts(1, WorkerHealth.STARTING);
        stage.pass.runOnce();

        order(Kind.HOLD, 1);
        stage.docker.sights(address(1), WorkerHealth.READY);
        pass(Duration.ofSeconds(30), 3);

        assertThat(stage.coordinator.node(address(1))).isEmpty();
    }

    @Test
    void aNodeThatSomebodyDisabledIsActivatedByOrder() {
        joined(1);
        stage.coordinator.setActive(node(1).id(), false);
        stage.pass.runOnce();
        assertThat(verdict(1).situation()).isEqualTo(Situation.DISABLED_BY_OTHERS);

        order(Kind.ACTIVATE, 1);
        stage.settle();

        assertThat(node(1).isActive()).isTrue();
        assertThat(intents()).isEmpty();
    }

    @Test
    void whoOrdersAnActivationIsToldWhichCopiesCitusDrops() {
        joined(1, 2);
        stage.coordinator.distribute("orders", 4, 2);
        stage.coordinator.setActive(node(1).id(), false);
        stage.pass.runOnce();

        assertThat(order(Kind.ACTIVATE, 1).sentence()).contains("Citus then drops its 4 replicated shard placements");
    }

    // ---- follow

    @Test
    void aRowFollowsToTheCopyThatAPersonNames() throws CoordinatorUnavailable {
        staleCopyOfADeadMember();
        Node row = node(1);
        assertThat(verdict(9).situation()).isEqualTo(Situation.STALE_COPY);

        assertThat(follow(9)).isInstanceOf(OrderAnswer.Accepted.class);
        stage.settle();

        assertThat(node(9).id()).isEqualTo(row.id());
        assertThat(node(9).group()).isEqualTo(row.group());
        assertThat(intents()).isEmpty();
        assertThat(stage.coordinator
                        .look()
                        .ledger()
                        .member(row.id())
                        .orElseThrow()
                        .address())
                .isEqualTo(address(9));
        assertThat(stage.coordinator
                        .journal(new JournalQuery(Optional.empty(), Optional.empty(), 1))
                        .getFirst())
                .extracting(JournalEntry::actor, JournalEntry::action, JournalEntry::outcome)
                .containsExactly("operator", "follow", "done");
    }

    @Test
    void noOrderFollowsWhileTheOldServerIsWritable() {
        joined(1);
        copyTo(9, false);
        nextPass();

        OrderAnswer.Refused answer = refused(follow(9));

        assertThat(answer.sentence()).contains("is writable too: stop it first");
        assertThat(intents()).isEmpty();
    }

    @Test
    void noOrderFollowsToAStandby() {
        joined(1);
        copyTo(9, true);
        stage.servers.stop(address(1));
        nextPass();

        assertThat(refused(follow(9)).sentence()).contains("in recovery: promote it first");
    }

    @Test
    void noOrderFollowsToAServerOfAnotherGroup() {
        joined(1);
        FakeServer other = stage.starts(9, WorkerHealth.READY);
        other.localGroup = new GroupId(77);
        other.nodes = 3;
        other.coordinatorIdentifier = Optional.of("4711");
        stage.servers.stop(address(1));
        nextPass();

        assertThat(refused(follow(9)).sentence()).contains("of group 77");
    }

    @Test
    void noOrderFollowsToAServerWithoutTheShards() {
        staleCopyOfADeadMember();
        stage.servers.at(address(9)).orElseThrow().shards.clear();
        pass(Duration.ofSeconds(61), 1);

        assertThat(refused(follow(9)).sentence()).contains("lacks the shards");
    }

    @Test
    void noOrderFollowsToAnotherNode() {
        joined(1, 2);
        stage.servers.stop(address(1));
        nextPass();

        assertThat(refused(follow(2)).sentence()).contains("is registered at");
        assertThat(refused(follow(8)).why()).isEqualTo(OrderAnswer.Why.UNKNOWN_NAME);
    }

    @Test
    void anOrderedFollowWaitsWhileItsTargetIsAwayAndCanBeCancelled() {
        staleCopyOfADeadMember();
        stage.docker.sights(address(1), WorkerHealth.STOPPED);
        CompletableFuture<OrderAnswer> answer = stage.pass
                .orders()
                .submit(new Order.Give(Kind.FOLLOW, "pg-1", TransferMode.AUTO, Optional.of("pg-9"), "operator"));
        stage.coordinator.isLockedByAnother(true);
        stage.pass.runOnce();
        assertThat(answer.join()).isInstanceOf(OrderAnswer.Accepted.class);
        stage.coordinator.isLockedByAnother(false);
        stage.servers.stop(address(9));
        nextPass();
        pass(Duration.ofSeconds(61), 1);

        assertThat(verdict(1).sentence()).contains("Follow to pg-9:5432", "does not answer");
        assertThat(cancel(1)).isInstanceOf(OrderAnswer.Accepted.class);
        stage.settle();
        assertThat(intents()).isEmpty();
        assertThat(node(1).address()).isEqualTo(address(1));
    }

    private OrderAnswer follow(int to) {
        return give(new Order.Give(Kind.FOLLOW, "pg-1", TransferMode.AUTO, Optional.of("pg-" + to), "operator"));
    }

    private void staleCopyOfADeadMember() {
        joined(1);
        stage.coordinator.distribute("orders", 4, 1);
        nextPass();
        copyTo(9, false).lsn -= 0x10000;
        stage.servers.stop(address(1));
        stage.docker.sights(address(1), WorkerHealth.STOPPED);
        nextPass();
        nextPass();
    }

    private FakeServer copyTo(int n, boolean inRecovery) {
        FakeServer copy = stage.servers.cloneTo(address(1), address(n));
        copy.inRecovery = inRecovery;
        stage.docker.sights(address(n), WorkerHealth.READY);
        return copy;
    }

    // ---- names

    @Test
    void anUnknownNameIsRefused() {
        joined(1);

        assertThat(refused(give(new Order.Give(Kind.DRAIN, "pg-9", TransferMode.AUTO, "operator")))
                        .why())
                .isEqualTo(OrderAnswer.Why.UNKNOWN_NAME);
    }

    @Test
    void theCoordinatorIsNotTaken() {
        joined(1);

        assertThat(refused(give(new Order.Give(Kind.REMOVE, "master", TransferMode.AUTO, "operator")))
                        .sentence())
                .contains("is the coordinator");
    }

    @Test
    void whileTheCoordinatorIsAwayNoOrderIsTaken() {
        joined(1);
        stage.coordinator.stop();

        CompletableFuture<OrderAnswer> answer =
                stage.pass.orders().submit(new Order.Give(Kind.HOLD, "pg-1", TransferMode.AUTO, "operator"));
        stage.pass.runOnce();

        assertThat(answer).isCompletedExceptionally();
    }

    @Test
    void cancellingNamesWhatStandsIfItIsAnotherOrder() {
        joined(1);
        order(Kind.HOLD, 1);

        OrderAnswer.Refused answer = refused(give(new Order.Cancel("pg-1", Optional.of(Kind.DRAIN), "operator")));

        assertThat(answer.sentence()).contains("Hold", "stands for it");
        assertThat(answer.remedy()).isEqualTo("cancel the hold");
        assertThat(intents()).singleElement().extracting(Intent::stage).isEqualTo(Intent.Stage.ORDERED);
        assertThat(give(new Order.Cancel("pg-1", Optional.of(Kind.HOLD), "operator")))
                .isInstanceOf(OrderAnswer.Accepted.class);
    }

    @Test
    void anOrderThatNobodyWaitsForAnyMoreIsNotTaken() {
        joined(1);
        CompletableFuture<OrderAnswer> answer =
                stage.pass.orders().submit(new Order.Give(Kind.HOLD, "pg-1", TransferMode.AUTO, "operator"));

        answer.cancel(false);
        stage.pass.runOnce();

        assertThat(intents()).isEmpty();
    }

    private OrderAnswer order(Kind kind, int n) {
        return give(new Order.Give(kind, "pg-" + n, TransferMode.AUTO, "operator"));
    }

    private OrderAnswer cancel(int n) {
        return give(new Order.Cancel("pg-" + n, "operator"));
    }

    private OrderAnswer give(Order order) {
        CompletableFuture<OrderAnswer> answer = stage.pass.orders().submit(order);
        stage.pass.runOnce();
        return answer.join();
    }

    private static OrderAnswer.Refused refused(OrderAnswer answer) {
        assertThat(answer).isInstanceOf(OrderAnswer.Refused.class);
        return (OrderAnswer.Refused) answer;
    }

    private void joined(int... numbers) {
        for (int n : numbers) {
            stage.starts(n, WorkerHealth.READY);
        }
        stage.settle();
    }

    private void twoMembersWithShards() {
        joined(1, 2);
        stage.coordinator.distribute("orders", 8, 1);
    }

    private void threeMembersWithShards() {
        joined(1, 2, 3);
        stage.coordinator.distribute("orders", 9, 1);
    }

    private void moveAll() {
        for (int i = 0; i < 100 && stage.coordinator.moveOneShard(); i++) {
            assertThat(stage.coordinator.lostShards()).isEmpty();
        }
    }

    private PassResult nextPass() {
        stage.clock.advance(Duration.ofSeconds(5));
        return stage.pass.runOnce();
    }

    private PassResult pass(Duration apart, int times) {
        PassResult result = stage.settle();
        for (int i = 0; i < times; i++) {
            stage.clock.advance(apart);
            result = stage.settle();
        }
        return result;
    }

    private Verdict verdict(int n) {
        HostPort address = address(n);
        PassResult result = stage.pass.runOnce();
        return result.plan().verdicts().stream()
                .filter(verdict -> verdict.address().equals(address))
                .findFirst()
                .orElseThrow();
    }

    private Node node(int n) {
        return stage.coordinator.node(address(n)).orElseThrow();
    }

    private int placements(int n) {
        return stage.coordinator.look().placementsOf(node(n).group()).distributed();
    }

    private List<Intent> intents() {
        return stage.coordinator.look().ledger().intents();
    }

    private static Node withShards(Node node, boolean shouldHaveShards) {
        return new Node(
                node.id(),
                node.group(),
                node.address(),
                node.role(),
                node.cluster(),
                node.isActive(),
                node.hasMetadata(),
                node.metadataSynced(),
                shouldHaveShards,
                node.isClone());
    }
}
