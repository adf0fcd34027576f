package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.RebalanceJob;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.plan.Action;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.PlanSettings.RebalanceOnJoin;
import dev.roster.plan.Withheld;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** With {@code roster.rebalance.on-join=start} shards are spread by themselves after a burst of joins has settled. */
final class RebalanceOnJoinTest {

    private static final Duration QUIET = Duration.ofSeconds(30);
    private static final PlanSettings START = PlanSettings.DEFAULTS.with(RebalanceOnJoin.START);

    private final EngineStage stage = new EngineStage();
    private Pass pass = stage.pass(START);

    @Test
    void startsOnceNobodyHasJoinedForHalfAMinute() throws Exception {
        fullMember();
        joins(2);

        assertThat(withheld().filter()).isEqualTo("settling");
        assertThat(withheld().until()).contains(stage.clock.instant().plus(QUIET));
        later(QUIET);

        assertThat(order()).hasValueSatisfying(order -> {
            assertThat(order.stage()).isEqualTo(Stage.RUNNING);
            assertThat(order.orderedBy()).isEqualTo("roster");
        });
        moveAll();
        assertThat(placements(1)).isEqualTo(4);
        assertThat(placements(2)).isEqualTo(4);
        assertThat(order()).isEmpty();
        assertThat(journal())
                .contains(
                        "roster: pg-2:5432 joined and holds no shard, so the shards are spread",
                        "roster: Rebalance started (ordered by roster)");
    }

    @Test
    void startsOnceForABurst() throws Exception {
        fullMember();
        joins(2);
        later(Duration.ofSeconds(20));
        joins(3);
        later(Duration.ofSeconds(20));
        assertThat(order()).isEmpty();
        joins(4);
        later(QUIET);

        moveAll();
        later(Duration.ofHours(1));

        assertThat(List.of(placements(1), placements(2), placements(3), placements(4)))
                .containsOnly(2);
        assertThat(starts()).isEqualTo(1);
    }

    @Test
    void startsAgainForThoseThatJoinWhileItRuns() throws Exception {
        fullMember();
        joins(2);
        later(QUIET);
        joins(3);
        moveAll();
        assertThat(starts()).isEqualTo(1);

        later(QUIET);
        moveAll();

        assertThat(starts()).isEqualTo(2);
        assertThat(placements(3)).isPositive();
    }

    @Test
    void neverStartsByDefault() throws Exception {
        pass = stage.pass(PlanSettings.DEFAULTS);
        fullMember();
        joins(2);

        later(Duration.ofHours(1));

        assertThat(order()).isEmpty();
        assertThat(starts()).isZero();
    }

    @Test
    void isNotStartedAgainAfterAPersonStoppedIt() throws Exception {
        fullMember();
        joins(2);
        later(QUIET);
        stop();
        settle();

        pass = stage.pass(START);
        later(Duration.ofHours(1));

        assertThat(order()).isEmpty();
        assertThat(starts()).isEqualTo(1);
        assertThat(placements(2)).isZero();
    }

    @Test
    void isNotStartedWhereAPersonDoesNotWantItBeforeItBegins() throws Exception {
        fullMember();
        joins(2);

        assertThat(stop()).isInstanceOf(OrderAnswer.Accepted.class);
        later(Duration.ofHours(1));

        assertThat(starts()).isZero();
        assertThat(journal())
                .contains(
                        "operator: No rebalance follows by itself though pg-2:5432 joined and holds no shard, by order of"
                                + " operator");
    }

    @Test
    void isNotStartedForWhomAPersonRebalancedAlready() throws Exception {
        pass = stage.pass(PlanSettings.DEFAULTS);
        fullMember();
        joins(2);
        give(new Order.Rebalance(TransferMode.AUTO, "operator"));
        stop();
        settle();

        pass = stage.pass(START);
        later(Duration.ofHours(1));

        assertThat(starts()).isEqualTo(1);
    }

    @Test
    void thatFindsNothingToMoveIsNotTriedAgain() throws Exception {
        fullMember();
        stage.coordinator.findsShardsBalanced();
        joins(2);
        later(QUIET);
        later(Duration.ofHours(1));

        assertThat(order()).isEmpty();
        assertThat(journal().stream().filter(line -> line.contains("Nothing to move")))
                .containsExactly(
                        "roster: pg-2:5432 joined and holds no shard, but: Nothing to move: Citus finds the shards"
                                + " balanced");
    }

    @Test
    void thatCannotWorkIsSaidOnceWithItsRemedyAndWaitsForAPerson() throws Exception {
        fullMember();
        stage.coordinator.lackIdentity("orders");
        joins(2);
        later(QUIET);
        PassResult much = later(Duration.ofHours(1));

        assertThat(order())
                .hasValueSatisfying(order -> assertThat(order.stage()).isEqualTo(Stage.FAILED));
        assertThat(much.plan().alarms())
                .anyMatch(alarm -> alarm.contains("neither a primary key nor a replica identity: orders")
                        && alarm.contains("add a primary key"));
        assertThat(journal().stream().filter(line -> line.contains("neither a primary key")))
                .hasSize(1);
        assertThat(starts()).isZero();

        assertThat(give(new Order.Rebalance(TransferMode.BLOCK_WRITES, "operator")))
                .isInstanceOf(OrderAnswer.Accepted.class);
        moveAll();
        assertThat(placements(2)).isEqualTo(4);
    }

    @Test
    void thatCitusGivesUpIsNotStartedAgain() throws Exception {
        fullMember();
        joins(2);
        later(QUIET);
        stage.coordinator.endRebalance(RebalanceJob.State.FAILED, Optional.of("ERROR:  No space left on device"));

        PassResult much = later(Duration.ofHours(1));

        assertThat(starts()).isEqualTo(1);
        assertThat(much.plan().alarms()).anyMatch(alarm -> alarm.contains("No space left on device"));
    }

    @Test
    void waitsWhileAPersonHoldsAMember() {
        fullMember();
        joins(2);
        joins(3);
        give(new Order.Give(Kind.HOLD, address(3).toString(), TransferMode.AUTO, "operator"));
        later(Duration.ofHours(1));
        assertThat(withheld().reason()).contains("pg-3:5432 is held by order of operator");

        give(new Order.Cancel(address(3).toString(), "operator"));
        settle();

        assertThat(order()).isPresent();
    }

    @Test
    void waitsWhileAMemberIsDown() {
        fullMember();
        joins(2);
        stage.servers.stop(address(1));
        later(Duration.ofMinutes(2));
        assertThat(withheld().reason()).contains("not all is as it should be", "pg-1");

        stage.servers.restart(address(1));
        later(Duration.ofMinutes(2));

        assertThat(order()).isPresent();
    }

    @Test
    void isLeftToTheRosterThatManages() {
        fullMember();
        joins(2);
        pass = stage.pass(START.with(PlanSettings.Mode.OBSERVE));
        later(Duration.ofHours(1));
        assertThat(withheld().filter()).isEqualTo("mode");

        pass = stage.pass(START.forOneRun());
        later(Duration.ofHours(1));
        assertThat(withheld().filter()).isEqualTo("once");

        assertThat(order()).isEmpty();
    }

    @Test
    void saysNothingWhereThereAreNoShards() {
        joins(1);
        joins(2);

        assertThat(later(Duration.ofHours(1)).plan().withheld()).isEmpty();
    }

    private void fullMember() {
        joins(1);
        stage.coordinator.distribute("orders", 8, 1);
    }

    private void joins(int worker) {
        stage.starts(worker, WorkerHealth.READY);
        settle();
    }

    private PassResult settle() {
        PassResult result = pass.runOnce();
        for (int i = 0; i < 50 && !result.nextBy().isAfter(stage.clock.instant()); i++) {
            result = pass.runOnce();
        }
        return result;
    }

    private PassResult later(Duration time) {
        stage.clock.advance(time);
        return settle();
    }

    private void moveAll() {
        settle();
        while (stage.coordinator.moveOneShard()) {
            settle();
        }
        settle();
    }

    private Withheld withheld() {
        return settle().plan().withheld().stream()
                .filter(held -> held.action() instanceof Action.StartRebalance)
                .findFirst()
                .orElseThrow();
    }

    private OrderAnswer stop() {
        return give(new Order.StopRebalance("operator"));
    }

    private OrderAnswer give(Order order) {
        CompletableFuture<OrderAnswer> answer = pass.orders().submit(order);
        pass.runOnce();
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

    private long starts() throws CoordinatorUnavailable {
        return journal().stream()
                .filter(line -> line.contains("Rebalance started"))
                .count();
    }

    private List<String> journal() throws CoordinatorUnavailable {
        return stage.coordinator.journal(new JournalQuery(Optional.empty(), Optional.empty(), 1000)).stream()
                .map((JournalEntry entry) -> entry.actor() + ": " + entry.sentence())
                .toList();
    }
}
