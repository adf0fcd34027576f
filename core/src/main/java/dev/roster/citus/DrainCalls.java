package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.ledger.Intent.TransferMode;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Citus' calls for moving a node's shards away (docs/citus.md section 6). */
final class DrainCalls {

    private static final String START = """
            SELECT pg_catalog.citus_rebalance_start(drain_only := true, shard_transfer_mode := ?::citus.shard_transfer_mode)::text""";

    private static final String STOP = "SELECT pg_catalog.citus_rebalance_stop()::text";

    private static final String PLAN = """
            SELECT json_build_object('moves', (
                SELECT json_agg(json_build_object('table', p.table_name::text, 'shard', p.shardid, 'bytes', p.shard_size,
                           'sourceHost', p.sourcename, 'sourcePort', p.sourceport,
                           'targetHost', p.targetname, 'targetPort', p.targetport))
                  FROM pg_catalog.get_rebalance_table_shards_plan(drain_only := true) p))""";

    /** Tables with a placement in the group whose rows logical replication could not tell apart. */
    private static final String WITHOUT_IDENTITY = """
            SELECT json_build_object('tables', (
                SELECT json_agg(DISTINCT s.logicalrelid::text)
                  FROM pg_catalog.pg_dist_placement p
                       JOIN pg_catalog.pg_dist_shard s USING (shardid)
                       JOIN pg_catalog.pg_dist_partition t USING (logicalrelid)
                       JOIN pg_catalog.pg_class c ON c.oid = s.logicalrelid
                 WHERE p.groupid = ?::int AND t.repmodel <> 't' AND c.relkind = 'r'
                   AND (c.relreplident = 'n'
                        OR c.relreplident = 'd' AND NOT EXISTS (SELECT FROM pg_catalog.pg_index i
                                                                 WHERE i.indrelid = c.oid AND i.indisprimary))),
                'wal', (SELECT a.result FROM pg_catalog.master_run_on_worker(ARRAY[?::text], ARRAY[?::int],
                            ARRAY['SELECT current_setting(''wal_level'')'], true) a WHERE a.success))""";

    private DrainCalls() {}

    /** Takes the node out of the running for shards and starts the job; empty if there is nothing to move. */
    static Optional<Long> start(Session session, Node node, TransferMode mode) throws SQLException {
        NodeCalls.setShouldHaveShards(session, node.address(), false);
        return Optional.ofNullable(session.text(START, mode.word())).map(Long::valueOf);
    }

    static void stop(Session session) throws SQLException {
        session.text(STOP);
    }

    /** What {@link #start} would move. Changes the property, so that the transaction has to be rolled back. */
    static List<DrainPreview.Move> plan(Session session, Node node) throws SQLException {
        NodeCalls.setShouldHaveShards(session, node.address(), false);
        return Json.list(session.json(PLAN), "moves", DrainCalls::move);
    }

    static JsonNode unmovable(Session session, Node node) throws SQLException {
        return session.json(
                WITHOUT_IDENTITY,
                node.group().value(),
                node.address().host(),
                node.address().port());
    }

    static DrainPreview.Move move(JsonNode row) {
        return new DrainPreview.Move(
                Json.required(row, "table"),
                row.path("shard").asLong(),
                row.path("bytes").asLong(),
                new HostPort(
                        Json.required(row, "sourceHost"), row.path("sourcePort").asInt()),
                new HostPort(
                        Json.required(row, "targetHost"), row.path("targetPort").asInt()));
    }
}
