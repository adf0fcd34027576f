package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.MoveLook;
import dev.roster.cluster.MoveProgress;
import dev.roster.cluster.RebalanceJob;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.PlanSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A rebalance that a person orders is carried through by passes. */
final class RebalanceTest {

    private final EngineStage stage = new EngineStage();

    @Test
    void spreadsTheShardsAndIsOverWithItsJob() throws Exception {
        oneFullAndOneEmptyMember();

        assertThat(rebalance()).isInstanceOf(OrderAnswer.Accepted.class);
        assertThat(order()).hasValueSatisfying(order -> {
            assertThat(order.stage()).isEqualTo(Stage.RUNNING);
            assertThat(order.job()).isPresent();
        });
        moveAll();
        stage.settle();

        assertThat(placements(1)).isEqualTo(4);
        assertThat(placements(2)).isEqualTo(4);
        assertThat(order()).isEmpty();
        assertThat(journal()).contains("Rebalance started (ordered by operator)");
        assertThat(journal()).anyMatch(line -> line.startsWith("Rebalance finished: 4 of 4 moves done"));
    }

    @Test
    void tellsHowFarItIsHowFastAndHowLongItWillTake() {
        oneFullAndOneEmptyMember();
        rebalance();
        stage.coordinator.show(new MoveLook(sizes(1000), List.of(), List.of(), Optional.empty()));

        nextPass();
        stage.coordinator.moveOneShard();
        stage.clock.advance(Duration.ofSeconds(10));
        MoveProgress progress =
                nextPass().seen().orElseThrow().cluster().moves().orElseThrow();

        assertThat(progress.moves()).isEqualTo(new MoveProgress.Moves(1, 4, 0, 0));
        assertThat(progress.bytes()).contains(new MoveProgress.Bytes(1000, 4000));
        assertThat(progress.bytesPerSecond()).hasValue(100);
        assertThat(progress.eta()).contains(Duration.ofSeconds(30));
        assertThat(progress.stall()).isEmpty();
    }

    @Test
    void isLookedAtEveryFiveSeconds() {
        oneFullAndOneEmptyMember();
        rebalance();

        assertThat(nextPass().nextBy()).isEqualTo(stage.clock.instant().plusSeconds(5));
    }

    @Test
    void tellsWhichSessionHoldsTheLockThatAMoveWaitsFor() {
        oneFullAndOneEmptyMember();
        rebalance();
        stage.coordinator.show(new MoveLook(
                Map.of(),
                List.of(),
                List.of(new MoveLook.LockWait(
                        address(1),
                        812,
                        Optional.of("app"),
                        Optional.of("citus_internal gpid=10000000712"),
                        Optional.of("idle in transaction"),
                        "transactionid",
                        Duration.ofSeconds(75))),
                Optional.empty()));

        assertThat(stall()).hasValueSatisfying(stall -> {
            assertThat(stall.sentence())
                    .contains("waited 1 min 15 s on pg-1:5432", "session 812 of user app, idle in transaction");
            assertThat(stall.remedy()).contains("SELECT pg_terminate_backend(10000000712);");
        });
    }

    @Test
    void tellsThatNoBackgroundWorkerIsFree() {
        oneFullAndOneEmptyMember();
        rebalance();
        stage.coordinator.show(
                new MoveLook(Map.of(), List.of(), List.of(), Optional.of(new MoveLook.BackgroundWorkers(8, 8))));
        nextPass();
        assertThat(stall()).isEmpty();

        stage.clock.advance(Duration.ofSeconds(25));

        assertThat(stall()).hasValueSatisfying(stall -> {
            assertThat(stall.sentence()).contains("no background worker free, 8 of max_worker_processes=8");
            assertThat(stall.remedy()).contains("ALTER SYSTEM SET max_worker_processes = 16");
        });
    }

    @Test
    void tellsWhatCitusTriesAgain() {
        oneFullAndOneEmptyMember();
        rebalance();

        stage.coordinator.failOneMove("ERROR:  logical decoding requires wal_level >= logical");

        assertThat(stall()).hasValueSatisfying(stall -> {
            assertThat(stall.sentence()).contains("logical decoding requires wal_level >= logical");
            assertThat(stall.remedy()).contains("set wal_level=logical");
        });
    }

    @Test
    void isStoppedInTheMiddleAndWhatHasMovedStays() {
        oneFullAndOneEmptyMember();
        rebalance();
        stage.coordinator.moveOneShard();

        assertThat(stop()).isInstanceOf(OrderAnswer.Accepted.class);
        stage.settle();

        assertThat(stage.coordinator.moveOneShard()).isFalse();
        assertThat(placements(1)).isEqualTo(7);
        assertThat(placements(2)).isEqualTo(1);
        assertThat(order()).isEmpty();
        assertThat(stop()).isInstanceOf(OrderAnswer.Standing.class);
    }

    @Test
    void goesOnAfterRosterStartedAnew() {
        oneFullAndOneEmptyMember();
        rebalance();
        stage.coordinator.moveOneShard();

        Pass another = stage.pass(Deciding.by(PlanSettings.DEFAULTS));
        another.runOnce();
        moveAll();
        another.runOnce();
        another.runOnce();

        assertThat(placements(2)).isEqualTo(4);
        assertThat(order()).isEmpty();
    }

    @Test
    void thatCitusGivesUpIsKeptWithItsReasonUntilItIsOrderedAnew() {
        oneFullAndOneEmptyMember();
        rebalance();

        stage.coordinator.endRebalance(RebalanceJob.State.FAILED, Optional.of("ERROR:  No space left on device"));
        nextPass();
        nextPass();

        assertThat(order()).hasValueSatisfying(order -> {
            assertThat(order.stage()).isEqualTo(Stage.FAILED);
            assertThat(order.note().orElseThrow()).contains("No space left");
        });
        assertThat(rebalance()).isInstanceOf(OrderAnswer.Accepted.class);
        assertThat(order())
                .hasValueSatisfying(order -> assertThat(order.stage()).isEqualTo(Stage.RUNNING));
    }

    @Test
    void givenTwiceStandsOnce() {
        oneFullAndOneEmptyMember();
        rebalance();

        assertThat(rebalance()).isInstanceOf(OrderAnswer.Standing.class);
    }

    @Test
    void ofABalancedClusterHasNothingToMove() {
        members(2);
        stage.coordinator.distribute("orders", 8, 1);

        assertThat(rebalance().sentence()).contains("Nothing to move");
        assertThat(order()).isEmpty();
    }

    @Test
    void keepsAnEmptyNodeThatItMovesShardsTo() {
        oneFullAndOneEmptyMember();
        rebalance();

        give(new Order.Give(Kind.DRAIN, address(2).toString(), TransferMode.AUTO, "operator"));
        nextPass();
        assertThat(stage.coordinator.node(address(2))).isPresent();
        moveAll();
        stage.settle();
        moveAll();
        stage.settle();

        assertThat(stage.coordinator.node(address(2))).isEmpty();
        assertThat(placements(1)).isEqualTo(8);
        assertThat(stage.coordinator.lostShards()).isEmpty();
    }

    @Test
    void isRefusedWhileADrainStands() {
        oneFullAndOneEmptyMember();
        give(new Order.Give(Kind.DRAIN, address(1).toString(), TransferMode.AUTO, "operator"));

        OrderAnswer answer = rebalance();

        assertThat(answer).isInstanceOf(OrderAnswer.Refused.class);
        assertThat(((OrderAnswer.Refused) answer).remedy()).contains("roster cancel pg-1:5432");
        assertThat(((OrderAnswer.Refused) stop()).remedy()).contains("roster cancel pg-1:5432");
    }

    @Test
    void isRefusedForATableWithoutKeyWhichIsNamedWithTheChoices() {
        oneFullAndOneEmptyMember();
        stage.coordinator.lackIdentity("orders");

        OrderAnswer answer = rebalance();

        assertThat(answer.sentence()).contains("neither a primary key nor a replica identity: orders");
        assertThat(((OrderAnswer.Refused) answer).remedy()).contains("block_writes", "force_logical");
        assertThat(give(new Order.Rebalance(TransferMode.BLOCK_WRITES, "operator")))
                .isInstanceOf(OrderAnswer.Accepted.class);
    }

    @Test
    void isRefusedWhileANodeIsDead() {
        oneFullAndOneEmptyMember();
        stage.servers.stop(address(2));
        stage.clock.advance(Duration.ofMinutes(2));
        nextPass();

        assertThat(rebalance().sentence()).contains("Node pg-2:5432 does not answer");
    }

    private void oneFullAndOneEmptyMember() {
        members(1);
        stage.coordinator.distribute("orders", 8, 1);
        stage.starts(2, WorkerHealth.READY);
        stage.settle();
    }

    private void members(int count) {
        for (int i = 1; i <= count; i++) {
            stage.starts(i, WorkerHealth.READY);
        }
        stage.settle();
    }

    private Map<Long, Long> sizes(long each) {
        return stage.coordinator.look().activeRebalance().orElseThrow().tasks().stream()
                .map(task -> task.move().orElseThrow().shard())
                .collect(Collectors.toMap(shard -> shard, _ -> each));
    }

    private void moveAll() {
        while (stage.coordinator.moveOneShard()) {
            nextPass();
        }
    }

    private PassResult nextPass() {
        return stage.pass.runOnce();
    }

    private Optional<MoveProgress.Stall> stall() {
        return nextPass().seen().orElseThrow().cluster().moves().orElseThrow().stall();
    }

    private OrderAnswer rebalance() {
        return give(new Order.Rebalance(TransferMode.AUTO, "operator"));
    }

    private OrderAnswer stop() {
        return give(new Order.StopRebalance("colleague"));
    }

    private OrderAnswer give(Order order) {
        CompletableFuture<OrderAnswer> answer = stage.pass.orders().submit(order);
        nextPass();
        return answer.join();
    }

    private Optional<Intent> order() {
        return stage.coordinator.look().ledger().rebalance();
    }

    private int placements(int worker) {
        return stage.coordinator
                .look()
                .placementsOf(
                        stage.coordinator.node(address(worker)).orElseThrow().group())
                .distributed();
    }

    private List<String> journal() throws Exception {
        return stage.coordinator.journal(new JournalQuery(Optional.empty(), Optional.empty(), 100)).stream()
                .map(JournalEntry::sentence)
                .toList();
    }
}
