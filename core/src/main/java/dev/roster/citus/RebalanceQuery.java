package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.RebalanceJob;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Reads Citus' background jobs from its catalogs, which asks no other node. Citus has them from 11.1 on. */
final class RebalanceQuery {

    private static final String READ = """
            SELECT json_build_object('jobs', (
                SELECT json_agg(json_build_object('id', j.job_id, 'state', j.state, 'tasks', (
                           SELECT json_agg(json_build_object('state', t.status, 'retried', coalesce(t.retry_count, 0),
                                                             'message', t.message) ORDER BY t.task_id)
                             FROM pg_catalog.pg_dist_background_task t WHERE t.job_id = j.job_id)) ORDER BY j.job_id)
                  FROM pg_catalog.pg_dist_background_job j
                 WHERE j.job_type = 'rebalance'
                   AND (j.state::text IN ('scheduled', 'running', 'cancelling', 'failing') OR j.job_id = ANY (?::bigint[]))))""";

    private RebalanceQuery() {}

    /** The job under way, and these. */
    static List<RebalanceJob> read(Session session, Collection<Long> jobs) throws SQLException {
        JsonNode answer = session.json(READ, (Object) jobs.toArray(Long[]::new));
        return Json.list(answer, "jobs", RebalanceQuery::job);
    }

    private static RebalanceJob job(JsonNode row) {
        return new RebalanceJob(
                row.path("id").asLong(),
                RebalanceJob.State.valueOf(Json.required(row, "state").toUpperCase(Locale.ROOT)),
                Json.list(row, "tasks", RebalanceQuery::task));
    }

    private static RebalanceJob.Task task(JsonNode row) {
        return new RebalanceJob.Task(
                Json.required(row, "state"), row.path("retried").asInt(), Json.text(row, "message"));
    }
}
