package dev.roster.preflight;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.identity.ProbeFailure;
import dev.roster.preflight.Facts.Answer;
import dev.roster.preflight.Facts.Prepared;
import dev.roster.preflight.Facts.ServerFacts;
import dev.roster.preflight.Finding.Severity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PreflightTest {

    private static final Instant NOW = Instant.parse("2030-01-01T12:00:00Z");
    private static final HostPort MASTER = new HostPort("master", 5432);
    private static final HostPort FIRST = new HostPort("pg-1", 5432);
    private static final HostPort SECOND = new HostPort("pg-2", 5432);

    private ServerFacts here = server("13.2-1", "logical", 8, 200);
    private Facts.Role role = new Facts.Role("postgres", true, List.of(), true);
    private Optional<HostPort> registered = Optional.of(MASTER);
    private Optional<Set<NodeId>> members = Optional.of(Set.of(new NodeId(2), new NodeId(3)));
    private final List<Node> nodes =
            new ArrayList<>(List.of(node(1, 0, MASTER), node(2, 1, FIRST), node(3, 2, SECOND)));
    private final Map<NodeId, Integer> distributed = new HashMap<>();
    private final Map<HostPort, Answer> answers =
            new HashMap<>(Map.of(MASTER, said(here), FIRST, said(here), SECOND, said(here)));
    private List<String> orphaned = List.of();
    private List<Long> lost = List.of();
    private List<String> otherDatabases = List.of();

    @Test
    void aClusterAsItShouldBeHasNoFindings() {
        assertThat(findings()).isEmpty();
    }

    @Test
    void aSilentNodeIsAnErrorWithItsReason() {
        answers.put(FIRST, new Answer.Silent(ProbeFailure.UNREACHABLE, "failed to connect to pg-1:5432"));

        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.subject()).isEqualTo("pg-1:5432");
            assertThat(finding.sentence()).contains("failed to connect to pg-1:5432");
        });
    }

    @Test
    void whoCannotReachWhomIsNamedWithTheLineThatTellsWhy() {
        answers.put(MASTER, new Answer.Said(here, List.of(SECOND), Optional.empty()));
        answers.put(FIRST, new Answer.Said(here, List.of(FIRST, SECOND), Optional.empty()));

        assertThat(findings())
                .extracting(Finding::subject, Finding::sentence)
                .containsExactlyInAnyOrder(
                        tuple("pg-1:5432", "It cannot be reached from itself"),
                        tuple("pg-2:5432", "It cannot be reached from master:5432, pg-1:5432"));
        assertThat(findings())
                .anySatisfy(finding ->
                        assertThat(finding.remedy()).contains("citus_check_connection_to_node('pg-2', 5432)"));
    }

    @Test
    void anotherVersionOrNoneIsAnError() {
        answers.put(FIRST, said(server("13.1-1", "logical", 8, 200)));
        answers.put(SECOND, said(new ServerFacts(Optional.empty(), "logical", 8, 200, List.of())));

        assertThat(findings())
                .extracting(Finding::severity, Finding::remedy)
                .containsExactly(
                        tuple(Severity.ERROR, "ALTER EXTENSION citus UPDATE; on the older one, after its packages"),
                        tuple(Severity.ERROR, "CREATE EXTENSION citus; in database shop"));
    }

    @Test
    void settingsThatForbidMovesAndCommitsAreToldForEachServer() {
        here = server("13.2-1", "replica", 4, 0);

        assertThat(findings())
                .extracting(Finding::severity, Finding::subject)
                .containsExactly(
                        tuple(Severity.ERROR, "coordinator"),
                        tuple(Severity.WARNING, "coordinator"),
                        tuple(Severity.WARNING, "coordinator"));
        assertThat(findings().getFirst().sentence()).isEqualTo("max_prepared_transactions is 0");
    }

    @Test
    void aForgottenPreparedTransactionIsNamedAndSoIsWhoMayEndIt() {
        here = new ServerFacts(
                Optional.of("13.2-1"),
                "logical",
                8,
                200,
                List.of(new Prepared("it's mine", NOW), new Prepared("citus_0_1_2_3", NOW)));

        assertThat(findings())
                .extracting(Finding::severity, Finding::remedy)
                .containsExactly(
                        tuple(
                                Severity.ERROR,
                                "ROLLBACK PREPARED 'it''s mine'; in its database, once you know whose it is"),
                        tuple(Severity.WARNING, "SELECT recover_prepared_transactions(); on the coordinator"));
    }

    @Test
    void rowsThatHinderOthersAreTold() {
        nodes.set(
                1,
                new Node(
                        new NodeId(2),
                        new GroupId(1),
                        FIRST,
                        NodeRole.PRIMARY,
                        "default",
                        true,
                        true,
                        false,
                        false,
                        false));
        nodes.set(
                2,
                new Node(
                        new NodeId(3),
                        new GroupId(2),
                        SECOND,
                        NodeRole.PRIMARY,
                        "default",
                        false,
                        true,
                        true,
                        true,
                        false));
        distributed.put(new NodeId(2), 4);
        distributed.put(new NodeId(3), 4);
        members = Optional.of(Set.of(new NodeId(3)));

        assertThat(findings())
                .extracting(Finding::severity, Finding::subject)
                .containsExactly(
                        tuple(Severity.ERROR, "pg-1:5432"),
                        tuple(Severity.WARNING, "pg-2:5432"),
                        tuple(Severity.NOTE, "pg-1:5432"),
                        tuple(Severity.NOTE, "pg-1:5432"));
    }

    @Test
    void withoutALedgerNobodyIsCalledUnknown() {
        members = Optional.empty();

        assertThat(findings()).isEmpty();
    }

    @Test
    void aCoordinatorThatWorkersCannotAskIsToldWithTheCallThatMendsIt() {
        registered = Optional.of(new HostPort("localhost", 5432));
        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.remedy()).contains("citus_set_coordinator_host");
        });

        registered = Optional.empty();
        assertThat(findings()).singleElement().extracting(Finding::severity).isEqualTo(Severity.WARNING);
    }

    @Test
    void aNodeThatFollowsAnotherCoordinatorIsAnError() {
        answers.put(FIRST, new Answer.Said(here, List.of(), Optional.of("4711")));

        assertThat(findings())
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.sentence()).contains("another server for the coordinator", "4711"));
    }

    @Test
    void shardsThatWereDeletedByHandAreNamed() {
        lost = List.of(102008L, 102009L);

        assertThat(findings())
                .singleElement()
                .extracting(Finding::sentence)
                .isEqualTo("2 shards have no placement: 102008, 102009");
    }

    @Test
    void aRoleThatIsNoSuperuserIsWarnedOf() {
        role = new Facts.Role("app", false, List.of(), true);

        assertThat(findings()).singleElement().extracting(Finding::severity).isEqualTo(Severity.WARNING);
    }

    @Test
    void aServerThatDropsPacketsIsToldFromOneThatRefuses() {
        answers.put(FIRST, new Answer.Silent(ProbeFailure.TIMEOUT, "no answer at all"));
        answers.put(SECOND, new Answer.Silent(ProbeFailure.REFUSED, "Connection refused"));

        assertThat(findings())
                .extracting(Finding::subject, Finding::remedy)
                .satisfiesExactly(
                        first -> assertThat(first.toList().getLast().toString()).contains("firewall", "drops packets"),
                        second ->
                                assertThat(second.toList().getLast().toString()).startsWith("start PostgreSQL there"));
    }

    @Test
    void whatTheRoleMayNotExecuteIsNamedWithTheGrant() {
        role = new Facts.Role(
                "App role", false, List.of("citus_update_node(integer,text,integer,boolean,integer)"), true);

        assertThat(findings()).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.WARNING);
            assertThat(finding.remedy())
                    .isEqualTo(
                            "GRANT EXECUTE ON FUNCTION citus_update_node(integer,text,integer,boolean,integer) TO \"App role\";");
        });
    }

    @Test
    void aRoleThatCannotProbeIsAnError() {
        role = new Facts.Role("app", false, List.of("master_run_on_worker(text[],integer[],text[],boolean)"), true);

        assertThat(findings()).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.breaks()).startsWith("servers cannot be probed");
        });
    }

    @Test
    void aRoleThatMayNotKeepTheLedgerIsAnErrorWithTheGrant() {
        role = new Facts.Role("app", false, List.of(), false);

        assertThat(findings()).anySatisfy(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.remedy()).isEqualTo("GRANT CREATE ON DATABASE shop TO app; or set ROSTER_LEDGER=memory");
        });
    }

    @Test
    void tablesThatNobodyWillDropAreNamedWithTheLineThatForgetsThem() {
        orphaned = List.of("public.orders_102008", "public.orders_102011");

        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.ERROR);
            assertThat(finding.sentence())
                    .isEqualTo("Citus remembers tables to drop on nodes that are gone: public.orders_102008,"
                            + " public.orders_102011");
            assertThat(finding.breaks()).contains("moves none of these shards");
            assertThat(finding.remedy()).startsWith("DELETE FROM pg_dist_cleanup WHERE");
        });
    }

    @Test
    void anotherDatabaseThatUsesCitusIsNamed() {
        otherDatabases = List.of("billing");

        assertThat(findings()).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.NOTE);
            assertThat(finding.subject()).isEqualTo("database billing");
            assertThat(finding.remedy()).contains("POSTGRES_DB=billing");
        });
    }

    private List<Finding> findings() {
        return Preflight.findings(new Facts(
                NOW,
                new CoordinatorState(MASTER, "shop", "7000", Optional.of(NOW), "13.2-1", registered, true, true),
                role,
                here,
                nodes,
                distributed,
                members,
                answers,
                lost,
                orphaned,
                otherDatabases));
    }

    private static Answer said(ServerFacts server) {
        return new Answer.Said(server, List.of(), Optional.of("7000"));
    }

    private static ServerFacts server(String version, String walLevel, int processes, int prepared) {
        return new ServerFacts(Optional.of(version), walLevel, processes, prepared, List.of());
    }

    private static Node node(int id, int group, HostPort address) {
        return new Node(
                new NodeId(id),
                new GroupId(group),
                address,
                NodeRole.PRIMARY,
                "default",
                true,
                true,
                true,
                group != 0,
                false);
    }
}
