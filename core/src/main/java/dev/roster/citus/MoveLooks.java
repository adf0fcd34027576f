package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.MoveLook;
import dev.roster.cluster.RebalanceJob;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Looks closer at a job that moves shards. Each part is read for itself, since each asks other servers and may fail alone;
 * what fails is left out. Used by one thread.
 */
final class MoveLooks {

    /** Sizes with all that go along. {@code citus_shard_sizes} has the column {@code shard_id} from 12.0 on. */
    private static final String SIZES = """
            SELECT json_build_object('sizes', (
                SELECT json_agg(json_build_object('shard', m.shardid, 'bytes', m.bytes))
                  FROM (SELECT s.shardid, sum(z.bytes) AS bytes
                          FROM pg_catalog.pg_dist_shard s
                               JOIN pg_catalog.pg_dist_partition t USING (logicalrelid)
                               JOIN pg_catalog.pg_dist_partition ct
                                 ON ct.logicalrelid = t.logicalrelid
                                 OR ct.colocationid = t.colocationid AND t.colocationid <> 0
                               JOIN pg_catalog.pg_dist_shard cs
                                 ON cs.logicalrelid = ct.logicalrelid
                                AND cs.shardminvalue IS NOT DISTINCT FROM s.shardminvalue
                               JOIN (SELECT (to_jsonb(a) ->> 'shard_id')::bigint AS shardid, max(a.size) AS bytes
                                       FROM pg_catalog.citus_shard_sizes() a GROUP BY 1) z ON z.shardid = cs.shardid
                         WHERE s.shardid = ANY (?::bigint[])
                         GROUP BY s.shardid) m))""";

    /** The sizes at both ends are columns from 11.0 on, the phase from 12.0 on. */
    private static final String RUNNING = """
            SELECT json_build_object('running', (
                SELECT json_agg(json_build_object('shards', m.shards, 'bytes', m.bytes, 'done', m.done, 'phase', m.phase))
                  FROM (SELECT array_agg(p.shardid) AS shards,
                               sum(coalesce((to_jsonb(p) ->> 'source_shard_size')::bigint, p.shard_size)) AS bytes,
                               sum(coalesce((to_jsonb(p) ->> 'target_shard_size')::bigint, 0)) AS done,
                               min(to_jsonb(p) ->> 'status') AS phase
                          FROM pg_catalog.get_rebalance_progress() p
                         GROUP BY p.sessionid, p.sourcename, p.sourceport) m),
                'workers', json_build_object('most', current_setting('max_worker_processes')::int, 'used', (
                    SELECT count(*) FROM pg_catalog.pg_stat_activity a
                     WHERE a.backend_type NOT IN ('client backend', 'autovacuum launcher', 'autovacuum worker',
                               'background writer', 'checkpointer', 'walwriter', 'walsender', 'walreceiver', 'startup',
                               'archiver', 'logger'))))""";

    /**
     * Sessions of Citus' moves that wait, with whoever they wait for; run on each server concerned. Citus copies through
     * walsenders and through sessions called citus_internal or citus_rebalancer; the job itself waits in its background
     * process. When a wait began is a column from PostgreSQL 14 on.
     */
    private static final String WAITS = """
            SELECT json_agg(json_build_object('pid', b.pid, 'user', h.usename, 'application', h.application_name,
                       'state', h.state,
                       'lock', CASE WHEN l.relation IS NULL THEN l.locktype ELSE 'relation ' || l.relation::regclass END,
                       'seconds', extract(epoch FROM clock_timestamp()
                           - coalesce((to_jsonb(l) ->> 'waitstart')::timestamptz, w.query_start))))
              FROM pg_catalog.pg_stat_activity w
                   CROSS JOIN LATERAL pg_catalog.unnest(pg_catalog.pg_blocking_pids(w.pid)) AS b(pid)
                   JOIN pg_catalog.pg_locks l ON l.pid = w.pid AND NOT l.granted
                   LEFT JOIN pg_catalog.pg_stat_activity h ON h.pid = b.pid
             WHERE w.datname = current_database()
               AND (w.backend_type = 'walsender' OR w.backend_type LIKE 'Citus Background Task Queue Executor%'
                    OR w.application_name LIKE 'citus_rebalancer%' OR w.application_name LIKE 'citus_internal%'
                       AND (w.query LIKE '%citus_move_shard%' OR w.query LIKE '%_shard_split_%'
                            OR w.query LIKE '%SUBSCRIPTION%' OR w.query LIKE 'LOCK TABLE%'
                            OR w.query LIKE '%worker_apply_shard_ddl%' OR w.query LIKE '%lock_shard%'))""";

    private static final String ASK = """
            SELECT json_build_object('servers', (
                SELECT json_agg(json_build_object('host', a.node_name, 'port', a.node_port, 'waits', a.result::json))
                  FROM pg_catalog.master_run_on_worker(?::text[], ?::int[],
                           pg_catalog.array_fill(?::text, ARRAY[cardinality(?::int[])]), true) a
                 WHERE a.success AND a.result <> ''))""";

    private static final String HERE = "SELECT json_build_object('waits', (" + WAITS + "))";

    private final Transactions transactions;
    private final CoordinatorFaults faults;
    private final HostPort coordinator;

    private long sized;
    private Map<Long, Long> sizes = Map.of();

    MoveLooks(Transactions transactions, CoordinatorFaults faults, CoordinatorSettings settings) {
        this.transactions = transactions;
        this.faults = faults;
        this.coordinator = settings.hosts().getFirst();
    }

    MoveLook at(RebalanceJob job) throws CoordinatorUnavailable {
        if (sized != job.id() || sizes.isEmpty()) {
            sized = job.id();
            sizes = sizes(job);
        }
        JsonNode moving = read(session -> session.json(RUNNING));
        return new MoveLook(
                sizes,
                moving == null ? List.of() : Json.list(moving, "running", MoveLooks::running),
                waits(job),
                moving == null
                        ? Optional.empty()
                        : Optional.of(new MoveLook.BackgroundWorkers(
                                moving.path("workers").path("used").asInt(),
                                moving.path("workers").path("most").asInt())));
    }

    private Map<Long, Long> sizes(RebalanceJob job) throws CoordinatorUnavailable {
        Long[] shards = job.tasks().stream()
                .flatMap(task -> task.move().stream())
                .map(RebalanceJob.Move::shard)
                .toArray(Long[]::new);
        JsonNode answer = read(session -> session.json(SIZES, (Object) shards));
        Map<Long, Long> bytes = new HashMap<>();
        if (answer != null) {
            answer.path("sizes")
                    .forEach(row -> bytes.put(
                            row.path("shard").asLong(), row.path("bytes").asLong()));
        }
        return bytes;
    }

    private List<MoveLook.LockWait> waits(RebalanceJob job) throws CoordinatorUnavailable {
        List<HostPort> servers = job.tasks().stream()
                .filter(RebalanceJob.Task::isRunning)
                .flatMap(task -> task.move().stream())
                .flatMap(move -> Stream.of(move.source(), move.target()))
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .toList();
        if (servers.isEmpty()) {
            return List.of();
        }
        String[] hosts = servers.stream().map(HostPort::host).toArray(String[]::new);
        Integer[] ports = servers.stream().map(HostPort::port).toArray(Integer[]::new);
        JsonNode here = read(session -> session.json(HERE));
        JsonNode there = read(session -> session.json(ASK, hosts, ports, WAITS, ports));
        Stream<MoveLook.LockWait> onCoordinator =
                here == null ? Stream.of() : Json.list(here, "waits", row -> wait(coordinator, row)).stream();
        Stream<MoveLook.LockWait> onOthers = there == null
                ? Stream.of()
                : Json.list(there, "servers", row -> Json.list(row, "waits", one -> wait(Json.address(row), one)))
                        .stream()
                        .flatMap(List::stream);
        return Stream.concat(onCoordinator, onOthers).toList();
    }

    /** Null if it was refused or took too long: nothing that moves shards depends on it. */
    private @Nullable JsonNode read(Transactions.Body<JsonNode> body) throws CoordinatorUnavailable {
        try {
            return transactions.read(body);
        } catch (SQLException e) {
            if (!ServerWords.sessionSurvives(e)) {
                throw faults.unavailable(e);
            }
            return null;
        } catch (RefusedException e) {
            throw new IllegalStateException("a look refuses nothing", e);
        }
    }

    private static MoveLook.Running running(JsonNode row) {
        return new MoveLook.Running(
                Json.list(row, "shards", JsonNode::asLong),
                row.path("bytes").asLong(),
                row.path("done").asLong(),
                Json.text(row, "phase"));
    }

    private static MoveLook.LockWait wait(HostPort server, JsonNode row) {
        return new MoveLook.LockWait(
                server,
                row.path("pid").asLong(),
                Json.text(row, "user"),
                Json.text(row, "application"),
                Json.text(row, "state"),
                Json.required(row, "lock"),
                Duration.ofSeconds(row.path("seconds").asLong()));
    }
}
