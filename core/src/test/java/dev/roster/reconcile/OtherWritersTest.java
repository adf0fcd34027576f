package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Withheld;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Somebody else writes {@code pg_dist_node} too: Roster does not fight over a member. */
final class OtherWritersTest {

    private static final HostPort ELSEWHERE = new HostPort("elsewhere", 5432);

    private final EngineStage stage = new EngineStage();

    @Test
    void oneChangeIsToldAndPutRight() throws Exception {
        member(1);

        somebodyMovesItsRow();
        stage.settle();

        assertThat(stage.coordinator.node(address(1))).isPresent();
        assertThat(journal()).contains("Somebody else moved node 2 of group 1 from pg-1:5432 to elsewhere:5432");
        assertThat(withheld()).isEmpty();
    }

    @Test
    void afterTheSecondWithinAnHourRosterOnlyAssists() throws Exception {
        member(1);
        somebodyMovesItsRow();
        stage.settle();
        stage.clock.advance(Duration.ofMinutes(30));

        somebodyMovesItsRow();
        PassResult result = stage.settle();

        assertThat(stage.coordinator.node(ELSEWHERE)).isPresent();
        assertThat(result.plan().withheld()).extracting(Withheld::filter).contains("other-writer");
        assertThat(result.plan().alarms())
                .anyMatch(alarm -> alarm.startsWith("Somebody else changes the row of elsewhere:5432 (moved node 2")
                        && alarm.contains("roster cancel elsewhere:5432"));
        assertThat(journal())
                .filteredOn(line -> line.contains("only tells what differs"))
                .hasSize(1);

        for (int i = 0; i < 10; i++) {
            stage.clock.advance(Duration.ofMinutes(10));
            stage.settle();
        }
        assertThat(stage.coordinator.node(ELSEWHERE)).isPresent();
        assertThat(journal())
                .filteredOn(line -> line.contains("only tells what differs"))
                .hasSize(1);
    }

    @Test
    void twoChangesHoursApartAreNoHabit() {
        member(1);
        somebodyMovesItsRow();
        stage.settle();
        stage.clock.advance(Duration.ofHours(2));
        stage.settle();

        somebodyMovesItsRow();
        stage.settle();

        assertThat(stage.coordinator.node(address(1))).isPresent();
    }

    @Test
    void whatIsRemovedTwiceIsNotAddedAThirdTime() {
        member(1);
        stage.coordinator.removeByHand(address(1));
        settleLonger();
        assertThat(stage.coordinator.node(address(1))).isPresent();

        stage.coordinator.removeByHand(address(1));
        settleLonger();

        assertThat(stage.coordinator.node(address(1))).isEmpty();
        assertThat(withheld()).contains("other-writer");
    }

    @Test
    void othersAreLookedAfterAsEver() {
        member(1);
        stage.coordinator.removeByHand(address(1));
        settleLonger();
        stage.coordinator.removeByHand(address(1));
        settleLonger();

        member(2);

        assertThat(stage.coordinator.node(address(2))).isPresent();
    }

    @Test
    void theNextRosterKnowsItToo() {
        member(1);
        assistsForTheFirst();

        Pass next = stage.pass(Deciding.by(PlanSettings.DEFAULTS));
        for (int i = 0; i < 5; i++) {
            stage.clock.advance(Duration.ofMinutes(1));
            next.runOnce();
        }

        assertThat(stage.coordinator.node(ELSEWHERE)).isPresent();
    }

    @Test
    void afterADayWithoutAnotherChangeRosterLooksAfterItAgain() throws Exception {
        member(1);
        assistsForTheFirst();
        stage.clock.advance(Duration.ofHours(23));
        settleLonger();
        assertThat(stage.coordinator.node(ELSEWHERE)).isPresent();

        stage.clock.advance(Duration.ofMinutes(61));
        settleLonger();

        assertThat(stage.coordinator.node(address(1))).isPresent();
        assertThat(journal()).anyMatch(line -> line.endsWith("for a day: Roster looks after it again"));
        assertThat(stage.coordinator.look().ledger().interferences()).isEmpty();
    }

    @Test
    void aPersonEndsIt() throws Exception {
        member(1);
        assistsForTheFirst();

        OrderAnswer answer = order(new Order.Cancel("elsewhere", "operator"));
        settleLonger();

        assertThat(answer.sentence()).startsWith("Roster looks after elsewhere:5432 again, by order of operator");
        assertThat(stage.coordinator.node(address(1))).isPresent();
    }

    @Test
    void whatAPersonOrdersIsCarriedOut() throws Exception {
        member(1);
        assistsForTheFirst();

        OrderAnswer answer = order(new Order.Give(
                Intent.Kind.FOLLOW, "elsewhere", Intent.TransferMode.AUTO, Optional.of("pg-1"), "operator"));
        settleLonger();

        assertThat(answer).isInstanceOf(OrderAnswer.Accepted.class);
        assertThat(stage.coordinator.node(address(1))).isPresent();
    }

    private void member(int n) {
        stage.starts(n, WorkerHealth.READY);
        stage.settle();
        assertThat(stage.coordinator.node(address(n))).isPresent();
        stage.clock.advance(Duration.ofSeconds(30));
        stage.settle();
    }

    private void assistsForTheFirst() {
        somebodyMovesItsRow();
        settleLonger();
        somebodyMovesItsRow();
        settleLonger();
        assertThat(stage.coordinator.node(ELSEWHERE)).isPresent();
    }

    private void settleLonger() {
        for (int i = 0; i < 4; i++) {
            stage.clock.advance(Duration.ofSeconds(20));
            stage.settle();
        }
    }

    private void somebodyMovesItsRow() {
        Node row = stage.coordinator.node(address(1)).orElseThrow();
        stage.coordinator.put(new Node(
                row.id(),
                row.group(),
                ELSEWHERE,
                row.role(),
                row.cluster(),
                row.isActive(),
                row.hasMetadata(),
                row.metadataSynced(),
                row.shouldHaveShards(),
                row.isClone()));
    }

    private OrderAnswer order(Order order) throws Exception {
        CompletableFuture<OrderAnswer> answer = stage.pass.orders().submit(order);
        stage.settle();
        return answer.get();
    }

    private List<String> withheld() {
        return stage.pass.runOnce().plan().withheld().stream()
                .map(Withheld::filter)
                .toList();
    }

    private List<String> journal() throws Exception {
        return stage.coordinator.journal(new JournalQuery(Optional.empty(), Optional.empty(), 100)).stream()
                .map(JournalEntry::sentence)
                .toList();
    }
}
