package dev.roster.testkit.citus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.citus.AdvisoryLeaderLock;
import dev.roster.citus.CitusCatalog;
import dev.roster.citus.CoordinatorProbe;
import dev.roster.citus.CoordinatorSettings;
import dev.roster.citus.DirectProbe;
import dev.roster.cluster.CatalogStage.Fault;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ProbeRequest.Depth;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerProbe;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.Action;
import dev.roster.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the probes and the leader's lock do, on the stand-in and on real Citus. */
@Tag("catalog")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class ProbeContract {

    private CitusStage stage;

    abstract CitusStage openStage();

    @BeforeEach
    void open() {
        stage = openStage();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aBlankServerIsBlankAndOneNodeChangesThat() throws CoordinatorUnavailable {
        HostPort worker = stage.newServer();

        for (ServerProbe probe : probes()) {
            ServerReport report = report(probe, candidate(worker));
            assertThat(report.identity()).isEqualTo(stage.identityOf(worker));
            assertThat(report.isBlank()).isTrue();
            assertThat(report.inRecovery()).isFalse();
            assertThat(report.timeline()).isEqualTo(1);
            assertThat(report.lsn()).contains("/");
            ServerReport.Candidate facts = report.candidate().orElseThrow();
            assertThat(facts.extensionVersion()).isPresent();
            assertThat(facts.preloaded()).isTrue();
            assertThat(facts.clashingTables()).isEmpty();
            assertThat(facts.coordinatorIdentifier()).isEmpty();
        }
    }

    @Test
    void aTableMadeBetweenProbeAndAddCostsNoLocalTableOfItsName() throws CoordinatorUnavailable {
        stage.addByHand(stage.newServer());
        stage.distributedTable("customers", 2);
        HostPort worker = stage.newServer();
        stage.execute(
                worker,
                List.of(
                        "CREATE TABLE public.orders (id int)",
                        "INSERT INTO public.orders SELECT generate_series(1, 50)"));
        for (ServerProbe probe : probes()) {
            ServerReport.Candidate before =
                    report(probe, candidate(worker)).candidate().orElseThrow();
            assertThat(before.clashingTables()).isEmpty();
            assertThat(before.comparedWith()).isNotEmpty();
        }
        ServerReport probed = report(probes().getFirst(), candidate(worker));
        stage.catalog().snapshot();

        stage.distributedTable("orders", 2);
        Outcome outcome = stage.catalog()
                .perform(add(
                        worker,
                        Optional.of(probed.identity()),
                        probed.candidate().map(ServerReport.Candidate::comparedWith)));

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused ->
                                assertThat(refused.refusal().situation()).isEqualTo(Refusal.Situation.TABLES_CHANGED));
        assertThat(stage.query(worker, "SELECT count(*) FROM public.orders")).isEqualTo("50");
        assertThat(report(probes().getFirst(), candidate(worker))
                        .candidate()
                        .orElseThrow()
                        .clashingTables())
                .containsExactly("public.orders");
    }

    @Test
    void aMemberTellsItsGroupAndWhetherItHasItsShards() throws CoordinatorUnavailable {
        HostPort worker = stage.newServer();
        stage.execute(
                stage.coordinator(),
                List.of("SELECT citus_set_coordinator_host('"
                        + stage.coordinator().host() + "', "
                        + stage.coordinator().port() + ")"));
        stage.addByHand(worker);
        stage.distributedTable("orders", 2);
        CitusCatalog catalog = (CitusCatalog) stage.catalog();
        GroupId group = catalog.snapshot().nodeAt(worker).orElseThrow().group();
        String relation =
                catalog.snapshot().placementsOf(group).sampleRelation().orElseThrow();

        for (ServerProbe probe : probes()) {
            ServerReport report = report(probe, new ProbeRequest(worker, Depth.CANDIDATE, Optional.of(relation)));
            assertThat(report.localGroup()).isEqualTo(group);
            assertThat(report.nodes()).isEqualTo(2);
            assertThat(report.relationPresent()).contains(true);
            ServerReport.Candidate facts = report.candidate().orElseThrow();
            assertThat(facts.ownDistributedPlacements()).isEqualTo(2);
            assertThat(facts.citusTables()).isEqualTo(1);
            assertThat(facts.clashingTables()).isEmpty();
            assertThat(facts.shardNamedRelations()).hasSize(2);
            assertThat(facts.coordinatorIdentifier())
                    .contains(catalog.snapshot().coordinator().systemIdentifier());
            assertThat(report(probe, new ProbeRequest(worker, Depth.MEMBER, Optional.of("public.\"no''where\"")))
                            .relationPresent())
                    .contains(false);
        }
    }

    @Test
    void aTableNamedLikeADistributedOneIsAClash() throws CoordinatorUnavailable {
        stage.addByHand(stage.newServer());
        stage.distributedTable("orders", 2);
        HostPort other = stage.newServer();
        stage.execute(other, List.of("CREATE TABLE public.orders (id int)", "CREATE TABLE public.orders_7 (id int)"));

        for (ServerProbe probe : probes()) {
            ServerReport.Candidate facts =
                    report(probe, candidate(other)).candidate().orElseThrow();
            assertThat(facts.clashingTables()).containsExactly("public.orders");
            assertThat(facts.shardNamedRelations()).isEmpty();
        }
    }

    @Test
    void eachFailureIsNamedWithItsRemedyAndNoneHidesTheOthers() throws CoordinatorUnavailable {
        HostPort good = stage.newServer();
        Map<HostPort, ProbeFailure> unfit = Map.of(
                stage.unfitServer(Fault.REFUSED), ProbeFailure.REFUSED,
                stage.unfitServer(Fault.UNRESOLVED), ProbeFailure.UNRESOLVED,
                stage.unfitServer(Fault.PASSWORD), ProbeFailure.LOGIN,
                stage.unfitServer(Fault.NO_DATABASE), ProbeFailure.NO_DATABASE,
                stage.unfitServer(Fault.NO_EXTENSION), ProbeFailure.NO_EXTENSION);
        List<ProbeRequest> requests = Stream.concat(unfit.keySet().stream(), Stream.of(good))
                .map(ProbeContract::candidate)
                .toList();

        for (ServerProbe probe : probes()) {
            Map<HostPort, ProbeResult> answers = probe.probe(requests);
            assertThat(answers.get(good)).isInstanceOf(ProbeResult.Answered.class);
            unfit.forEach((address, failure) -> assertThat(answers.get(address))
                    .isInstanceOfSatisfying(ProbeResult.Failed.class, failed -> {
                        assertThat(failed.failure()).as(failed.sentence()).isEqualTo(failure);
                        assertThat(failed.sentence()).contains(";");
                    }));
        }
    }

    @Test
    void anExtensionOfAnotherVersionIsTold() throws CoordinatorUnavailable {
        HostPort older = stage.unfitServer(Fault.OLDER_EXTENSION);

        for (ServerProbe probe : probes()) {
            assertThat(report(probe, candidate(older)).candidate().orElseThrow().extensionVersion())
                    .contains("13.1-1");
        }
    }

    @Test
    void theLedgerStaysLocalAndNeedsNoWorker() throws CoordinatorUnavailable {
        HostPort dead = stage.newServer();
        stage.addByHand(dead);
        for (String setting : List.of("citus.enable_schema_based_sharding", "citus.use_citus_managed_tables")) {
            stage.execute(
                    stage.coordinator(),
                    List.of("ALTER DATABASE \"" + stage.database() + "\" SET " + setting + " = on"));
        }
        stage.stop(dead);

        stage.catalog().record(List.of(new LedgerChange.ForgetMember(new NodeId(7))));

        assertThat(stage.query(stage.coordinator(), "SELECT to_regclass('roster.journal')"))
                .isEqualTo("roster.journal");
        assertThat(stage.query(
                        stage.coordinator(),
                        "SELECT count(*) FROM pg_dist_partition WHERE logicalrelid::text LIKE 'roster.%'"))
                .isEqualTo("0");
    }

    @Test
    void aWorkerThatHoldsUpAnAddIsGivenUpAtTheStatementsLimit() throws Exception {
        assumeTrue(stage.keepsRows(), "needs real Citus: the stand-in waits for a worker's lock without a limit");
        HostPort worker = stage.newServer();
        CoordinatorSettings plain = stage.settings();
        CoordinatorSettings hasty = new CoordinatorSettings(
                plain.hosts(),
                plain.database(),
                plain.user(),
                new CoordinatorSettings.Limits(
                        plain.limits().connect(),
                        plain.limits().probe(),
                        Duration.ofSeconds(3),
                        plain.limits().lock(),
                        plain.limits().copy()),
                plain.ledger(),
                plain.createExtension());
        CitusCatalog catalog = new CitusCatalog(stage.source(), hasty, InstantSource.system());
        catalog.snapshot();

        try (Connection holder =
                        stage.server(worker).dataSource(stage.database()).getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute(
                    "LOCK TABLE pg_catalog.pg_dist_node, pg_catalog.pg_dist_local_group IN ACCESS EXCLUSIVE MODE");

            assertThat(catalog.perform(add(worker, Optional.empty(), Optional.empty())))
                    .isInstanceOfSatisfying(
                            Outcome.Refused.class,
                            refused -> assertThat(refused.refusal().situation()).isEqualTo(Refusal.Situation.LOCKED));
        }
        assertThat(catalog.snapshot().nodes()).isEmpty();
    }

    @Test
    void aServerThatNeverAnswersDoesNotHoldUpTheOthers() throws CoordinatorUnavailable {
        HostPort good = stage.newServer();
        HostPort silent = stage.unfitServer(Fault.BLACK_HOLE);

        Map<HostPort, ProbeResult> answers = probes().getFirst().probe(List.of(candidate(silent), candidate(good)));

        assertThat(answers.get(good)).isInstanceOf(ProbeResult.Answered.class);
        assertThat(answers.get(silent))
                .isInstanceOfSatisfying(
                        ProbeResult.Failed.class,
                        failed -> assertThat(failed.failure().showsLife()).isFalse());
    }

    @Test
    void aServerThatNeverAnswersDoesNotHideWhyOthersCannotBeReached() throws CoordinatorUnavailable {
        Map<HostPort, ProbeFailure> unfit = Map.of(
                stage.unfitServer(Fault.BLACK_HOLE), ProbeFailure.TIMEOUT,
                stage.unfitServer(Fault.REFUSED), ProbeFailure.REFUSED,
                stage.unfitServer(Fault.PASSWORD), ProbeFailure.LOGIN,
                stage.unfitServer(Fault.NO_DATABASE), ProbeFailure.NO_DATABASE);
        List<ProbeRequest> requests =
                unfit.keySet().stream().map(ProbeContract::candidate).toList();
        ServerProbe probe = probes().getFirst();

        Map<HostPort, ProbeResult> first = probe.probe(requests);
        Map<HostPort, ProbeResult> second = probe.probe(requests);

        assertThat(first).hasSize(unfit.size());
        unfit.forEach((address, failure) -> assertThat(second.get(address))
                .isInstanceOfSatisfying(
                        ProbeResult.Failed.class,
                        failed -> assertThat(failed.failure())
                                .as(failed.sentence())
                                .isEqualTo(failure)));
    }

    @Test
    void aMissingExtensionIsCreatedWhereThatIsAllowed() throws CoordinatorUnavailable {
        HostPort lacking = stage.unfitServer(Fault.NO_EXTENSION);
        CoordinatorSettings plain = stage.settings();
        CoordinatorSettings creating = new CoordinatorSettings(
                plain.hosts(), plain.database(), plain.user(), plain.limits(), plain.ledger(), true);
        ServerProbe probe = new CoordinatorProbe(stage.source(), creating, InstantSource.system());

        assertThat(report(probe, candidate(lacking)).isBlank()).isTrue();
    }

    @Test
    void oneOfTwoLeadsAndTheOtherKnowsWho() {
        AdvisoryLeaderLock first = lock("roster one");
        try (AdvisoryLeaderLock second = lock("roster two")) {
            assertThat(first.tryAcquire()).isTrue();
            assertThat(second.tryAcquire()).isFalse();
            assertThat(second.holder())
                    .hasValueSatisfying(name -> assertThat(name).startsWith("roster one on "));
            assertThat(first.tryAcquire()).isTrue();

            first.close();

            assertThat(second.tryAcquire()).isTrue();
        }
    }

    @Test
    void aTerminatedSessionIsNoticedAndTakenAnew() {
        try (AdvisoryLeaderLock lock = lock("roster one")) {
            assertThat(lock.tryAcquire()).isTrue();

            stage.query(
                    stage.coordinator(),
                    "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = 'roster one'");

            assertThat(lock.isHeld()).isFalse();
            assertThat(lock.tryAcquire()).isTrue();
        }
    }

    private static Action.AddNode add(HostPort worker, Optional<Identity> identity, Optional<String> comparedWith) {
        return new Action.AddNode(
                new Worker(
                        worker.toString(),
                        worker,
                        WorkerHealth.READY,
                        "",
                        Optional.empty(),
                        new Scope("static", "the list"),
                        false),
                identity,
                comparedWith,
                Optional.empty(),
                "seen by static and ready");
    }

    private AdvisoryLeaderLock lock(String name) {
        PostgresServer server = stage.coordinatorServer();
        String url = server.jdbcUrl(stage.database()) + "?user=postgres&ApplicationName=" + name.replace(" ", "%20");
        return new AdvisoryLeaderLock(() -> DriverManager.getConnection(url), Duration.ofSeconds(5));
    }

    private List<ServerProbe> probes() {
        return List.of(
                new CoordinatorProbe(stage.source(), stage.settings(), InstantSource.system()),
                new DirectProbe(
                        stage.source(),
                        (server, database) -> DriverManager.getConnection("jdbc:postgresql://" + server + "/" + database
                                + "?user=postgres&connectTimeout=2&loginTimeout=2"),
                        stage.settings(),
                        InstantSource.system()));
    }

    private static ServerReport report(ServerProbe probe, ProbeRequest request) throws CoordinatorUnavailable {
        ProbeResult result =
                Objects.requireNonNull(probe.probe(List.of(request)).get(request.address()));
        assertThat(result).isInstanceOf(ProbeResult.Answered.class);
        return ((ProbeResult.Answered) result).report();
    }

    private static ProbeRequest candidate(HostPort address) {
        return new ProbeRequest(address, Depth.CANDIDATE, Optional.empty());
    }
}
