package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.RebalancePreview;
import dev.roster.execute.Refusal;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds out what a rebalance would do; nothing is changed for it (docs/citus.md section 6). */
final class RebalancePreviews {

    /**
     * Citus itself leaves the sizes out. {@code citus_shard_sizes} has the column {@code shard_id} from 12.0 on. A table that
     * logical replication cannot copy hinders only the moves of its own shards and of those colocated with them, which stand
     * in the plan too.
     */
    private static final String PLAN = """
            WITH plan AS MATERIALIZED (SELECT * FROM pg_catalog.get_rebalance_table_shards_plan())
            SELECT json_build_object('moves', (
                SELECT json_agg(json_build_object('table', format('%I.%I', ns.nspname, c.relname),
                           'shard', p.shardid, 'bytes', coalesce(z.bytes, 0),
                           'sourceHost', p.sourcename, 'sourcePort', p.sourceport,
                           'targetHost', p.targetname, 'targetPort', p.targetport))
                  FROM plan p
                       JOIN pg_catalog.pg_class c ON c.oid = p.table_name
                       JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace
                       LEFT JOIN (SELECT (to_jsonb(s) ->> 'shard_id')::bigint AS shardid, max(s.size) AS bytes
                                    FROM pg_catalog.citus_shard_sizes() s GROUP BY 1) z ON z.shardid = p.shardid),
                'tables', (
                SELECT json_agg(DISTINCT format('%I.%I', ns.nspname, c.relname))
                  FROM plan p
                       JOIN pg_catalog.pg_class c ON c.oid = p.table_name
                       JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace
                 WHERE c.relkind = 'r'
                   AND (c.relreplident = 'n'
                        OR c.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                                                                 WHERE i.indrelid = c.oid AND i.indisprimary))))""";

    private static final String WAL_LEVELS = """
            SELECT json_build_object('levels', (
                SELECT json_agg(json_build_object('host', a.node_name, 'port', a.node_port, 'level', a.result))
                  FROM pg_catalog.master_run_on_worker(?::text[], ?::int[],
                           (SELECT array_agg('SELECT current_setting(''wal_level'')'::text)
                              FROM generate_series(1, cardinality(?::text[]))), true) a WHERE a.success))""";

    private final Transactions transactions;
    private final CoordinatorFaults faults;
    private final ErrorCatalogue catalogue;
    private final HostPort coordinator;

    RebalancePreviews(Transactions transactions, CoordinatorFaults faults, CoordinatorSettings settings) {
        this.transactions = transactions;
        this.faults = faults;
        this.catalogue = new ErrorCatalogue(settings);
        this.coordinator = settings.hosts().getFirst();
    }

    RebalancePreview now() throws CoordinatorUnavailable {
        try {
            try {
                return transactions.read(RebalancePreviews::preview);
            } catch (SQLException e) {
                if (!ServerWords.sessionSurvives(e)) {
                    throw e;
                }
                Refusal refusal = catalogue.refusal(coordinator, "rebalance", e, List.of());
                return new RebalancePreview(
                        List.of(),
                        List.of(),
                        Map.of(),
                        Optional.of(new DrainPreview.Hindrance(refusal.sentence(), refusal.remedy())));
            }
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("a preview refuses nothing", e);
        }
    }

    private static RebalancePreview preview(Session session) throws SQLException {
        JsonNode plan = session.json(PLAN);
        List<DrainPreview.Move> moves = Json.list(plan, "moves", DrainCalls::move);
        List<String> tables = Json.list(plan, "tables", JsonNode::asText);
        return new RebalancePreview(moves, tables, walLevels(session, moves), Optional.empty());
    }

    private static Map<HostPort, String> walLevels(Session session, List<DrainPreview.Move> moves) throws SQLException {
        List<HostPort> sources =
                moves.stream().map(DrainPreview.Move::source).collect(Collectors.toCollection(TreeSet::new)).stream()
                        .toList();
        Map<HostPort, String> levels = new HashMap<>();
        if (!sources.isEmpty()) {
            String[] hosts = sources.stream().map(HostPort::host).toArray(String[]::new);
            Integer[] ports = sources.stream().map(HostPort::port).toArray(Integer[]::new);
            session.json(WAL_LEVELS, hosts, ports, hosts)
                    .path("levels")
                    .forEach(row -> levels.put(Json.address(row), Json.required(row, "level")));
        }
        return levels;
    }
}
