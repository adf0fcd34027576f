package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.ledger.LedgerSnapshot;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The one statement that reads the coordinator, and the reading of its answer. */
final class SnapshotQuery {

    /** One row of {@code pg_dist_node} named n; columns that only newer versions have are picked by name from the row. */
    static final String NODE = """
            json_build_object('id', n.nodeid, 'group', n.groupid, 'host', n.nodename, 'port', n.nodeport,
                'role', n.noderole, 'cluster', n.nodecluster, 'active', n.isactive, 'metadata', n.hasmetadata,
                'synced', n.metadatasynced, 'shards', n.shouldhaveshards, 'clone', to_jsonb(n) -> 'nodeisclone')""";

    /**
     * What each group carries. A copy counts if its placement is usable and its group has an active primary. Relation names
     * that Citus would have to shorten are no samples.
     */
    static final String PLACEMENTS = """
            SELECT json_agg(json_build_object('group', g.groupid, 'distributed', g.distributed, 'sole', g.sole,
                       'reference', g.reference, 'soleReference', g.sole_reference, 'sample', g.sample,
                       'replicatedTables', coalesce(cardinality(g.replicated), 0),
                       'replicated', (SELECT json_agg(r.name) FROM (
                           SELECT format('%%I.%%I', rn.nspname, rc.relname) AS name
                             FROM pg_catalog.pg_class rc JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
                            WHERE rc.oid = ANY (g.replicated) ORDER BY 1 LIMIT %d) r)))
              FROM (SELECT p.groupid,
                           count(*) FILTER (WHERE t.repmodel <> 't') AS distributed,
                           count(*) FILTER (WHERE t.repmodel <> 't' AND o.others = 0) AS sole,
                           count(*) FILTER (WHERE t.repmodel = 't') AS reference,
                           count(*) FILTER (WHERE t.repmodel = 't' AND o.others = 0) AS sole_reference,
                           array_agg(DISTINCT t.logicalrelid::oid)
                               FILTER (WHERE t.repmodel <> 't' AND o.others > 0) AS replicated,
                           (array_agg(format('%%I.%%I', ns.nspname, c.relname || '_' || s.shardid)
                               ORDER BY t.repmodel = 't', s.shardid)
                               FILTER (WHERE octet_length(c.relname || '_' || s.shardid) < 64))[1] AS sample
                      FROM pg_catalog.pg_dist_placement p
                           JOIN pg_catalog.pg_dist_shard s USING (shardid)
                           JOIN pg_catalog.pg_dist_partition t USING (logicalrelid)
                           JOIN pg_catalog.pg_class c ON c.oid = t.logicalrelid
                           JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace
                           JOIN (SELECT q.shardid, count(*) AS copies, array_agg(q.groupid) AS groups
                                   FROM pg_catalog.pg_dist_placement q
                                  WHERE q.shardstate = 1
                                    AND q.groupid IN (SELECT n.groupid FROM pg_catalog.pg_dist_node n
                                                       WHERE n.isactive AND n.noderole = 'primary')
                                  GROUP BY q.shardid
                                 UNION ALL
                                 SELECT q.shardid, 0, '{}' FROM pg_catalog.pg_dist_placement q
                                  GROUP BY q.shardid
                                 HAVING NOT bool_or(q.shardstate = 1
                                    AND q.groupid IN (SELECT n.groupid FROM pg_catalog.pg_dist_node n
                                                       WHERE n.isactive AND n.noderole = 'primary'))) a USING (shardid)
                           CROSS JOIN LATERAL (SELECT a.copies - (p.groupid = ANY (a.groups))::int AS others) o
                     GROUP BY p.groupid) g""".formatted(Placements.Tables.MOST_NAMED);

    /** What tells whether this is the writable coordinator, and which. */
    static final String SELF = """
            'pid', pg_backend_pid(), 'recovery', pg_is_in_recovery(),
            'readonly', current_setting('transaction_read_only') = 'on',
            'localGroup', (SELECT groupid FROM pg_catalog.pg_dist_local_group),
            'system', (SELECT system_identifier::text FROM pg_control_system()),
            'started', pg_postmaster_start_time()""";

    private static final String READ = """
            SELECT json_build_object(%s,
                'serverAddress', host(inet_server_addr()), 'serverPort', inet_server_port(), 'database', current_database(),
                'version', (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'citus'),
                'nodes', (SELECT json_agg(%s) FROM pg_catalog.pg_dist_node n),
                'placements', (%s),
                'hasTables', EXISTS (SELECT FROM pg_catalog.pg_dist_partition),
                'hasReferenceTables', EXISTS (SELECT FROM pg_catalog.pg_dist_partition WHERE repmodel = 't'),
                'hasJobs', %s,
                'ledger', %s)""".formatted(SELF, NODE, PLACEMENTS, RebalanceQuery.EXIST, "%s");

    /** Reads the ledger too; fails with 42P01 or 3F000 where there is none. */
    static final String WITH_LEDGER = READ.replace("%s)", LedgerTables.READ + ")");

    /** Tells whether there is a ledger to be read. */
    static final String WITHOUT_LEDGER = READ.replace("%s)", LedgerTables.EXISTS + ")");

    private SnapshotQuery() {}

    static ClusterSnapshot snapshot(JsonNode answer, HostPort dialed, Instant now, LedgerSnapshot ledger) {
        List<Node> nodes = Json.list(answer, "nodes", SnapshotQuery::node);
        Map<GroupId, Placements> placements = new HashMap<>();
        answer.path("placements")
                .forEach(group -> placements.put(new GroupId(group.path("group").asInt()), placements(group)));
        return new ClusterSnapshot(
                now,
                new CoordinatorState(
                        dialed,
                        Json.required(answer, "database"),
                        Json.required(answer, "system"),
                        Json.text(answer, "started").map(Json::instant),
                        Json.text(answer, "version").orElse(""),
                        registered(answer),
                        answer.path("hasReferenceTables").asBoolean(),
                        answer.path("hasTables").asBoolean()),
                nodes,
                placements,
                ledger);
    }

    /** The address of the coordinator's own row; empty while it has none. */
    static Optional<HostPort> registered(JsonNode answer) {
        return Json.list(answer, "nodes", SnapshotQuery::node).stream()
                .filter(Node::isCoordinator)
                .map(Node::address)
                .findFirst();
    }

    static Node node(JsonNode row) {
        return new Node(
                new NodeId(row.path("id").asInt()),
                new GroupId(row.path("group").asInt()),
                Json.address(row),
                switch (Json.required(row, "role")) {
                    case "primary" -> NodeRole.PRIMARY;
                    case "secondary" -> NodeRole.SECONDARY;
                    default -> NodeRole.UNAVAILABLE;
                },
                Json.required(row, "cluster"),
                row.path("active").asBoolean(),
                row.path("metadata").asBoolean(),
                row.path("synced").asBoolean(),
                row.path("shards").asBoolean(),
                row.path("clone").asBoolean(false));
    }

    static Placements placements(JsonNode group) {
        return new Placements(
                group.path("distributed").asInt(),
                group.path("sole").asInt(),
                group.path("reference").asInt(),
                group.path("soleReference").asInt(),
                Json.text(group, "sample"),
                new Placements.Tables(
                        Json.list(group, "replicated", JsonNode::asText),
                        group.path("replicatedTables").asInt()));
    }
}
