package dev.roster.reconcile;

import static dev.roster.reconcile.EngineStage.address;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.Node;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.PlanSettings;
import dev.roster.provision.FakeProvisioner;
import dev.roster.provision.ProvisionReport;
import dev.roster.provision.Script;
import dev.roster.provision.Scripts;
import dev.roster.provision.Standing;
import dev.roster.provision.Standing.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Members and the coordinator are set up with a person's SQL, beside membership and never in its way. */
final class ProvisioningTest {

    private static final String NOTES = "CREATE TABLE IF NOT EXISTS public.notes (id int)";
    private static final String BROKEN = "SELECT 1/0";

    private final EngineStage stage = new EngineStage();
    private final FakeProvisioner provisioner = new FakeProvisioner(stage.coordinator, stage.servers, stage.clock);
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private Scripts scripts = scripts(NOTES, "");
    private int minimumWorkers = 1;
    private Executor executor = Runnable::run;

    @Test
    void aWorkerThatJoinedGetsItsSqlOnce() {
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);

        PassResult result = settle(pass);
        later(pass, Duration.ofMinutes(1));

        assertThat(provisioner.ran()).containsExactly("worker-sql on pg-1:5432");
        assertThat(has(1, "notes")).isTrue();
        assertThat(result.provisioning()).hasValueSatisfying(report -> {
            assertThat(report.isSettled()).isTrue();
            assertThat(report.sentence()).isEqualTo("1 of 1 done");
        });
        assertThat(journal("done")).singleElement().satisfies(entry -> {
            assertThat(entry.actor()).isEqualTo("roster");
            assertThat(entry.node()).contains("pg-1:5432");
        });
    }

    @Test
    void allMembersAreAskedTogether() {
        Pass pass = pass();
        for (int n = 1; n <= 3; n++) {
            stage.starts(n, WorkerHealth.READY);
        }

        settle(pass);

        assertThat(provisioner.ran())
                .containsExactlyInAnyOrder(
                        "worker-sql on pg-1:5432", "worker-sql on pg-2:5432", "worker-sql on pg-3:5432");
    }

    @Test
    void aNodeThatWasAdoptedGetsItToo() {
        stage.starts(1, WorkerHealth.READY);
        stage.settle();
        Pass pass = pass();

        settle(pass);

        assertThat(provisioner.ran()).containsExactly("worker-sql on pg-1:5432");
    }

    @Test
    void aChangedFileIsCarriedOutAgainEverywhere() {
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);

        scripts = scripts("CREATE TABLE IF NOT EXISTS public.more (id int)", "");
        later(pass, EngineStage.INTERVAL);

        assertThat(has(1, "more")).isTrue();
        assertThat(provisioner.ran()).hasSize(2);
    }

    @Test
    void anotherServerInTheMembersPlaceGetsItAgain() {
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);

        stage.servers.wipe(address(1));
        for (int i = 0; i < 10; i++) {
            later(pass, Duration.ofSeconds(10));
        }

        assertThat(has(1, "notes")).isTrue();
    }

    @Test
    void theCoordinatorWaitsForSoManyMembersThatHaveTheirs() {
        scripts = scripts(NOTES, "CREATE TABLE public.orders (id int)");
        minimumWorkers = 2;
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);

        assertThat(standing(pass, "coordinator-sql").state()).isEqualTo(State.WAITING);
        assertThat(standing(pass, "coordinator-sql").sentence())
                .isEqualTo("waits for 2 members with worker-sql done, 1 is there");
        assertThat(report(pass).isSettled()).isFalse();

        stage.starts(2, WorkerHealth.READY);
        settle(pass);

        assertThat(provisioner.ran().getLast()).isEqualTo("coordinator-sql on master:5432");
        assertThat(report(pass).isSettled()).isTrue();
    }

    @Test
    void whatTheCoordinatorHasStaysDoneWhenMembersGo() {
        scripts = scripts("", "CREATE TABLE public.orders (id int)");
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);
        stage.docker.losesSightOf(address(1));
        stage.servers.stop(address(1));
        for (int i = 0; i < 5; i++) {
            later(pass, Duration.ofMinutes(1));
        }

        assertThat(stage.coordinator.node(address(1))).isEmpty();
        assertThat(report(pass).isSettled()).isTrue();
    }

    @Test
    void aFailureIsAnAlarmWithItsPlaceAndNeverKeepsAWorkerOut() {
        scripts = scripts(NOTES + ";\n" + BROKEN, "");
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);
        PassResult result = later(pass, Duration.ofMillis(1));

        assertThat(stage.coordinator.node(address(1))).isPresent();
        assertThat(result.plan().alarms())
                .singleElement()
                .asString()
                .startsWith("worker-sql fails on pg-1:5432: statement 2, line 2: 22012: ")
                .endsWith("correct the file");
        assertThat(has(1, "notes")).isFalse();
        stage.starts(2, WorkerHealth.READY);
        settle(pass);
        assertThat(stage.coordinator.node(address(2))).isPresent();
    }

    @Test
    void whatFailsIsTriedAgainLaterAndLater() {
        scripts = scripts(BROKEN, "");
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);

        assertThat(later(pass, Duration.ofSeconds(4))
                        .provisioning()
                        .orElseThrow()
                        .standings())
                .extracting(Standing::state)
                .containsExactly(State.FAILED);
        assertThat(provisioner.ran()).hasSize(1);
        later(pass, Duration.ofSeconds(2));
        later(pass, Duration.ofSeconds(6));
        assertThat(provisioner.ran()).hasSize(2);
        later(pass, Duration.ofSeconds(6));
        assertThat(provisioner.ran()).hasSize(3);
        assertThat(journal("refused")).hasSize(1);
    }

    @Test
    void theNextPassIsDueWhenTheNextTryIs() {
        scripts = scripts(BROKEN, "");
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);

        PassResult result = later(pass, Duration.ofSeconds(1));

        assertThat(result.nextBy()).isBeforeOrEqualTo(stage.clock.instant().plusSeconds(5));
    }

    @Test
    void aMendedFileEndsTheAlarmAtOnce() {
        scripts = scripts(BROKEN, "");
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);

        scripts = scripts(NOTES, "");
        later(pass, Duration.ofSeconds(1));
        PassResult result = later(pass, Duration.ofSeconds(1));

        assertThat(result.plan().alarms()).isEmpty();
        assertThat(has(1, "notes")).isTrue();
    }

    @Test
    void aFailingMemberHoldsUpNoOther() {
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        stage.starts(2, WorkerHealth.READY);
        stage.servers.at(address(1)).orElseThrow().localTables.put("public.taken", 0);
        scripts = scripts("CREATE TABLE public.taken (id int)", "");

        settle(pass);

        assertThat(has(2, "taken")).isTrue();
        assertThat(report(pass).sentence()).startsWith("1 of 2 done; worker-sql on pg-1:5432: ");
    }

    @Test
    void aMemberWithAnOrderWaits() {
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        scripts = Scripts.NONE;
        settle(pass);
        Node node = stage.coordinator.node(address(1)).orElseThrow();
        order(new LedgerChange.GiveIntent(Intent.ordered(
                Intent.Kind.HOLD,
                Optional.of(node.id()),
                node.address(),
                Optional.empty(),
                true,
                Intent.TransferMode.AUTO,
                Optional.empty(),
                "operator",
                stage.clock.instant())));

        scripts = scripts(NOTES, "");
        settle(pass);

        assertThat(provisioner.ran()).isEmpty();
        assertThat(standing(pass, "worker-sql").sentence()).contains("until the order");
        order(new LedgerChange.LiftIntent("node " + node.id().value()));
        later(pass, Duration.ofSeconds(1));
        assertThat(provisioner.ran()).hasSize(1);
    }

    @Test
    void aSlowScriptHoldsUpNoJoin() {
        executor = waiting::add;
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);
        assertThat(waiting).hasSize(1);
        assertThat(standing(later(pass, Duration.ofSeconds(1))).sentence()).isEqualTo("runs now");

        stage.starts(2, WorkerHealth.READY);
        settle(pass);

        assertThat(stage.coordinator.node(address(2))).isPresent();
        assertThat(waiting).as("one at a time").hasSize(1);
        waiting.remove().run();
        settle(pass);
        waiting.remove().run();
        settle(pass);
        assertThat(has(1, "notes")).isTrue();
        assertThat(has(2, "notes")).isTrue();
    }

    @Test
    void whoObservesOnlyCarriesNothingOut() {
        stage.starts(1, WorkerHealth.READY);
        stage.settle();
        Pass pass = stage.pass(PlanSettings.DEFAULTS.with(PlanSettings.Mode.OBSERVE), provisioning());

        settle(pass);

        assertThat(provisioner.ran()).isEmpty();
        assertThat(report(pass).sentence()).isEqualTo("roster.mode=observe: nothing is carried out");
    }

    @Test
    void nothingIsCarriedOutWhileACopyOfTheWholeClusterRunsBesideIt() {
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        stage.starts(2, WorkerHealth.READY);
        settle(pass);
        int ran = provisioner.ran().size();
        later(pass, EngineStage.INTERVAL);

        for (int n = 1; n <= 2; n++) {
            stage.servers.cloneTo(address(n), address(10 + n));
            stage.docker.sights(address(10 + n), WorkerHealth.READY);
        }
        later(pass, Duration.ofSeconds(1));
        scripts = scripts("CREATE TABLE IF NOT EXISTS public.more (id int)", "");
        later(pass, EngineStage.INTERVAL);

        assertThat(provisioner.ran()).hasSize(ran);
        assertThat(report(pass).sentence()).isEqualTo("a copy of the whole cluster runs: nothing is carried out");
    }

    @Test
    void whoStandsByCarriesNothingOut() {
        Pass pass = pass();
        new FakeLeaderLock(stage.database, "roster-2").tryAcquire();
        stage.starts(1, WorkerHealth.READY);

        assertThat(report(pass).sentence()).isEqualTo("left to the Roster that leads");
        assertThat(provisioner.ran()).isEmpty();
    }

    @Test
    void aFileThatCannotBeReadIsAnAlarm() {
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);
        scripts = new Scripts(Optional.empty(), Optional.empty(), List.of("The file w.sql is not there"));

        PassResult result = later(pass, Duration.ofSeconds(1));

        assertThat(result.plan().alarms()).containsExactly("The file w.sql is not there");
        assertThat(result.provisioning().orElseThrow().isSettled()).isFalse();
    }

    @Test
    void aCoordinatorThatIsGoneMeanwhileIsNoFailureOfTheScript() {
        executor = waiting::add;
        Pass pass = pass();
        stage.starts(1, WorkerHealth.READY);
        settle(pass);

        stage.coordinator.stop();
        waiting.remove().run();
        stage.coordinator.start();
        executor = Runnable::run;
        later(pass, Duration.ofSeconds(1));
        PassResult result = later(pass, Duration.ofSeconds(1));

        assertThat(result.plan().alarms()).isEmpty();
        waiting.remove().run();
        settle(pass);
        assertThat(has(1, "notes")).isTrue();
    }

    private Pass pass() {
        return stage.pass(PlanSettings.DEFAULTS, provisioning());
    }

    private Provisioning provisioning() {
        return new Provisioning(() -> scripts, provisioner, minimumWorkers, executor, () -> 0L);
    }

    private PassResult settle(Pass pass) {
        PassResult result = pass.runOnce();
        for (int i = 0; i < 50 && !result.nextBy().isAfter(stage.clock.instant()); i++) {
            result = pass.runOnce();
        }
        return result;
    }

    private PassResult later(Pass pass, Duration time) {
        stage.clock.advance(time);
        return settle(pass);
    }

    private ProvisionReport report(Pass pass) {
        return later(pass, Duration.ofMillis(1)).provisioning().orElseThrow();
    }

    private Standing standing(Pass pass, String script) {
        return report(pass).standings().stream()
                .filter(standing -> standing.target().script().equals(script))
                .findFirst()
                .orElseThrow();
    }

    private static Standing standing(PassResult result) {
        return result.provisioning().orElseThrow().standings().getFirst();
    }

    private boolean has(int n, String table) {
        return stage.servers.at(address(n)).orElseThrow().localTables.containsKey("public." + table);
    }

    private void order(LedgerChange change) {
        try {
            stage.coordinator.record(List.of(change));
        } catch (CoordinatorUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    private List<JournalEntry> journal(String outcome) {
        try {
            return stage.coordinator.journal(new JournalQuery(Optional.empty(), Optional.empty(), 100)).stream()
                    .filter(entry -> entry.action().equals("provision")
                            && entry.outcome().equals(outcome))
                    .toList();
        } catch (CoordinatorUnavailable e) {
            throw new IllegalStateException(e);
        }
    }

    private static Scripts scripts(String worker, String coordinator) {
        return new Scripts(
                Optional.of(worker).filter(text -> !text.isEmpty()).map(Script::of),
                Optional.of(coordinator).filter(text -> !text.isEmpty()).map(Script::of),
                List.of());
    }
}
