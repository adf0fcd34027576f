package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.citus.CoordinatorSettings.LedgerPlace;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.identity.ProbeFailure;
import dev.roster.ledger.Member;
import dev.roster.preflight.Facts;
import dev.roster.preflight.Facts.Answer;
import dev.roster.preflight.Facts.Prepared;
import dev.roster.preflight.Facts.ServerFacts;
import dev.roster.preflight.Inspection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/**
 * An inspection through the coordinator: every active node is asked in parallel by {@code master_run_on_worker}, and asks all
 * others in turn by {@code citus_check_connection_to_node}. Its connect limit is set on the node that asks, since Citus hands
 * no session's settings on (docs/citus.md section 7).
 */
public final class CoordinatorInspection implements Inspection {

    /** What a server says of itself; {@code %s} is a place for more. */
    private static final String SERVER = """
            json_build_object('citus', (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'citus'),
                'wal', current_setting('wal_level'), 'workers', current_setting('max_worker_processes')::int,
                'prepared', current_setting('max_prepared_transactions')::int,
                'old', (SELECT json_agg(json_build_object('gid', p.gid, 'since', p.prepared) ORDER BY p.prepared)
                          FROM pg_catalog.pg_prepared_xacts p
                         WHERE p.database = current_database() AND p.prepared < now() - interval '5 minutes')%s)""";

    /** Every call that Roster makes and that Citus does not allow to everybody, wherever this version has it. */
    private static final String CALLS = """
            'master_run_on_worker', 'citus_add_node', 'citus_activate_node', 'citus_remove_node', 'citus_disable_node',
            'citus_set_node_property', 'citus_set_coordinator_host', 'citus_update_node', 'citus_rebalance_start',
            'citus_rebalance_stop', 'citus_check_connection_to_node'""";

    private static final String DENIED = """
            (SELECT json_agg(p.oid::regprocedure::text ORDER BY p.proname = 'master_run_on_worker' DESC, p.oid::regprocedure::text)
               FROM pg_catalog.pg_proc p
              WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname IN (%s)
                AND NOT has_function_privilege(p.oid, 'EXECUTE'))""".formatted(CALLS);

    /** A schema that is there has to be writable, one that is not has to be makeable. */
    private static final String MAY_KEEP_LEDGER = """
            (SELECT coalesce(
                (SELECT has_schema_privilege(n.oid, 'CREATE') AND has_schema_privilege(n.oid, 'USAGE')
                   FROM pg_catalog.pg_namespace n WHERE n.nspname = 'roster'),
                has_database_privilege(current_database(), 'CREATE')))""";

    private static final String HERE = """
            SELECT json_build_object('role', current_user::text,
                'superuser', (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
                'denied', %s, 'ledger', %s,
                'here', %s,
                'leftovers', %s,
                'databases', (SELECT json_agg(DISTINCT a.datname) FROM pg_catalog.pg_stat_activity a
                               WHERE a.application_name = 'Citus Maintenance Daemon' AND a.datname <> current_database()),
                'lost', (SELECT json_agg(s.shardid ORDER BY s.shardid) FROM pg_catalog.pg_dist_shard s
                          WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_dist_placement p WHERE p.shardid = s.shardid)))""".formatted(DENIED, MAY_KEEP_LEDGER, SERVER.formatted(""), Leftovers.ARE_KEPT);

    /** Sent to each node. The limit comes first, so that it holds for the connections after it. */
    private static final String THERE = "SELECT " + SERVER.formatted("""
            , 'unreachable', (SELECT json_agg(json_build_object('host', n.nodename, 'port', n.nodeport))
                                FROM (SELECT set_config('citus.node_connection_timeout', '%1$d', true)) l
                                     CROSS JOIN pg_catalog.pg_dist_node n
                               WHERE n.isactive AND n.noderole = 'primary'
                                 AND NOT pg_catalog.citus_check_connection_to_node(n.nodename, n.nodeport)),
            'coordinator', (SELECT CASE WHEN c.success THEN c.result END
                              FROM pg_catalog.run_command_on_coordinator(
                                       'SELECT system_identifier::text FROM pg_catalog.pg_control_system()', false) c)""");

    private static final String ASK = """
            SELECT json_build_object('answers', (
                SELECT json_agg(json_build_object('host', a.node_name, 'port', a.node_port, 'success', a.success,
                                                  'result', a.result))
                  FROM pg_catalog.master_run_on_worker(?::text[], ?::int[], ?::text[], true) a))""";

    /** So many are asked once more why, each for a few seconds. */
    private static final int MOST_EXPLAINED = 5;

    private final CoordinatorCatalog catalog;
    private final Transactions transactions;
    private final CoordinatorFaults faults;
    private final long connectMillis;
    private final ProbeFailures failures;
    private final LedgerPlace ledger;

    /**
     * @param catalog reads nodes and ledger
     * @param source connections to the same coordinator
     * @param settings where it is and how long to wait
     */
    public CoordinatorInspection(CoordinatorCatalog catalog, DataSource source, CoordinatorSettings settings) {
        this.catalog = catalog;
        this.transactions = new Transactions(source, settings);
        this.faults = new CoordinatorFaults(settings);
        this.ledger = settings.ledger();
        this.failures = new ProbeFailures(settings, () -> Instant.EPOCH); // only the kind of failure is asked for
        this.connectMillis = settings.limits().probe().toMillis();
    }

    @Override
    public Facts look() throws CoordinatorUnavailable {
        ClusterSnapshot cluster = catalog.snapshot();
        List<Node> active =
                cluster.nodes().stream().filter(Node::isActivePrimary).toList();
        try {
            JsonNode here = transactions.read(session -> session.json(HERE));
            List<String> orphaned =
                    here.path("leftovers").asBoolean() ? transactions.read(Leftovers::ofNodesThatAreGone) : List.of();
            boolean mayAsk = Json.list(here, "denied", JsonNode::asText).stream()
                    .noneMatch(function -> function.startsWith("master_run_on_worker"));
            JsonNode rows =
                    active.isEmpty() || !mayAsk ? Json.object() : transactions.change(session -> ask(session, active));
            return new Facts(
                    cluster.at(),
                    cluster.coordinator(),
                    role(here),
                    server(here.path("here")),
                    cluster.nodes(),
                    distributed(cluster),
                    members(cluster),
                    explained(answers(rows)),
                    Json.list(here, "lost", JsonNode::asLong),
                    orphaned,
                    Json.list(here, "databases", JsonNode::asText));
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("looking refuses nothing", e);
        }
    }

    private Facts.Role role(JsonNode here) {
        return new Facts.Role(
                Json.required(here, "role"),
                here.path("superuser").asBoolean(),
                Json.list(here, "denied", JsonNode::asText),
                ledger == LedgerPlace.MEMORY || here.path("ledger").asBoolean());
    }

    /** {@code master_run_on_worker} says of all failures to connect the same; a connection of its own to each tells them apart. */
    private Map<HostPort, Answer> explained(Map<HostPort, Answer> answers)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        Map<HostPort, Answer> explained = new HashMap<>(answers);
        List<HostPort> silent = answers.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof Answer.Silent(ProbeFailure cause, String _)
                        && cause == ProbeFailure.UNREACHABLE)
                .map(Map.Entry::getKey)
                .sorted()
                .limit(MOST_EXPLAINED)
                .toList();
        for (HostPort address : silent) {
            explained.put(address, why(address));
        }
        return explained;
    }

    private Answer why(HostPort address) throws SQLException, CoordinatorUnavailable, RefusedException {
        List<Warned> warnings;
        try {
            warnings = transactions.probe(session -> {
                NodeCalls.canConnect(session, address);
                return session.warnings();
            });
        } catch (SQLException e) {
            if ("57014".equals(e.getSQLState())) {
                return new Answer.Silent(
                        ProbeFailure.TIMEOUT, "no answer at all: it accepts connections and says nothing");
            }
            throw e;
        }
        return warnings.stream()
                .map(Warned::message)
                .map(words -> silent(address, words))
                .reduce((_, last) -> last)
                .orElseGet(() -> new Answer.Silent(
                        ProbeFailure.UNREACHABLE, "failed to connect to " + address + " a moment ago; now it works"));
    }

    private Answer.Silent silent(HostPort address, String words) {
        String text = Blame.causeOrAll(words).strip().replaceAll("\\s+", " ");
        ProbeFailure cause = failures.told(address, words).failure();
        return new Answer.Silent(cause, cause == ProbeFailure.TIMEOUT ? "no answer at all (" + text + ")" : text);
    }

    private JsonNode ask(Session session, List<Node> active) throws SQLException {
        String command = THERE.formatted(connectMillis);
        return session.json(
                ASK,
                active.stream().map(node -> node.address().host()).toArray(String[]::new),
                active.stream().map(node -> node.address().port()).toArray(Integer[]::new),
                active.stream().map(_ -> command).toArray(String[]::new));
    }

    private static Map<NodeId, Integer> distributed(ClusterSnapshot cluster) {
        Map<NodeId, Integer> counts = new HashMap<>();
        cluster.nodes()
                .forEach(node ->
                        counts.put(node.id(), cluster.placementsOf(node.group()).distributed()));
        return counts;
    }

    private Optional<Set<NodeId>> members(ClusterSnapshot cluster) {
        return ledger == LedgerPlace.DATABASE
                ? Optional.of(
                        cluster.ledger().members().stream().map(Member::node).collect(Collectors.toSet()))
                : Optional.empty();
    }

    private Map<HostPort, Answer> answers(JsonNode rows) {
        Map<HostPort, Answer> answers = new HashMap<>();
        rows.path("answers").forEach(row -> answers.put(Json.address(row), answer(Json.address(row), row)));
        return answers;
    }

    private Answer answer(HostPort address, JsonNode row) {
        String result = Json.text(row, "result").orElse("");
        if (!row.path("success").asBoolean()) {
            return silent(address, result.lines().findFirst().orElse("no answer"));
        }
        JsonNode said = Json.read(result);
        return new Answer.Said(
                server(said), Json.list(said, "unreachable", Json::address), Json.text(said, "coordinator"));
    }

    private static ServerFacts server(JsonNode said) {
        return new ServerFacts(
                Optional.ofNullable(said.path("citus").textValue()),
                Json.required(said, "wal"),
                said.path("workers").asInt(),
                said.path("prepared").asInt(),
                Json.list(
                        said,
                        "old",
                        old -> new Prepared(Json.required(old, "gid"), Json.instant(Json.required(old, "since")))));
    }
}
