package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.RebalanceJob;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads Citus' background jobs from its catalogs, which asks no other node. Citus has them from 11.1 on. */
final class RebalanceQuery {

    private static final String READ = """
            SELECT json_build_object('jobs', (
                SELECT json_agg(json_build_object('id', j.job_id, 'state', j.state, 'started', j.started_at, 'tasks', (
                           SELECT json_agg(json_build_object('state', t.status, 'retried', coalesce(t.retry_count, 0),
                                      'message', t.message, 'shard', m.move[1],
                                      'table', (SELECT format('%I.%I', ns.nspname, c.relname)
                                                  FROM pg_catalog.pg_dist_shard s
                                                       JOIN pg_catalog.pg_class c ON c.oid = s.logicalrelid
                                                       JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace
                                                 WHERE s.shardid = m.move[1]::bigint),
                                      'source', (SELECT json_build_object('host', n.nodename, 'port', n.nodeport)
                                                   FROM pg_catalog.pg_dist_node n WHERE n.nodeid = m.move[2]::int),
                                      'target', (SELECT json_build_object('host', n.nodename, 'port', n.nodeport)
                                                   FROM pg_catalog.pg_dist_node n WHERE n.nodeid = m.move[3]::int))
                                      ORDER BY t.task_id)
                             FROM pg_catalog.pg_dist_background_task t
                                  CROSS JOIN LATERAL (SELECT pg_catalog.regexp_match(t.command,
                                      'citus_move_shard_placement\\((\\d+),(\\d+),(\\d+),') AS move) m
                            WHERE t.job_id = j.job_id)) ORDER BY j.job_id)
                  FROM pg_catalog.pg_dist_background_job j
                 WHERE j.job_type = 'rebalance'
                   AND (j.state::text IN ('scheduled', 'running', 'cancelling', 'failing') OR j.job_id = ANY (?::bigint[]))))""";

    private RebalanceQuery() {}

    /** Whether the coordinator's Citus has background jobs. */
    static final String EXIST = "to_regclass('pg_catalog.pg_dist_background_job') IS NOT NULL";

    /** The job under way, and these. */
    static List<RebalanceJob> read(Session session, Collection<Long> jobs) throws SQLException {
        JsonNode answer = session.json(READ, (Object) jobs.toArray(Long[]::new));
        return Json.list(answer, "jobs", RebalanceQuery::job);
    }

    private static RebalanceJob job(JsonNode row) {
        return new RebalanceJob(
                row.path("id").asLong(),
                RebalanceJob.State.valueOf(Json.required(row, "state").toUpperCase(Locale.ROOT)),
                Json.text(row, "started").map(Json::instant),
                Json.list(row, "tasks", RebalanceQuery::task));
    }

    private static RebalanceJob.Task task(JsonNode row) {
        return new RebalanceJob.Task(
                Json.required(row, "state"), row.path("retried").asInt(), Json.text(row, "message"), move(row));
    }

    /** Empty if a table or a node of it is gone. */
    private static Optional<RebalanceJob.Move> move(JsonNode row) {
        return Json.text(row, "table")
                .filter(_ -> row.path("source").isObject() && row.path("target").isObject())
                .map(table -> new RebalanceJob.Move(
                        table,
                        row.path("shard").asLong(),
                        Json.address(row.path("source")),
                        Json.address(row.path("target"))));
    }
}
