package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeSize;
import dev.roster.cluster.NodeSizes;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import javax.sql.DataSource;

/**
 * Sizes through the coordinator: {@code master_run_on_worker} asks all active primaries in parallel for the shards that their
 * own catalog lists for them. {@code citus_shards} would contact the same nodes, and leave out a dead one as if it held nothing
 * (docs/citus.md section 7). Thread-safe.
 */
public final class CoordinatorSizes implements NodeSizes {

    /** Sent to each node. A shard that is locked is not waited for longer than this on any one node. */
    private static final String THERE = """
            SELECT json_build_object('postgres', current_setting('server_version'),
                'citus', (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'citus'),
                'bytes', (SELECT coalesce(sum(pg_catalog.pg_total_relation_size(
                                     to_regclass(pg_catalog.shard_name(s.logicalrelid, s.shardid)))), 0)::bigint
                            FROM (SELECT set_config('lock_timeout', '1s', true)) l
                                 CROSS JOIN pg_catalog.pg_dist_placement p
                                 JOIN pg_catalog.pg_dist_shard s USING (shardid)
                           WHERE p.groupid = (SELECT groupid FROM pg_catalog.pg_dist_local_group)))""";

    private static final String ASK = """
            SELECT json_build_object('answers', (
                SELECT json_agg(json_build_object('host', a.node_name, 'port', a.node_port, 'success', a.success,
                                                  'result', a.result))
                  FROM pg_catalog.master_run_on_worker(?::text[], ?::int[], ?::text[], true) a))""";

    private final CoordinatorCatalog catalog;
    private final Transactions transactions;
    private final CoordinatorFaults faults;

    /**
     * @param catalog reads the nodes
     * @param source connections to the same coordinator
     * @param settings where it is and how long to wait
     */
    public CoordinatorSizes(CoordinatorCatalog catalog, DataSource source, CoordinatorSettings settings) {
        this.catalog = catalog;
        this.transactions = new Transactions(source, settings);
        this.faults = new CoordinatorFaults(settings);
    }

    @Override
    public List<NodeSize> look() throws CoordinatorUnavailable {
        ClusterSnapshot cluster = catalog.snapshot();
        List<Node> asked =
                cluster.nodes().stream().filter(Node::isActivePrimary).toList();
        try {
            Map<HostPort, JsonNode> answers = asked.isEmpty() ? Map.of() : answers(asked);
            return cluster.nodes().stream()
                    .map(node -> size(node, Optional.ofNullable(answers.get(node.address()))))
                    .toList();
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("looking refuses nothing", e);
        }
    }

    private Map<HostPort, JsonNode> answers(List<Node> asked)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        JsonNode said = transactions.probe(session -> session.json(
                ASK,
                asked.stream().map(node -> node.address().host()).toArray(String[]::new),
                asked.stream().map(node -> node.address().port()).toArray(Integer[]::new),
                asked.stream().map(_ -> THERE).toArray(String[]::new)));
        Map<HostPort, JsonNode> answers = new HashMap<>();
        said.path("answers").forEach(each -> answers.put(Json.address(each), each));
        return answers;
    }

    private static NodeSize size(Node node, Optional<JsonNode> answer) {
        if (!node.isActivePrimary()) {
            return NodeSize.unknown(
                    node, node.isActive() ? "a secondary is not asked" : "an inactive node is not asked");
        }
        String result = answer.flatMap(each -> Json.text(each, "result")).orElse("no answer");
        if (!answer.map(each -> each.path("success").asBoolean()).orElse(false)) {
            return NodeSize.unknown(node, result.lines().findFirst().orElse("no answer"));
        }
        JsonNode said = Json.read(result);
        // A node whose copy of the metadata is old or missing does not know which shards are its own.
        boolean knowsItsShards = (node.hasMetadata() && node.metadataSynced()) || node.isCoordinator();
        return new NodeSize(
                node.id(),
                node.address(),
                knowsItsShards ? OptionalLong.of(said.path("bytes").asLong()) : OptionalLong.empty(),
                Json.text(said, "postgres"),
                Json.text(said, "citus"),
                knowsItsShards ? Optional.empty() : Optional.of("it does not have the metadata of its shards"));
    }
}
