package dev.roster.testkit.citus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.citus.CoordinatorSizes;
import dev.roster.cluster.CatalogStage.Fault;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeSize;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Outcome;
import dev.roster.plan.Action;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What nodes say of their sizes, on the stand-in and on real Citus. */
@Tag("catalog")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class SizesContract {

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
    void whoHoldsNothingSaysZeroAndItsVersions() throws CoordinatorUnavailable {
        HostPort worker = added();

        NodeSize size = of(worker);

        assertThat(size.bytes()).hasValue(0);
        assertThat(size.postgres())
                .hasValueSatisfying(version -> assertThat(version).isNotBlank());
        assertThat(size.citus())
                .isEqualTo(Optional.of(catalog.snapshot().coordinator().citusVersion()));
        assertThat(size.unknown()).isEmpty();
    }

    @Test
    void whoHoldsShardsSaysHowMuchTheyTake() throws CoordinatorUnavailable {
        HostPort first = added();
        HostPort second = added();
        stage.distributedTable("orders", 4);

        assumeTrue(stage.keepsRows(), "needs real Citus: the stand-in's shards take no room");
        assertThat(of(first).bytes().orElseThrow()).isPositive();
        assertThat(of(second).bytes().orElseThrow()).isPositive();
    }

    @Test
    void whoDoesNotAnswerIsUnknownAndNotZero() throws CoordinatorUnavailable {
        HostPort first = added();
        HostPort second = added();
        stage.distributedTable("orders", 4);
        stage.stop(second);
        try {
            assertThat(of(first).bytes()).isPresent();
            assertThat(of(second).bytes()).isEmpty();
            assertThat(of(second).postgres()).isEmpty();
            assertThat(of(second).unknown())
                    .hasValueSatisfying(why -> assertThat(why).contains("failed to connect"));
        } finally {
            stage.start(second);
        }
    }

    @Test
    void aNodeThatSwallowsEverythingHoldsNobodyUp() throws CoordinatorUnavailable {
        HostPort first = added();
        HostPort silent = stage.unfitServer(Fault.BLACK_HOLE);
        registerWithoutMetadata(silent);

        assertThat(of(first).bytes()).hasValue(0);
        assertThat(of(silent).bytes()).isEmpty();
    }

    @Test
    void whoLacksTheMetadataDoesNotKnowWhatItHolds() throws CoordinatorUnavailable {
        HostPort worker = stage.newServer();
        registerWithoutMetadata(worker);

        assertThat(of(worker).bytes()).isEmpty();
        assertThat(of(worker).postgres()).isPresent();
        assertThat(of(worker).unknown()).isPresent();
    }

    private void registerWithoutMetadata(HostPort server) {
        stage.execute(
                stage.coordinator(),
                List.of(
                        "INSERT INTO pg_dist_node (nodeid, groupid, nodename, nodeport, isactive, hasmetadata, metadatasynced)"
                                + " VALUES (900, 900, '%s', %d, true, false, true)"
                                        .formatted(server.host(), server.port())));
    }

    private NodeSize of(HostPort address) throws CoordinatorUnavailable {
        return new CoordinatorSizes(catalog, stage.source(), stage.settings())
                .look().stream()
                        .filter(size -> size.address().equals(address))
                        .findFirst()
                        .orElseThrow();
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
