package dev.roster.testkit.citus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.citus.CoordinatorInspection;
import dev.roster.cluster.CatalogStage.Fault;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Outcome;
import dev.roster.plan.Action;
import dev.roster.preflight.Finding;
import dev.roster.preflight.Finding.Severity;
import dev.roster.preflight.Preflight;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an inspection sees, on the stand-in and on real Citus. */
@Tag("catalog")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class InspectionContract {

    private CitusStage stage;
    private CoordinatorCatalog catalog;

    abstract CitusStage openStage();

    @BeforeEach
    void open() throws CoordinatorUnavailable {
        stage = openStage();
        catalog = stage.catalog();
        assertThat(catalog.perform(new Action.SetCoordinatorAddress(
                        stage.coordinator(), Optional.empty(), "before the first add")))
                .isInstanceOf(Outcome.Done.class);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aHealthyClusterHasNoErrorAndEveryNodeIsAsked() throws CoordinatorUnavailable {
        HostPort first = added();
        HostPort second = added();

        assertThat(inspection().look().answers()).containsOnlyKeys(stage.coordinator(), first, second);
        assertThat(findings())
                .filteredOn(finding -> finding.severity() == Severity.ERROR)
                .isEmpty();
    }

    @Test
    void aStoppedNodeIsSeenFromEverySide() throws CoordinatorUnavailable {
        HostPort first = added();
        HostPort second = added();
        stage.stop(second);
        try {
            List<Finding> errors = errors();

            assertThat(errors).extracting(Finding::subject).containsOnly(second.toString());
            assertThat(errors)
                    .extracting(Finding::sentence)
                    .hasSize(2)
                    .anyMatch(sentence -> sentence.startsWith("The coordinator cannot ask it"))
                    .anyMatch(sentence -> sentence.startsWith("It cannot be reached from")
                            && sentence.contains(first.toString())
                            && sentence.contains(stage.coordinator().toString()));
        } finally {
            stage.start(second);
        }
    }

    @Test
    void aNodeThatSwallowsEverythingHoldsNobodyUp() throws CoordinatorUnavailable {
        HostPort first = added();
        HostPort silent = stage.unfitServer(Fault.BLACK_HOLE);
        stage.execute(
                stage.coordinator(),
                List.of(
                        "INSERT INTO pg_dist_node (nodeid, groupid, nodename, nodeport, isactive, hasmetadata, metadatasynced)"
                                + " VALUES (900, 900, '%s', %d, true, false, true)"
                                        .formatted(silent.host(), silent.port())));

        assertThat(errors())
                .filteredOn(finding -> finding.subject().equals(silent.toString()))
                .isNotEmpty();
        assertThat(inspection().look().answers()).containsKey(first);
    }

    @Test
    void shardsThatSomebodyDeletedByHandAreFound() throws CoordinatorUnavailable {
        added();
        stage.distributedTable("orders", 4);
        stage.execute(stage.coordinator(), List.of("DELETE FROM pg_dist_placement"));

        assertThat(errors())
                .anySatisfy(finding -> assertThat(finding.sentence()).startsWith("4 shards have no placement"));
    }

    @Test
    void nothingIsChangedByLooking() throws CoordinatorUnavailable {
        added();
        var before = catalog.snapshot();

        findings();

        assertThat(catalog.snapshot().nodes()).isEqualTo(before.nodes());
    }

    private CoordinatorInspection inspection() {
        return new CoordinatorInspection(stage.catalog(), stage.source(), stage.settings());
    }

    private List<Finding> findings() throws CoordinatorUnavailable {
        return Preflight.findings(inspection().look());
    }

    private List<Finding> errors() throws CoordinatorUnavailable {
        return findings().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }

    private HostPort added() throws CoordinatorUnavailable {
        HostPort address = stage.newServer();
        Worker worker = new Worker(
                address.host(),
                address,
                WorkerHealth.READY,
                "",
                Optional.empty(),
                new Scope("static", "the list"),
                false);
        assertThat(catalog.perform(new Action.AddNode(
                        worker, Optional.of(stage.identityOf(address)), Optional.empty(), "seen by static")))
                .isInstanceOf(Outcome.Done.class);
        return address;
    }
}
