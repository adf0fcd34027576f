package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.citus.CoordinatorSettings.LedgerPlace;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.ledger.Member;
import dev.roster.preflight.Facts;
import dev.roster.preflight.Facts.Answer;
import dev.roster.preflight.Facts.Prepared;
import dev.roster.preflight.Facts.ServerFacts;
import dev.roster.preflight.Inspection;
import java.sql.SQLException;
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
 * no session's settings on (CITUS.md section 7).
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

    private static final String HERE = """
            SELECT json_build_object('superuser', (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
                'here', %s,
                'lost', (SELECT json_agg(s.shardid ORDER BY s.shardid) FROM pg_catalog.pg_dist_shard s
                          WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_dist_placement p WHERE p.shardid = s.shardid)))""".formatted(SERVER.formatted(""));

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

    private final CoordinatorCatalog catalog;
    private final Transactions transactions;
    private final CoordinatorFaults faults;
    private final long connectMillis;
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
        this.connectMillis = settings.limits().probe().toMillis();
    }

    @Override
    public Facts look() throws CoordinatorUnavailable {
        ClusterSnapshot cluster = catalog.snapshot();
        List<Node> active =
                cluster.nodes().stream().filter(Node::isActivePrimary).toList();
        try {
            JsonNode here = transactions.read(session -> session.json(HERE));
            JsonNode answers = active.isEmpty() ? Json.object() : transactions.change(session -> ask(session, active));
            return new Facts(
                    cluster.at(),
                    cluster.coordinator(),
                    here.path("superuser").asBoolean(),
                    server(here.path("here")),
                    cluster.nodes(),
                    distributed(cluster),
                    members(cluster),
                    answers(answers),
                    Json.list(here, "lost", JsonNode::asLong));
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("looking refuses nothing", e);
        }
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

    private static Map<HostPort, Answer> answers(JsonNode rows) {
        Map<HostPort, Answer> answers = new HashMap<>();
        rows.path("answers").forEach(row -> answers.put(Json.address(row), answer(row)));
        return answers;
    }

    private static Answer answer(JsonNode row) {
        String result = Json.text(row, "result").orElse("");
        if (!row.path("success").asBoolean()) {
            return new Answer.Silent(result.lines().findFirst().orElse("no answer"));
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
