package dev.roster.testkit.citus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.roster.citus.AdvisoryLeaderLock;
import dev.roster.citus.CitusCatalog;
import dev.roster.citus.CoordinatorSettings;
import dev.roster.cluster.CatalogStage.Fault;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.Action;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the adapter does beyond the contract: how much it sends, and why it cannot read a coordinator. */
@Tag("catalog")
class CitusCatalogTest {

    private CitusStage stage;

    @BeforeEach
    void open() {
        stage = new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void oneStatementReadsTheCoordinatorAndOneItsJobsAndAnAddTakesFiveAndOneQuestionBesides()
            throws CoordinatorUnavailable {
        CountingSource source = new CountingSource(stage.source());
        CitusCatalog catalog = catalog(source, stage.settings());
        HostPort first = stage.newServer();
        HostPort second = stage.newServer();
        catalog.perform(add(first));
        catalog.snapshot();

        source.reset();
        catalog.snapshot();
        assertThat(source.statements()).isEqualTo(2);

        source.reset();
        catalog.perform(add(second));
        assertThat(source.statements()).isLessThanOrEqualTo(6);

        source.reset();
        catalog.record(List.of());
        assertThat(source.statements()).isZero();
    }

    @Test
    void aConnectionGoesBackAsItCame() throws Exception {
        CountingSource source = new CountingSource(stage.source());
        catalog(source, stage.settings()).snapshot();

        assertThat(source.last().getAutoCommit()).isTrue();
    }

    @Test
    void theLedgerIsNotMadeByReading() throws CoordinatorUnavailable {
        catalog(stage.source(), stage.settings()).snapshot();

        assertThat(stage.query(stage.coordinator(), "SELECT to_regnamespace('roster')"))
                .isEmpty();
    }

    @Test
    void theLedgerInMemoryNeedsNoSchema() throws CoordinatorUnavailable {
        CitusCatalog catalog =
                catalog(stage.source(), settings(stage.database(), CoordinatorSettings.LedgerPlace.MEMORY, false));

        catalog.perform(add(stage.newServer()));

        assertThat(catalog.snapshot().ledger().members()).hasSize(1);
        assertThat(stage.query(stage.coordinator(), "SELECT to_regnamespace('roster')"))
                .isEmpty();
    }

    @Test
    void aLedgerThatWasDroppedIsMadeAnew() throws CoordinatorUnavailable {
        CitusCatalog catalog = catalog(stage.source(), stage.settings());
        HostPort worker = stage.newServer();
        catalog.perform(add(worker));
        catalog.snapshot();
        stage.execute(stage.coordinator(), List.of("DROP SCHEMA roster CASCADE"));

        ClusterSnapshot snapshot = catalog.snapshot();
        assertThat(snapshot.nodes()).hasSize(1);
        assertThat(snapshot.ledger().members()).isEmpty();
        catalog.record(List.of(
                new LedgerChange.ForgetMember(snapshot.nodes().getFirst().id())));
    }

    @Test
    void aLedgerOfAnEarlierVersionIsReadAndBroughtToThisOneByTheFirstWrite() throws CoordinatorUnavailable {
        CitusCatalog former = catalog(stage.source(), stage.settings());
        former.perform(add(stage.newServer()));
        former.record(List.of(new LedgerChange.GiveIntent(hold(Optional.empty()))));
        stage.execute(
                stage.coordinator(),
                List.of(
                        "ALTER TABLE roster.intent DROP COLUMN target_host, DROP COLUMN target_port",
                        "ALTER TABLE roster.member DROP COLUMN standbys, DROP COLUMN twins",
                        "UPDATE roster.ledger SET version = 1"));

        CitusCatalog catalog = catalog(stage.source(), stage.settings());
        assertThat(catalog.snapshot().ledger().members()).hasSize(1);
        assertThat(catalog.snapshot().ledger().intents()).containsExactly(hold(Optional.empty()));

        Intent target = hold(Optional.of(new HostPort("pg-2", 5432)));
        catalog.record(List.of(new LedgerChange.UpdateIntent(target)));
        assertThat(catalog.snapshot().ledger().intents()).containsExactly(target);
    }

    private static Intent hold(Optional<HostPort> target) {
        return Intent.ordered(
                Intent.Kind.HOLD,
                Optional.empty(),
                new HostPort("pg-1", 5432),
                Optional.empty(),
                true,
                Intent.TransferMode.AUTO,
                target,
                "operator",
                Instant.parse("2030-01-01T00:00:00Z"));
    }

    @Test
    void aMissingExtensionIsNamedOrCreated() throws CoordinatorUnavailable {
        stage.execute(stage.coordinator(), List.of("DROP EXTENSION citus CASCADE"));

        CoordinatorUnavailable missing = failure(stage.source(), stage.settings());
        assertThat(missing).hasMessageContaining("lacks the citus extension");
        assertThat(missing.remedy()).contains("roster.provision.create-extension");

        CoordinatorSettings creating = settings(stage.database(), CoordinatorSettings.LedgerPlace.DATABASE, true);
        assertThat(catalog(stage.source(), creating).snapshot().nodes()).isEmpty();
    }

    @Test
    void aWorkerIsNotTakenForTheCoordinator() throws CoordinatorUnavailable {
        HostPort worker = stage.newServer();
        catalog(stage.source(), stage.settings()).perform(add(worker));

        CoordinatorUnavailable wrong = failure(stage.server(worker).dataSource(stage.database()), stage.settings());

        assertThat(wrong).hasMessageContaining("is a worker of a cluster");
        assertThat(wrong.remedy()).contains("CITUS_HOST");
    }

    @Test
    void aPoolerIsRefusedBeforeAnythingIsReadOrLocked() throws Exception {
        HostPort server = stage.coordinator();
        try (PoolerLike pooler = new PoolerLike(server.host(), server.port())) {
            String url = "jdbc:postgresql://127.0.0.1:" + pooler.port() + "/" + stage.database() + "?user=postgres";
            CountingSource source = new CountingSource(() -> DriverManager.getConnection(url));

            CoordinatorUnavailable refused = failure(source, stage.settings());
            assertThat(refused).hasMessageContaining("is behind a connection pooler");
            assertThat(refused.remedy()).contains("point CITUS_HOST and the port to PostgreSQL itself");

            HostPort worker = stage.newServer();
            CitusCatalog catalog = catalog(source, stage.settings());
            assertThat(catchThrowableOfType(CoordinatorUnavailable.class, () -> catalog.perform(add(worker))))
                    .hasMessageContaining("is behind a connection pooler");
            assertThat(catalog(stage.source(), stage.settings()).snapshot().nodes())
                    .isEmpty();

            try (AdvisoryLeaderLock lock =
                    new AdvisoryLeaderLock(() -> DriverManager.getConnection(url), Duration.ofSeconds(5))) {
                assertThat(lock.tryAcquire()).isFalse();
            }
        }
    }

    @Test
    void aStandbyOfTheCoordinatorIsNamed() {
        HostPort standby = stage.newServer();
        stage.server(standby).restartAsStandby();

        CoordinatorUnavailable refused = failure(stage.server(standby).dataSource(stage.database()), stage.settings());

        assertThat(refused).hasMessageContaining("is a standby, and changes are possible on the primary only");
        assertThat(refused.remedy()).contains("point CITUS_HOST to the primary, or list all hosts there");
        assertThat(stage.query(standby, "SELECT pg_promote()")).isEqualTo("t");
    }

    @Test
    void theJournalIsPrunedAtItsCap() throws CoordinatorUnavailable {
        CitusCatalog catalog = catalog(stage.source(), stage.settings());
        catalog.record(List.of(line("first")));
        stage.execute(stage.coordinator(), List.of("""
                INSERT INTO roster.journal (at, actor, action, outcome, sentence)
                SELECT now(), 'roster', 'add', 'noted', 'line ' || n FROM generate_series(2, 100999) n"""));

        catalog.record(List.of(line("last")));

        assertThat(stage.query(stage.coordinator(), "SELECT count(*) || ' from ' || min(id) FROM roster.journal"))
                .isEqualTo("100000 from 1001");
        assertThat(catalog.journal(new JournalQuery(Optional.empty(), Optional.empty(), 1)))
                .extracting(JournalEntry::sentence)
                .containsExactly("last");
    }

    private static LedgerChange line(String sentence) {
        return new LedgerChange.Append(new JournalEntry(
                0, InstantSource.system().instant(), "roster", "add", Optional.empty(), "noted", sentence));
    }

    @Test
    void aMissingDatabaseAndAWrongPasswordAreNamedWithoutThePassword() {
        CoordinatorUnavailable noDatabase = failure(
                stage.coordinatorServer().dataSource("nowhere"),
                settings("nowhere", CoordinatorSettings.LedgerPlace.DATABASE, false));
        assertThat(noDatabase).hasMessageContaining("has no database nowhere");

        HostPort guarded = stage.unfitServer(Fault.PASSWORD);
        CoordinatorUnavailable refused =
                failure(stage.server(guarded).dataSource(stage.database(), "s3cr3t-guess"), stage.settings());
        assertThat(refused).hasMessageContaining("refuses the password of user postgres");
        assertThat(refused.getMessage() + refused.remedy()).doesNotContain("s3cr3t-guess");
    }

    @Test
    void aCoordinatorThatIsDownIsNamed() {
        HostPort nobody = stage.unfitServer(Fault.REFUSED);
        DataSource source = new CountingSource(
                () -> DriverManager.getConnection("jdbc:postgresql://" + nobody + "/postgres?user=postgres"));

        assertThat(failure(source, stage.settings())).hasMessageContaining("cannot be reached");
    }

    private static CoordinatorUnavailable failure(DataSource source, CoordinatorSettings settings) {
        return catchThrowableOfType(
                CoordinatorUnavailable.class, () -> catalog(source, settings).snapshot());
    }

    private static CitusCatalog catalog(DataSource source, CoordinatorSettings settings) {
        return new CitusCatalog(source, settings, InstantSource.system());
    }

    private CoordinatorSettings settings(
            String database, CoordinatorSettings.LedgerPlace ledger, boolean createExtension) {
        CoordinatorSettings plain = stage.settings();
        return new CoordinatorSettings(plain.hosts(), database, plain.user(), plain.limits(), ledger, createExtension);
    }

    private Action.AddNode add(HostPort address) {
        Worker worker = new Worker(
                address.toString(),
                address,
                WorkerHealth.READY,
                "listed",
                Optional.empty(),
                new Scope("static", "the list"),
                false);
        return new Action.AddNode(worker, Optional.of(stage.identityOf(address)), Optional.empty(), "ready");
    }
}
