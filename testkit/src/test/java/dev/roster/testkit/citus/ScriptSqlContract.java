package dev.roster.testkit.citus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.citus.CitusCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Outcome;
import dev.roster.plan.Action;
import dev.roster.provision.Attempt;
import dev.roster.provision.Provisioner;
import dev.roster.provision.Script;
import dev.roster.provision.Target;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a file of SQL may hold, beyond what {@code ProvisionerContract} plays on the fake. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class ScriptSqlContract {

    private static final String TRICKY = """
            -- a comment; with a semicolon
            CREATE SCHEMA IF NOT EXISTS util;
            /* another; /* nested; */ one */
            CREATE OR REPLACE FUNCTION util.twice(i int) RETURNS int LANGUAGE plpgsql AS $body$
            DECLARE
                said text := 'it''s; "fine"';
            BEGIN
                RETURN 2 * i; -- $sql$ and $block$ are no ends
            END $body$;
            CREATE OR REPLACE FUNCTION util.one() RETURNS int LANGUAGE sql
                BEGIN ATOMIC SELECT 1; END;
            DO $$ BEGIN PERFORM util.twice(2); END $$;
            CREATE TABLE IF NOT EXISTS public.notes (id int, t text DEFAULT E'a\\';b', j jsonb);
            INSERT INTO public.notes SELECT util.twice(21) WHERE '{"a": 1}'::jsonb ? 'a';
            """;

    // Set before each test.
    private CitusStage stage;
    private CitusCatalog catalog;
    private Provisioner provisioner;
    private HostPort worker;

    abstract CitusFlavour flavour();

    @BeforeEach
    void open() throws CoordinatorUnavailable {
        assumeTrue(
                flavour() == CitusFlavour.STAND_IN
                        || CitusFlavour.REAL.binariesIfPresent().isPresent(),
                "needs real Citus: no installed PostgreSQL has the extension");
        stage = new CitusStage(SharedServers.of(flavour()));
        catalog = new CitusCatalog(stage.source(), stage.settings(), InstantSource.system());
        provisioner = catalog.provisioner(stage.source(), Duration.ofSeconds(20));
        catalog.snapshot();
        catalog.perform(new Action.SetCoordinatorAddress(stage.coordinator(), Optional.empty(), ""));
        worker = added();
    }

    @AfterEach
    void close() {
        if (stage != null) {
            stage.close();
        }
    }

    @Test
    void functionsQuotesAndCommentsAreTakenAsTheyAreWrittenOnMembers() throws CoordinatorUnavailable {
        assertDone(onMember(TRICKY));

        assertThat(stage.query(worker, "SELECT id FROM public.notes")).isEqualTo("42");
        assertThat(stage.query(worker, "SELECT t FROM public.notes")).isEqualTo("a';b");
        assertThat(stage.query(worker, "SELECT util.one()")).isEqualTo("1");
    }

    @Test
    void andOnTheCoordinator() throws CoordinatorUnavailable {
        assertDone(onCoordinator(TRICKY));

        assertThat(stage.query(stage.coordinator(), "SELECT id FROM public.notes"))
                .isEqualTo("42");
        assertThat(stage.query(stage.coordinator(), "SELECT util.one()")).isEqualTo("1");
    }

    @Test
    void namesAreLookedUpAsAtAPrompt() throws CoordinatorUnavailable {
        assertDone(onCoordinator("CREATE TABLE notes (id int)"));
        assertDone(onMember("CREATE TABLE notes (id int)"));

        assertThat(stage.hasTable(stage.coordinator(), "notes")).isTrue();
        assertThat(stage.hasTable(worker, "notes")).isTrue();
    }

    @Test
    void whatAScriptMadeOfItsSessionHindersNobody() throws CoordinatorUnavailable {
        assertDone(onCoordinator("""
                SET search_path TO nowhere;
                SET statement_timeout = '1h';
                SET ROLE pg_monitor"""));

        assertThat(provisioner.done()).hasSize(1);
        assertThat(catalog.snapshot().nodes()).hasSize(2);
    }

    @Test
    void aFileOfCommentsIsDoneAtOnce() throws CoordinatorUnavailable {
        assertDone(onMember("-- nothing yet\n"));
        assertDone(onCoordinator("-- nothing yet\n"));
    }

    @Test
    void psqlsOwnCommandsAreNoSql() throws CoordinatorUnavailable {
        Attempt.Fault fault = fault(onMember("SELECT 1;\n\\i more.sql\n"));

        assertThat(fault.sqlState()).isEqualTo("42601");
        assertThat(fault.line()).isEqualTo(2);
        assertThat(fault.remedy()).contains("psql");
    }

    @Test
    void aScriptThatWasCutOffDoesNotGoOnOnTheMember() throws CoordinatorUnavailable {
        Provisioner hasty = catalog.provisioner(stage.source(), Duration.ofSeconds(1));

        fault(hasty.onMembers(Script.of("SELECT pg_sleep(300)"), List.of(member()))
                .getFirst()
                .result());

        assertThat(stage.query(
                        worker,
                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(300)%'"
                                + " AND state = 'active' AND pid <> pg_backend_pid()"))
                .isEqualTo("0");
    }

    @Test
    void aDeferredConstraintThatFailsAtTheEndIsAFailure() throws CoordinatorUnavailable {
        String script = """
                CREATE TABLE public.a (id int PRIMARY KEY);
                CREATE TABLE public.b (id int REFERENCES public.a DEFERRABLE INITIALLY DEFERRED);
                INSERT INTO public.b VALUES (1)""";

        assertThat(fault(onCoordinator(script)).sqlState()).isEqualTo("23503");
        fault(onMember(script));

        assertThat(stage.hasTable(stage.coordinator(), "a")).isFalse();
        assertThat(stage.hasTable(worker, "a")).isFalse();
        assertThat(provisioner.done()).isEmpty();
    }

    @Test
    void tablesRolesAndExtensionsMayStandInOneFile() throws CoordinatorUnavailable {
        needsRealCitus();
        String role = "reader_" + worker.port();

        assertDone(onCoordinator("""
                CREATE TABLE public.orders (id int PRIMARY KEY, v text);
                SELECT create_distributed_table('public.orders', 'id', shard_count := 4);
                INSERT INTO public.orders SELECT i, 'x' FROM generate_series(1, 100) i;
                ALTER TABLE public.orders ADD COLUMN w int;
                CREATE INDEX ON public.orders (v);
                UPDATE public.orders SET w = 1;
                DROP ROLE IF EXISTS %1$s;
                CREATE ROLE %1$s;
                CREATE EXTENSION IF NOT EXISTS pg_trgm;
                CREATE SCHEMA util;
                CREATE FUNCTION util.f() RETURNS int LANGUAGE sql AS $f$ SELECT 1; $f$;
                CREATE TABLE public.countries (id int PRIMARY KEY);
                SELECT create_reference_table('public.countries');
                GRANT SELECT ON public.orders TO %1$s;
                """.formatted(role)));

        assertThat(stage.query(stage.coordinator(), "SELECT sum(w) FROM public.orders"))
                .isEqualTo("100");
        assertThat(stage.query(worker, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'"))
                .isEqualTo("1");
        stage.execute(stage.coordinator(), List.of("DROP OWNED BY " + role, "DROP ROLE " + role));
    }

    @Test
    void aFailureAfterADistributedTableWasMadeLeavesNothingOnAnyNode() throws CoordinatorUnavailable {
        needsRealCitus();

        Attempt.Fault fault = fault(onCoordinator("""
                CREATE TABLE public.orders (id int PRIMARY KEY);
                SELECT create_distributed_table('public.orders', 'id', shard_count := 4);
                INSERT INTO public.orders VALUES (1);
                SELECT 1/0"""));

        assertThat(fault.statement()).isEqualTo(4);
        assertThat(stage.hasTable(stage.coordinator(), "orders")).isFalse();
        assertThat(stage.query(worker, "SELECT count(*) FROM pg_class WHERE relname LIKE 'orders%'"))
                .isEqualTo("0");
    }

    private void needsRealCitus() {
        assumeTrue(flavour() == CitusFlavour.REAL, "needs real Citus: the stand-in's tables have no rows");
    }

    private Attempt.Result onMember(String sql) throws CoordinatorUnavailable {
        return provisioner
                .onMembers(Script.of(sql), List.of(member()))
                .getFirst()
                .result();
    }

    private Attempt.Result onCoordinator(String sql) throws CoordinatorUnavailable {
        return provisioner
                .onCoordinator(
                        Script.of(sql),
                        new Target.Coordinator(
                                stage.coordinator(),
                                catalog.snapshot().coordinator().systemIdentifier()))
                .result();
    }

    private Target.Member member() throws CoordinatorUnavailable {
        Node node = catalog.snapshot().nodeAt(worker).orElseThrow();
        return new Target.Member(node.id(), node.group(), worker, Optional.of(stage.identityOf(worker)));
    }

    private HostPort added() throws CoordinatorUnavailable {
        HostPort address = stage.newServer();
        Outcome outcome = catalog.perform(new Action.AddNode(
                new Worker(
                        address.toString(),
                        address,
                        WorkerHealth.READY,
                        "listed",
                        Optional.empty(),
                        new Scope("static", "the list"),
                        false),
                Optional.of(stage.identityOf(address)),
                Optional.empty(),
                "ready"));
        assertThat(outcome).as(outcome.sentence()).isInstanceOf(Outcome.Done.class);
        return address;
    }

    private static void assertDone(Attempt.Result result) {
        assertThat(result).isEqualTo(new Attempt.Result.Done());
    }

    private static Attempt.Fault fault(Attempt.Result result) {
        assertThat(result).isInstanceOf(Attempt.Result.Failed.class);
        return ((Attempt.Result.Failed) result).fault();
    }
}
