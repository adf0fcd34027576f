package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.Node;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeServer;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.Withheld;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A coordinator that is older than its workers is found by whoever takes the lead, and only observed. */
final class RestoredCoordinatorTest {

    private final EngineStage stage = new EngineStage();

    @Test
    void isOnlyObservedUntilAPersonAcceptsIt() throws Exception {
        twoMembersWithShards();
        Runnable restore = stage.coordinator.backup();
        stage.coordinator.moveShards(node(1), node(2));
        restored(restore);
        stage.starts(3, WorkerHealth.READY);

        PassResult result = stage.settle();

        assertThat(stage.coordinator.node(address(3))).isEmpty();
        assertThat(result.sentence())
                .startsWith(
                        "Only observing: The coordinator is older than its workers: pg-1:5432 knows 2 shard placements"
                                + " that the coordinator lacks, pg-2:5432 knows 2 shard placements that the coordinator lacks")
                .contains("roster accept-coordinator");
        assertThat(result.plan().alarms()).anyMatch(alarm -> alarm.startsWith("The coordinator is older"));
        assertThat(result.plan().withheld()).extracting(Withheld::filter).contains("restored-coordinator");

        stage.clock.advance(Duration.ofHours(3));
        stage.settle();
        assertThat(stage.coordinator.node(address(3))).isEmpty();
        assertThat(journal()).anyMatch(line -> line.contains("nothing is changed until a person accepts it"));

        assertThat(accept())
                .isInstanceOfSatisfying(
                        OrderAnswer.Accepted.class,
                        accepted -> assertThat(accepted.sentence())
                                .startsWith("Coordinator accepted as it is by operator"));
        stage.settle();
        assertThat(stage.coordinator.node(address(3))).isPresent();
        assertThat(journal().getFirst()).isNotBlank();
        assertThat(stage.coordinator.look().ledger().doubt())
                .hasValueSatisfying(doubt -> assertThat(doubt.isOpen()).isFalse());
    }

    @Test
    void isFoundByTheNodesThatItLacks() {
        member(1);
        Runnable restore = stage.coordinator.backup();
        member(2);
        restored(restore);

        assertThat(stage.settle().sentence()).contains("pg-1:5432 knows 1 node that the coordinator lacks");
    }

    @Test
    void nothingIsChangedBetweenTheTwoLooksEither() {
        twoMembersWithShards();
        Runnable restore = stage.coordinator.backup();
        stage.coordinator.moveShards(node(1), node(2));
        restored(restore);
        stage.starts(3, WorkerHealth.READY);

        PassResult first = stage.pass.runOnce();

        assertThat(first.outcomes()).isEmpty();
        assertThat(first.sentence()).startsWith("Only observing");
        assertThat(first.nextBy()).isEqualTo(stage.clock.instant().plusSeconds(5));
        assertThat(stage.coordinator.look().ledger().doubt()).isEmpty();
    }

    @Test
    void aDifferenceThatTheSecondLookDoesNotShowWasAChangeOnItsWay() {
        twoMembersWithShards();
        FakeServer member = stage.servers.at(address(1)).orElseThrow();
        member.knownPlacements.add(99L);
        leadsAnew();
        assertThat(stage.settle().sentence()).startsWith("Only observing");

        member.knownPlacements.remove(99L);
        stage.clock.advance(Duration.ofSeconds(5));

        assertThat(stage.settle().sentence()).startsWith("Nothing to do");
        assertThat(stage.coordinator.look().ledger().doubt()).isEmpty();
    }

    @Test
    void silenceAtTheSecondLookTakesNothingBack() {
        twoMembersWithShards();
        stage.servers.at(address(1)).orElseThrow().knownPlacements.add(99L);
        leadsAnew();
        stage.settle();

        stage.servers.stop(address(1));
        stage.clock.advance(Duration.ofSeconds(5));
        stage.settle();

        assertThat(stage.coordinator.look().doubt())
                .hasValueSatisfying(doubt -> assertThat(doubt.placement()).isEqualTo(99));
    }

    @Test
    void aMemberThatComesUpLaterIsHeardToo() {
        twoMembersWithShards();
        Runnable restore = stage.coordinator.backup();
        stage.coordinator.moveShards(node(1), node(2));
        stage.servers.stop(address(1));
        stage.servers.stop(address(2));
        restored(restore);
        assertThat(stage.settle().sentence()).doesNotStartWith("Only observing");

        stage.servers.restart(address(2));
        stage.clock.advance(Duration.ofMinutes(1));

        assertThat(stage.settle().sentence()).startsWith("Only observing");
    }

    @Test
    void aFormerMemberWithAnIdThatWasNeverGivenIsASign() {
        member(1);
        Runnable restore = stage.coordinator.backup();
        member(2);
        stage.servers.stop(address(1));
        restored(restore);

        assertThat(stage.settle().sentence()).contains("pg-2:5432 knows 1 node that the coordinator lacks");
    }

    @Test
    void whatWasAcceptedIsNoNewsToTheNextLeader() throws Exception {
        twoMembersWithShards();
        Runnable restore = stage.coordinator.backup();
        stage.coordinator.moveShards(node(1), node(2));
        restored(restore);
        stage.settle();
        accept();

        leadsAnew();
        assertThat(stage.settle().sentence()).startsWith("Nothing to do");

        stage.servers.at(address(2)).orElseThrow().knownPlacements.add(1000L);
        leadsAnew();
        assertThat(stage.settle().sentence()).startsWith("Only observing");
    }

    @Test
    void isFoundAgainWhenTheLedgerThatKnewItIsLost() {
        twoMembersWithShards();
        Runnable restore = stage.coordinator.backup();
        stage.coordinator.moveShards(node(1), node(2));
        restored(restore);
        stage.settle();
        stage.clock.advance(Duration.ofSeconds(5));
        stage.settle();

        stage.coordinator.loseLedger();

        assertThat(stage.settle().sentence()).startsWith("Only observing");
    }

    @Test
    void whoeverStandsByTellsItToo() {
        twoMembersWithShards();
        Runnable restore = stage.coordinator.backup();
        stage.coordinator.moveShards(node(1), node(2));
        restored(restore);
        stage.settle();
        stage.clock.advance(Duration.ofSeconds(5));
        stage.settle();
        stage.database.terminateHolder();
        new FakeLeaderLock(stage.database, "roster-2").tryAcquire();

        PassResult result = stage.pass.runOnce();

        assertThat(result.leading()).isFalse();
        assertThat(result.plan().alarms()).anyMatch(alarm -> alarm.startsWith("The coordinator is older"));
    }

    @Test
    void ordersAreRefusedWithTheRemedy() throws Exception {
        twoMembersWithShards();
        Runnable restore = stage.coordinator.backup();
        stage.coordinator.moveShards(node(1), node(2));
        restored(restore);
        stage.settle();

        OrderAnswer answer = order(new Order.Give(Intent.Kind.DRAIN, "pg-1", Intent.TransferMode.AUTO, "operator"));

        assertThat(answer)
                .isInstanceOfSatisfying(
                        OrderAnswer.Refused.class,
                        refused -> assertThat(refused.remedy()).isEqualTo(CoordinatorDoubt.REMEDY));
    }

    @Test
    void whereThereIsNothingToAcceptThatIsSaid() throws Exception {
        twoMembersWithShards();

        assertThat(accept().sentence())
                .isEqualTo("Nothing to accept: no server that answers knows more than the coordinator");
    }

    @Test
    void eachServerIsComparedOnceInEachOfItsRuns() {
        twoMembersWithShards();
        leadsAnew();
        stage.settle();
        int before = stage.coordinator.comparisons();

        for (int i = 0; i < 5; i++) {
            stage.clock.advance(Duration.ofSeconds(30));
            stage.settle();
        }
        assertThat(stage.coordinator.comparisons()).isEqualTo(before);

        stage.servers.restart(address(1));
        stage.clock.advance(Duration.ofSeconds(61));
        stage.settle();
        assertThat(stage.coordinator.comparisons()).isEqualTo(before + 1);
    }

    private void twoMembersWithShards() {
        member(1);
        member(2);
        stage.coordinator.distribute("public.orders", 4, 1);
    }

    private void member(int n) {
        stage.starts(n, WorkerHealth.READY);
        stage.settle();
        assertThat(stage.coordinator.node(address(n))).isPresent();
    }

    private Node node(int n) {
        return stage.coordinator.node(address(n)).orElseThrow();
    }

    private void restored(Runnable restore) {
        restore.run();
        leadsAnew();
    }

    private void leadsAnew() {
        stage.database.terminateHolder();
        stage.clock.advance(Duration.ofSeconds(6));
    }

    private OrderAnswer accept() throws Exception {
        return order(new Order.AcceptCoordinator("operator"));
    }

    private OrderAnswer order(Order order) throws Exception {
        CompletableFuture<OrderAnswer> answer = stage.pass.orders().submit(order);
        stage.settle();
        return answer.get();
    }

    private List<String> journal() throws Exception {
        return stage.coordinator.journal(new JournalQuery(Optional.empty(), Optional.empty(), 100)).stream()
                .map(JournalEntry::sentence)
                .toList();
    }
}
