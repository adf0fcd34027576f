package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Outcome;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.plan.Action;
import dev.roster.provision.Attempt;
import dev.roster.provision.Provisioned;
import dev.roster.provision.Provisioner;
import dev.roster.provision.Script;
import dev.roster.provision.Target;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What every {@link Provisioner} has to do. Run on the fake, on PostgreSQL with the Citus stand-in, and on real Citus.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class ProvisionerContract {

    private static final Script NOTES = Script.of("CREATE TABLE public.notes (id int);\n");
    private static final Script BROKEN =
            Script.of("CREATE TABLE public.notes (id int);\n\nSELECT 1/0;\nCREATE TABLE public.never (id int);\n");

    // All are set before each test.
    private CatalogStage stage;
    private CoordinatorCatalog catalog;
    private Provisioner provisioner;

    /** A stage with a coordinator that has no nodes. */
    protected abstract CatalogStage openStage();

    @BeforeEach
    void open() throws CoordinatorUnavailable {
        stage = openStage();
        catalog = stage.catalog();
        provisioner = stage.provisioner(Duration.ofSeconds(20));
        catalog.snapshot();
        assertDone(catalog.perform(
                new Action.SetCoordinatorAddress(stage.coordinator(), Optional.empty(), "before the first add")));
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void atFirstNothingIsRemembered() throws CoordinatorUnavailable {
        assertThat(provisioner.done()).isEmpty();
    }

    @Test
    void aScriptIsCarriedOutOnEachMemberAndRemembered() throws CoordinatorUnavailable {
        Target.Member first = member(added());
        Target.Member second = member(added());

        assertThat(provisioner.onMembers(NOTES, List.of(first, second)))
                .extracting(Attempt::target, Attempt::result)
                .containsExactly(tuple(first, new Attempt.Result.Done()), tuple(second, new Attempt.Result.Done()));

        assertThat(stage.hasTable(first.address(), "notes")).isTrue();
        assertThat(stage.hasTable(second.address(), "notes")).isTrue();
        assertThat(stage.hasTable(stage.coordinator(), "notes")).isFalse();
        assertThat(provisioner.done())
                .extracting(Provisioned::key, Provisioned::system, Provisioned::fingerprint)
                .containsExactlyInAnyOrder(
                        tuple(first.key(), first.system(), NOTES.fingerprint()),
                        tuple(second.key(), second.system(), NOTES.fingerprint()));
        assertThat(journal())
                .extracting(JournalEntry::actor, JournalEntry::outcome, JournalEntry::node, JournalEntry::sentence)
                .contains(tuple(
                        "roster",
                        "done",
                        Optional.of(second.address().toString()),
                        "worker-sql " + NOTES.shortFingerprint() + " carried out on " + second.address()));
    }

    @Test
    void whatIsRememberedIsNotCarriedOutAgain() throws CoordinatorUnavailable {
        Target.Member member = member(added());
        provisioner.onMembers(NOTES, List.of(member));

        // it would fail: the table is there
        assertThat(only(provisioner.onMembers(NOTES, List.of(member)))).isEqualTo(new Attempt.Result.Done());
        assertThat(journal()).hasSize(1);
    }

    @Test
    void aChangedFileIsCarriedOutAgain() throws CoordinatorUnavailable {
        Target.Member member = member(added());
        provisioner.onMembers(NOTES, List.of(member));
        Script changed =
                Script.of("CREATE TABLE IF NOT EXISTS public.notes (id int); CREATE TABLE public.more (id int)");

        assertThat(only(provisioner.onMembers(changed, List.of(member)))).isEqualTo(new Attempt.Result.Done());

        assertThat(stage.hasTable(member.address(), "more")).isTrue();
        assertThat(provisioner.done())
                .extracting(Provisioned::key, Provisioned::fingerprint)
                .containsExactly(tuple(member.key(), changed.fingerprint()));
    }

    @Test
    void aScriptThatFailsOnAMemberLeavesNothingThereAndSaysWhere() throws CoordinatorUnavailable {
        Target.Member member = member(added());

        Attempt.Fault fault = fault(only(provisioner.onMembers(BROKEN, List.of(member))));

        assertThat(fault)
                .extracting(Attempt.Fault::statement, Attempt.Fault::line, Attempt.Fault::sqlState)
                .containsExactly(2, 3, "22012");
        assertThat(fault.remedy()).isNotBlank();
        assertThat(stage.hasTable(member.address(), "notes")).isFalse();
        assertThat(provisioner.done()).isEmpty();
    }

    @Test
    void oneMemberThatFailsDoesNotKeepTheOthersFromIt() throws CoordinatorUnavailable {
        Target.Member has = member(added());
        Target.Member lacks = member(added());
        provisioner.onMembers(Script.of("CREATE TABLE public.notes (id int)"), List.of(has));

        List<Attempt> attempts = provisioner.onMembers(NOTES, List.of(has, lacks));

        assertThat(fault(attempts.getFirst().result()).sqlState()).isEqualTo("42P07");
        assertThat(attempts.getLast().result()).isEqualTo(new Attempt.Result.Done());
        assertThat(stage.hasTable(lacks.address(), "notes")).isTrue();
    }

    @Test
    void aMemberThatCannotBeReachedIsSaid() throws CoordinatorUnavailable {
        HostPort worker = added();
        Target.Member member = member(worker);
        stage.stop(worker);

        Attempt.Fault fault = fault(only(provisioner.onMembers(NOTES, List.of(member))));

        assertThat(fault.sqlState()).isEqualTo("08006");
        assertThat(fault.sentence()).contains("failed to connect to " + worker);
    }

    @Test
    void anotherServerAtTheMembersAddressIsLeftAlone() throws CoordinatorUnavailable {
        HostPort worker = added();
        Target.Member member = member(worker);
        stage.wipe(worker);

        assertThat(only(provisioner.onMembers(NOTES, List.of(member)))).isInstanceOf(Attempt.Result.Outdated.class);

        assertThat(stage.hasTable(worker, "notes")).isFalse();
    }

    @Test
    void theCoordinatorsScriptAndItsMemoryAreOneTransaction() throws CoordinatorUnavailable {
        Target.Coordinator coordinator = coordinator();

        assertThat(provisioner.onCoordinator(NOTES, coordinator).result()).isEqualTo(new Attempt.Result.Done());

        assertThat(stage.hasTable(stage.coordinator(), "notes")).isTrue();
        assertThat(provisioner.done())
                .extracting(Provisioned::key, Provisioned::system)
                .containsExactly(tuple("coordinator", coordinator.system()));
        assertThat(provisioner.onCoordinator(NOTES, coordinator).result()).isEqualTo(new Attempt.Result.Done());
        assertThat(journal())
                .extracting(JournalEntry::action)
                .filteredOn("provision"::equals)
                .hasSize(1);
    }

    @Test
    void aScriptThatFailsOnTheCoordinatorLeavesNothing() throws CoordinatorUnavailable {
        Attempt.Fault fault =
                fault(provisioner.onCoordinator(BROKEN, coordinator()).result());

        assertThat(fault)
                .extracting(Attempt.Fault::statement, Attempt.Fault::line, Attempt.Fault::sqlState)
                .containsExactly(2, 3, "22012");
        assertThat(stage.hasTable(stage.coordinator(), "notes")).isFalse();
        assertThat(provisioner.done()).isEmpty();
    }

    @Test
    void aCoordinatorThatIsAnotherByNowIsLeftAlone() throws CoordinatorUnavailable {
        Target.Coordinator other = new Target.Coordinator(stage.coordinator(), "1");

        assertThat(provisioner.onCoordinator(NOTES, other).result()).isInstanceOf(Attempt.Result.Outdated.class);

        assertThat(stage.hasTable(stage.coordinator(), "notes")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatCannotRunInATransactionIsRefused(boolean onMember) throws CoordinatorUnavailable {
        Script script = Script.of("CREATE TABLE public.notes (id int); VACUUM");

        Attempt.Fault fault = onMember
                ? fault(only(provisioner.onMembers(script, List.of(member(added())))))
                : fault(provisioner.onCoordinator(script, coordinator()).result());

        assertThat(fault.sqlState()).isEqualTo("25001");
        assertThat(fault.statement()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatWouldEndTheTransactionIsRefusedBeforeAnythingRuns(boolean onMember) throws CoordinatorUnavailable {
        Script script = Script.of("CREATE TABLE public.notes (id int);\nCOMMIT;\nSELECT 1/0");
        HostPort worker = added();

        Attempt.Fault fault = onMember
                ? fault(only(provisioner.onMembers(script, List.of(member(worker)))))
                : fault(provisioner.onCoordinator(script, coordinator()).result());

        assertThat(fault.statement()).isEqualTo(2);
        assertThat(stage.hasTable(worker, "notes")).isFalse();
        assertThat(stage.hasTable(stage.coordinator(), "notes")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aScriptThatTakesTooLongIsCutOffAndLeavesNothing(boolean onMember) throws CoordinatorUnavailable {
        Script script = Script.of("CREATE TABLE public.notes (id int);\nSELECT pg_sleep(60)");
        Provisioner hasty = stage.provisioner(Duration.ofSeconds(1));
        HostPort worker = added();

        Attempt.Fault fault = onMember
                ? fault(only(hasty.onMembers(script, List.of(member(worker)))))
                : fault(hasty.onCoordinator(script, coordinator()).result());

        assertThat(fault.sqlState()).isEqualTo("57014");
        assertThat(stage.hasTable(worker, "notes")).isFalse();
        assertThat(stage.hasTable(stage.coordinator(), "notes")).isFalse();
        assertThat(hasty.done()).isEmpty();
    }

    private HostPort added() throws CoordinatorUnavailable {
        HostPort address = stage.newServer();
        Worker worker = new Worker(
                address.toString(),
                address,
                WorkerHealth.READY,
                "listed",
                Optional.empty(),
                new Scope("static", "the list"),
                false);
        assertDone(catalog.perform(
                new Action.AddNode(worker, Optional.of(stage.identityOf(address)), Optional.empty(), "ready")));
        return address;
    }

    private Target.Member member(HostPort address) throws CoordinatorUnavailable {
        Node node = catalog.snapshot().nodeAt(address).orElseThrow();
        return new Target.Member(node.id(), node.group(), address, Optional.of(stage.identityOf(address)));
    }

    private Target.Coordinator coordinator() throws CoordinatorUnavailable {
        return new Target.Coordinator(
                stage.coordinator(), catalog.snapshot().coordinator().systemIdentifier());
    }

    private List<JournalEntry> journal() throws CoordinatorUnavailable {
        return catalog.journal(new JournalQuery(Optional.empty(), Optional.empty(), 100)).stream()
                .filter(entry -> entry.action().equals("provision"))
                .toList();
    }

    private static Attempt.Result only(List<Attempt> attempts) {
        assertThat(attempts).hasSize(1);
        return attempts.getFirst().result();
    }

    private static Attempt.Fault fault(Attempt.Result result) {
        assertThat(result).isInstanceOf(Attempt.Result.Failed.class);
        return ((Attempt.Result.Failed) result).fault();
    }

    private static void assertDone(Outcome outcome) {
        assertThat(outcome).as(outcome.sentence()).isInstanceOf(Outcome.Done.class);
    }
}
