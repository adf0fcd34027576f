package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeServer;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.plan.OrderAnswer.Why;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A person lets an empty server take the place of one that is lost for good (row 0). */
final class ReplaceOrdersTest {

    private final EngineStage stage = new EngineStage();

    @Test
    void theNewServerTakesThePlaceAndGetsEveryShard() {
        lost();
        Node row = node(1);
        stage.starts(9, WorkerHealth.READY);
        passes(2);

        OrderAnswer.Accepted answer = accepted(replace("pg-1", "pg-9"));
        passes(6);

        assertThat(answer.sentence())
                .contains("pg-9:5432 takes its place", "the rows of 4 shards are lost", "public.orders (4 of 8 shards)")
                .contains("copied from other nodes");
        assertThat(stage.coordinator.node(address(1))).isEmpty();
        assertThat(node(9).id()).isEqualTo(row.id());
        assertThat(node(9).group()).isEqualTo(row.group());
        assertThat(stage.coordinator.damage()).isEmpty();
        assertThat(server(9).shards).hasSize(6);
        assertThat(stage.coordinator
                        .look()
                        .ledger()
                        .member(row.id())
                        .orElseThrow()
                        .address())
                .isEqualTo(address(9));
        assertThat(verdict(9).situation()).isEqualTo(Situation.MEMBER);
        assertThat(journal()).contains("Worker pg-9:5432 takes the place of pg-1:5432", "all 6 shards are there");
    }

    @Test
    void theServerAtTheSameNameMayTakeThePlace() {
        lost();
        Node row = node(1);
        stage.servers.blank(address(1));
        stage.docker.sights(address(1), WorkerHealth.READY);
        passes(2);

        accepted(replace("pg-1", "pg-1"));
        passes(6);

        assertThat(node(1).id()).isEqualTo(row.id());
        assertThat(server(1).shards).hasSize(6);
        assertThat(verdict(1).situation()).isEqualTo(Situation.MEMBER);
    }

    @Test
    void anEmptyServerOfTheSameImageMayTakeThePlaceAtTheSameName() {
        membersWithShards();
        Node row = node(1);
        stage.clock.advance(Duration.ofMinutes(1));
        stage.servers.wipeToImage(address(1));
        passes(2);

        accepted(replace("pg-1", "pg-1"));
        passes(6);

        assertThat(node(1).id()).isEqualTo(row.id());
        assertThat(stage.coordinator.damage()).isEmpty();
        assertThat(server(1).shards).hasSize(6);
        assertThat(verdict(1).situation()).isEqualTo(Situation.MEMBER);
    }

    @Test
    void oneElsewhereTakesThePlaceThoughAnEmptyServerOfTheSameImageStandsThere() {
        membersWithShards();
        Node row = node(1);
        stage.clock.advance(Duration.ofMinutes(1));
        stage.servers.wipeToImage(address(1));
        passes(2);
        stage.starts(9, WorkerHealth.READY);

        accepted(replace("pg-1", "pg-9"));
        passes(6);

        assertThat(node(9).id()).isEqualTo(row.id());
        assertThat(stage.coordinator.damage()).isEmpty();
    }

    @Test
    void anEmptyServerThatRanAllTheTimeMayBeTheLostOne() {
        membersWithShards();
        Instant started = server(1).startTime;
        stage.servers.wipeToImage(address(1)).startTime = started;
        stage.starts(9, WorkerHealth.READY);
        passes(2);

        OrderAnswer.Refused answer = refused(replace("pg-1", "pg-9"));

        assertThat(answer.sentence()).contains("it cannot be told whether it is the lost one itself");
        assertThat(answer.remedy()).contains("make sure that the data is gone");
    }

    @Test
    void theLostServerIsKeptOutAndSaidToBeDangerousWhenItComesBack() {
        FakeServer old = lost();
        stage.starts(9, WorkerHealth.READY);
        passes(2);
        accepted(replace("pg-1", "pg-9"));
        passes(6);

        stage.clock.advance(Duration.ofHours(5));
        passes(2);
        stage.servers.put(address(1), old);
        stage.servers.restart(address(1));
        stage.docker.sights(address(1), WorkerHealth.READY);
        passes(3);

        assertThat(verdict(1).situation()).isEqualTo(Situation.UNFENCED);
        assertThat(verdict(1).sentence())
                .contains("lost and replaced by order of operator", "can write into live shards");
        assertThat(stage.coordinator.node(address(1))).isEmpty();
    }

    @Test
    void anotherRosterGoesOnWhereTheFirstWasEnded() {
        lost();
        stage.starts(9, WorkerHealth.READY);
        passes(2);
        accepted(replace("pg-1", "pg-9"));
        stage.clock.advance(Duration.ofSeconds(1));
        stage.pass.runOnce();

        Pass another = stage.pass(Deciding.by(PlanSettings.DEFAULTS));
        for (int i = 0; i < 8; i++) {
            stage.clock.advance(Duration.ofSeconds(1));
            another.runOnce();
        }

        assertThat(server(9).shards).hasSize(6);
        assertThat(intents()).singleElement().extracting(Intent::stage).isEqualTo(Intent.Stage.DONE);
    }

    @Test
    void withoutAcceptanceItOnlyTellsWhatWouldBeLost() {
        lost();
        stage.starts(9, WorkerHealth.READY);
        passes(2);

        OrderAnswer.Refused answer = refused(
                give(new Order.Give(Kind.REPLACE, "pg-1", TransferMode.AUTO, Optional.of("pg-9"), false, "operator")));

        assertThat(answer.why()).isEqualTo(Why.LOSES_DATA);
        assertThat(answer.sentence()).contains("the rows of 4 shards would be lost", "public.orders (4 of 8 shards)");
        assertThat(answer.remedy()).contains("--accept-data-loss");
        assertThat(intents()).isEmpty();
    }

    @Test
    void aServerThatAnswersIsNotReplaced() {
        membersWithShards();
        stage.starts(9, WorkerHealth.STARTING);
        passes(2);

        OrderAnswer.Refused answer = refused(replace("pg-1", "pg-9"));

        assertThat(answer.sentence()).contains("answers, so its shards are not lost");
        assertThat(answer.remedy()).contains("roster drain pg-1:5432");
    }

    @Test
    void nothingIsReplacedWhileACopyOfTheLostServerAnswersSomewhere() {
        membersWithShards();
        FakeServer old = die(1);
        stage.servers.put(address(5), old);
        stage.servers.restart(address(5));
        stage.docker.sights(address(5), WorkerHealth.READY);
        stage.starts(9, WorkerHealth.READY);
        passes(2);

        OrderAnswer.Refused answer = refused(replace("pg-1", "pg-9"));

        assertThat(answer.sentence()).contains("pg-5:5432 has the data of node pg-1:5432");
        assertThat(answer.remedy()).contains("nothing is lost", "roster follow pg-1:5432 --to pg-5:5432");
    }

    @Test
    void nothingIsReplacedWhileASightedServerHasNotToldWhatItHas() {
        lost();
        FakeServer unclear = stage.starts(5, WorkerHealth.READY);
        unclear.refusesLogin = true;
        stage.starts(9, WorkerHealth.READY);
        passes(2);

        OrderAnswer.Refused answer = refused(replace("pg-1", "pg-9"));

        assertThat(answer.sentence()).contains("pg-5:5432 may have the lost data", "login");
        unclear.refusesLogin = false;
        stage.clock.advance(Duration.ofSeconds(10));
        accepted(replace("pg-1", "pg-9"));
    }

    @Test
    void aServerThatDiedAMomentAgoIsAskedAgainBeforeTheOrderIsJudged() {
        membersWithShards();
        stage.starts(9, WorkerHealth.STARTING);
        passes(2);
        stage.servers.stop(address(1));
        stage.docker.losesSightOf(address(1));
        stage.starts(9, WorkerHealth.READY);

        accepted(replace("pg-1", "pg-9"));
    }

    @Test
    void theRowStaysWhileTheServerMayOnlyRestart() {
        membersWithShards();
        stage.starts(9, WorkerHealth.STARTING);
        passes(2);
        FakeServer old = server(1);
        stage.servers.stop(address(1));
        stage.docker.losesSightOf(address(1));
        stage.starts(9, WorkerHealth.READY);
        accepted(replace("pg-1", "pg-9"));

        passes(20);
        assertThat(verdict(1).sentence()).contains("it waits until the lost server has been silent for 30 s");
        stage.servers.put(address(1), old);
        stage.servers.restart(address(1));
        stage.clock.advance(Duration.ofMinutes(1));
        passes(3);

        assertThat(stage.coordinator.node(address(1))).isPresent();
        assertThat(verdict(1).sentence()).contains("it waits. The server of pg-1:5432 answers");
    }

    @Test
    void dataThatTurnsUpAfterTheOrderIsFollowedAndNothingIsLost() {
        FakeServer old = lost();
        stage.starts(9, WorkerHealth.READY);
        passes(2);
        stage.coordinator.isLockedByAnother(true);
        accepted(replace("pg-1", "pg-9"));

        stage.servers.put(address(5), old);
        stage.servers.restart(address(5));
        stage.docker.sights(address(5), WorkerHealth.READY);
        stage.coordinator.isLockedByAnother(false);
        passes(10);

        assertThat(stage.coordinator.node(address(1))).isEmpty();
        assertThat(stage.coordinator.node(address(5))).isPresent();
        assertThat(stage.coordinator.node(address(9))).isEmpty();
        assertThat(verdict(5).sentence()).contains("it waits");
    }

    @Test
    void onlyAnEmptyServerTakesAPlace() {
        lost();
        FakeServer other = stage.starts(9, WorkerHealth.READY);
        other.localTables.put("public.orders", 50);
        passes(2);

        OrderAnswer.Refused answer = refused(replace("pg-1", "pg-9"));

        assertThat(answer.sentence()).contains("pg-9:5432 cannot take the place of pg-1:5432", "public.orders");
    }

    @Test
    void anotherMemberDoesNotTakeAPlace() {
        lost();

        assertThat(refused(replace("pg-1", "pg-2")).sentence()).contains("'pg-2' is a node of the cluster already");
        assertThat(refused(replace("pg-1", "nobody")).why()).isEqualTo(Why.UNKNOWN_NAME);
        assertThat(refused(replace("nobody", "pg-2")).why()).isEqualTo(Why.UNKNOWN_NAME);
    }

    @Test
    void whatHoldsNoOnlyCopyIsRemovedInstead() {
        joined(1, 2);
        stage.coordinator.reference("public.countries");
        die(1);
        stage.starts(9, WorkerHealth.READY);
        passes(2);

        OrderAnswer.Refused answer = refused(replace("pg-1", "pg-9"));

        assertThat(answer.sentence()).contains("holds the only copy of no shard");
        assertThat(answer.remedy()).contains("roster remove pg-1");
    }

    @Test
    void aStoppedServerIsNotLost() {
        membersWithShards();
        stage.servers.stop(address(1));
        stage.docker.sights(address(1), WorkerHealth.STOPPED);
        stage.clock.advance(Duration.ofMinutes(5));
        stage.starts(9, WorkerHealth.READY);
        passes(2);

        assertThat(refused(replace("pg-1", "pg-9")).sentence()).contains("its data may be there still");
    }

    @Test
    void aNodeThatSomebodyElseRegisteredIsAdoptedFirst() {
        joined(2);
        stage.servers.blank(address(1));
        stage.coordinator.addByHand(address(1));
        stage.coordinator.distribute("public.orders", 8, 1);
        die(1);
        silentLongEnough();
        stage.starts(9, WorkerHealth.READY);
        passes(2);
        Node row = node(1);

        assertThat(accepted(replace("pg-1", "pg-9")).sentence()).contains("it was unmanaged, and is adopted for this");
        passes(6);

        assertThat(node(9).id()).isEqualTo(row.id());
        assertThat(stage.coordinator.look().ledger().member(row.id())).isPresent();
    }

    @Test
    void itIsCancelledBeforeItBeginsAndNotAfterwards() {
        lost();
        stage.starts(9, WorkerHealth.READY);
        passes(2);
        stage.coordinator.isLockedByAnother(true);
        accepted(replace("pg-1", "pg-9"));
        passes(2);

        assertThat(give(new Order.Cancel("pg-1", "operator"))).isInstanceOf(OrderAnswer.Accepted.class);
        passes(2);
        assertThat(intents()).isEmpty();
        assertThat(node(1)).isNotNull();

        stage.coordinator.isLockedByAnother(false);
        accepted(replace("pg-1", "pg-9"));
        while (stage.coordinator.node(address(9)).isEmpty()) {
            onePass();
        }
        stage.servers.stop(address(9));
        passes(2);
        assertThat(refused(give(new Order.Cancel("pg-9", "operator"))).sentence())
                .contains("cannot be taken back");
    }

    @Test
    void aSecondLossOnTheWayIsReplacedInTurn() {
        lost();
        stage.starts(9, WorkerHealth.READY);
        passes(2);
        accepted(replace("pg-1", "pg-9"));
        while (stage.coordinator.node(address(9)).isEmpty()) {
            onePass();
        }
        die(9);
        silentLongEnough();
        stage.starts(10, WorkerHealth.READY);
        passes(3);
        Node row = node(9);

        accepted(replace("pg-9", "pg-10"));
        passes(8);

        assertThat(node(10).id()).isEqualTo(row.id());
        assertThat(server(10).shards).hasSize(6);
        assertThat(verdict(10).situation()).isEqualTo(Situation.MEMBER);
    }

    @Test
    void theAwaitedServerDoesNotJoinByItself() {
        lost();
        stage.starts(9, WorkerHealth.READY);
        passes(2);
        stage.coordinator.isLockedByAnother(true);
        accepted(replace("pg-1", "pg-9"));

        assertThat(verdict(9).situation()).isEqualTo(Situation.ORDER_WAITING);
        assertThat(verdict(9).sentence()).contains("takes the place of pg-1:5432");
        assertThat(verdict(1).situation()).isEqualTo(Situation.REPLACING);
    }

    /** Two members with eight shards, a table with two copies of each, and a reference table; the first loses its server. */
    private FakeServer lost() {
        membersWithShards();
        FakeServer old = die(1);
        silentLongEnough();
        return old;
    }

    private void silentLongEnough() {
        stage.clock.advance(Duration.ofSeconds(30));
        passes(1);
    }

    private void membersWithShards() {
        joined(1, 2);
        stage.coordinator.distribute("public.orders", 8, 1);
        stage.coordinator.distribute("public.twice", 1, 2);
        stage.coordinator.reference("public.countries");
        passes(1);
    }

    private FakeServer die(int n) {
        FakeServer old = server(n);
        stage.servers.stop(address(n));
        stage.servers.remove(address(n));
        stage.docker.losesSightOf(address(n));
        stage.clock.advance(Duration.ofMinutes(1));
        passes(3);
        return old;
    }

    private void joined(int... numbers) {
        for (int n : numbers) {
            stage.starts(n, WorkerHealth.READY);
        }
        stage.settle();
    }

    private OrderAnswer replace(String name, String with) {
        return give(new Order.Give(Kind.REPLACE, name, TransferMode.AUTO, Optional.of(with), true, "operator"));
    }

    private OrderAnswer give(Order order) {
        CompletableFuture<OrderAnswer> answer = stage.pass.orders().submit(order);
        stage.pass.runOnce();
        return answer.join();
    }

    private static OrderAnswer.Accepted accepted(OrderAnswer answer) {
        assertThat(answer).isInstanceOf(OrderAnswer.Accepted.class);
        return (OrderAnswer.Accepted) answer;
    }

    private static OrderAnswer.Refused refused(OrderAnswer answer) {
        assertThat(answer).isInstanceOf(OrderAnswer.Refused.class);
        return (OrderAnswer.Refused) answer;
    }

    private void passes(int times) {
        for (int i = 0; i < times; i++) {
            stage.clock.advance(Duration.ofSeconds(1));
            stage.settle();
        }
    }

    private void onePass() {
        stage.clock.advance(Duration.ofSeconds(1));
        stage.pass.runOnce();
    }

    private Verdict verdict(int n) {
        HostPort wanted = address(n);
        return stage.pass.runOnce().plan().verdicts().stream()
                .filter(verdict -> verdict.address().equals(wanted))
                .findFirst()
                .orElseThrow();
    }

    private String journal() {
        try {
            return stage.coordinator.journal(new JournalQuery(Optional.empty(), Optional.empty(), 100)).stream()
                    .map(JournalEntry::sentence)
                    .reduce("", (one, other) -> one + "\n" + other);
        } catch (CoordinatorUnavailable e) {
            throw new AssertionError(e);
        }
    }

    private FakeServer server(int n) {
        return stage.servers.at(address(n)).orElseThrow();
    }

    private Node node(int n) {
        return stage.coordinator.node(address(n)).orElseThrow();
    }

    private List<Intent> intents() {
        return stage.coordinator.look().ledger().intents();
    }
}
