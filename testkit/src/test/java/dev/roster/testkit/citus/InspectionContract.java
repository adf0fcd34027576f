package dev.roster.testkit.citus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.citus.CitusCatalog;
import dev.roster.citus.CoordinatorInspection;
import dev.roster.citus.CoordinatorSettings;
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
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

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
                    .anyMatch(sentence ->
                            sentence.startsWith("The coordinator cannot ask it: ") && sentence.contains("refused"))
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
                .anySatisfy(finding -> {
                    assertThat(finding.sentence()).startsWith("The coordinator cannot ask it: no answer at all");
                    assertThat(finding.remedy()).contains("firewall");
                });
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

    @Test
    void anInactiveNodeWithPlacementsIsFound() throws CoordinatorUnavailable {
        added();
        HostPort away = added();
        stage.replicatedTable("payments", 2);
        stage.disableByHand(away);

        assertThat(findings())
                .filteredOn(finding -> finding.subject().equals(away.toString()))
                .extracting(Finding::sentence)
                .contains("It is inactive and has 2 distributed placements");
    }

    @Test
    void aNodeThatNobodyToldRosterOfIsFound() throws CoordinatorUnavailable {
        added();
        HostPort other = stage.newServer();
        stage.addByHand(other);

        assertThat(findings())
                .filteredOn(finding -> finding.subject().equals(other.toString()))
                .extracting(Finding::sentence)
                .singleElement()
                .asString()
                .startsWith("It is no member");
    }

    @Test
    void metadataThatIsOutOfSyncIsFound() throws CoordinatorUnavailable {
        HostPort worker = added();
        stage.stop(worker); // or Citus would sync it at once
        try {
            stage.owesMetadataTo(worker);

            assertThat(errors())
                    .filteredOn(finding -> finding.subject().equals(worker.toString()))
                    .extracting(Finding::sentence)
                    .contains("Its metadata is out of sync (metadatasynced=false)");
        } finally {
            stage.start(worker);
        }
    }

    @Test
    void aRoleWithoutRightsIsToldWhatItLacks() throws CoordinatorUnavailable {
        added();
        String role = "plain_" + stage.coordinator().port();
        stage.coordinatorServer().execute("DROP ROLE IF EXISTS " + role, "CREATE ROLE " + role + " LOGIN");
        try {
            stage.execute(
                    stage.coordinator(),
                    List.of(
                            "GRANT USAGE ON SCHEMA roster TO " + role,
                            "GRANT SELECT ON ALL TABLES IN SCHEMA roster TO " + role));

            assertThat(Preflight.findings(inspectionAs(role).look()))
                    .extracting(Finding::remedy)
                    .anyMatch(remedy -> remedy.contains("GRANT EXECUTE ON FUNCTION citus_add_node(")
                            && remedy.contains(" TO " + role + ";"))
                    .anyMatch(remedy -> remedy.startsWith("GRANT CREATE ON DATABASE"));
        } finally {
            stage.execute(stage.coordinator(), List.of("DROP OWNED BY " + role));
            stage.coordinatorServer().execute("DROP ROLE " + role);
        }
    }

    /** Only real Citus has the daemon that shows it without a connection to each database. */
    @Test
    void anotherDatabaseThatUsesCitusIsNamed() throws CoordinatorUnavailable {
        assumeTrue(stage.keepsRows(), "needs real Citus: the stand-in has no maintenance daemon");
        String other = "billing_" + stage.coordinator().port();
        stage.coordinatorServer().execute("CREATE DATABASE " + other);
        try {
            stage.coordinatorServer().executeIn(other, "CREATE EXTENSION citus", "SELECT count(*) FROM pg_dist_node");
            for (int turn = 0; turn < 50 && !daemonRunsIn(other); turn++) {
                stage.query(stage.coordinator(), "SELECT pg_sleep(0.2)");
            }

            assertThat(findings()).extracting(Finding::subject).contains("database " + other);
        } finally {
            stage.coordinatorServer().execute("DROP DATABASE " + other + " WITH (FORCE)");
        }
    }

    private boolean daemonRunsIn(String database) {
        return stage.query(
                        stage.coordinator(),
                        "SELECT count(*) > 0 FROM pg_stat_activity WHERE application_name = 'Citus Maintenance Daemon'"
                                + " AND datname = '" + database + "'")
                .equals("t");
    }

    private CoordinatorInspection inspectionAs(String role) {
        PGSimpleDataSource source = (PGSimpleDataSource) stage.source();
        source.setUser(role);
        CoordinatorSettings settings = new CoordinatorSettings(
                List.of(stage.coordinator()),
                stage.database(),
                role,
                stage.settings().limits(),
                CoordinatorSettings.LedgerPlace.DATABASE,
                false);
        return new CoordinatorInspection(new CitusCatalog(source, settings, InstantSource.system()), source, settings);
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
