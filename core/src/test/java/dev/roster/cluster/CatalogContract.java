package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.identity.Identity;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the contract suites of a {@link CoordinatorCatalog} stand on: a fresh stage for each test, and the steps they share. */
public abstract class CatalogContract {

    static final Scope SCOPE = new Scope("static", "the list");

    // Both are set before each test.
    CatalogStage stage;
    CoordinatorCatalog catalog;

    /** A stage with a coordinator that has no nodes. */
    protected abstract CatalogStage openStage();

    @BeforeEach
    void open() {
        stage = openStage();
        catalog = stage.catalog();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    void registerCoordinator() throws CoordinatorUnavailable {
        assertDone(catalog.perform(
                new Action.SetCoordinatorAddress(stage.coordinator(), Optional.empty(), "before the first add")));
    }

    HostPort added() throws CoordinatorUnavailable {
        HostPort worker = stage.newServer();
        assertDone(catalog.perform(add(worker)));
        return worker;
    }

    Action.AddNode add(HostPort worker) {
        return new Action.AddNode(
                worker(worker), Optional.of(stage.identityOf(worker)), Optional.empty(), "seen by static and ready");
    }

    Node nodeAt(HostPort address) throws CoordinatorUnavailable {
        return catalog.snapshot().nodeAt(address).orElseThrow();
    }

    Member memberOf(Node node) throws CoordinatorUnavailable {
        return catalog.snapshot().ledger().member(node.id()).orElseThrow();
    }

    Placements placementsOf(HostPort worker) throws CoordinatorUnavailable {
        ClusterSnapshot seen = catalog.snapshot();
        return seen.placementsOf(seen.nodeAt(worker).orElseThrow().group());
    }

    static Worker worker(HostPort address) {
        return new Worker(address.toString(), address, WorkerHealth.READY, "listed", Optional.empty(), SCOPE, false);
    }

    static void assertDone(Outcome outcome) {
        assertThat(outcome).as(outcome.sentence()).isInstanceOf(Outcome.Done.class);
    }

    static Refusal assertRefused(Outcome outcome, Refusal.Situation situation) {
        assertThat(outcome).as(outcome.sentence()).isInstanceOf(Outcome.Refused.class);
        Refusal refusal = ((Outcome.Refused) outcome).refusal();
        assertThat(refusal.situation()).as(refusal.sentence()).isEqualTo(situation);
        assertThat(refusal.remedy()).as(refusal.sentence()).isNotBlank();
        return refusal;
    }

    Action.RemoveNode remove(Node node, boolean dead) throws CoordinatorUnavailable {
        return new Action.RemoveNode(node, memberOf(node), dead, "its container is gone");
    }

    List<Node> workers() throws CoordinatorUnavailable {
        return catalog.snapshot().nodes().stream()
                .filter(node -> !node.isCoordinator())
                .toList();
    }

    List<JournalEntry> journal() throws CoordinatorUnavailable {
        return catalog.journal(new JournalQuery(Optional.empty(), Optional.empty(), 100));
    }

    void assertNothingIsLeft() throws CoordinatorUnavailable {
        assertThat(catalog.snapshot().nodes()).isEmpty();
        assertThat(catalog.snapshot().ledger().members()).isEmpty();
    }

    static Member member(Node node, Optional<Identity> identity) {
        return new Member(
                node.id(),
                node.group(),
                node.address(),
                identity,
                Origin.ADDED,
                Optional.of(SCOPE),
                Instant.parse("2030-01-01T00:00:00Z"),
                Optional.empty(),
                false,
                Set.of());
    }
}
