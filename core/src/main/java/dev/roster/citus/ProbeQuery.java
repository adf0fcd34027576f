package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.GroupId;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ServerReport;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The question that a server is asked, one query with one JSON value as its answer, and the reading of the answer. It has to
 * parse on any server with any version of the extension from 11.0 on; a server without it answers 42P01.
 */
final class ProbeQuery {

    /** The names and shard ids of this cluster's tables, for {@link #TABLES}; asked on the coordinator. */
    static final String OWN_TABLES = """
            SELECT coalesce(json_agg(json_build_object('schema', ns.nspname, 'name', c.relname, 'shards', s.shards)), '[]')::text
              FROM pg_catalog.pg_dist_partition t
                   JOIN pg_catalog.pg_class c ON c.oid = t.logicalrelid
                   JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace
                   JOIN (SELECT logicalrelid, json_agg(shardid) AS shards
                           FROM pg_catalog.pg_dist_shard GROUP BY logicalrelid) s USING (logicalrelid)""";

    /** A fingerprint of the names in {@link #OWN_TABLES}; asked on the coordinator. */
    static final String TABLE_NAMES = """
            SELECT md5(coalesce(string_agg(format('%I.%I', ns.nspname, c.relname), ',' ORDER BY ns.nspname, c.relname), ''))
              FROM pg_catalog.pg_dist_partition t
                   JOIN pg_catalog.pg_class c ON c.oid = t.logicalrelid
                   JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace""";

    /** Stands in {@link #of a candidate's question} for the literal with the answer to {@link #OWN_TABLES}. */
    static final String TABLES = "@tables@";

    private static final String MEMBER = """
            'system', (SELECT system_identifier::text FROM pg_catalog.pg_control_system()),
            'server', (SELECT metadata ->> 'server_id' FROM pg_catalog.pg_dist_node_metadata LIMIT 1),
            'started', pg_catalog.pg_postmaster_start_time(),
            'recovery', pg_catalog.pg_is_in_recovery(),
            'readonly', pg_catalog.current_setting('transaction_read_only') = 'on',
            'timeline', CASE WHEN pg_catalog.pg_is_in_recovery()
                THEN (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint())
                ELSE ('x' || pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8))::bit(32)::int END,
            'lsn', CASE WHEN pg_catalog.pg_is_in_recovery()
                THEN pg_catalog.pg_last_wal_replay_lsn() ELSE pg_catalog.pg_current_wal_lsn() END,
            'history', CASE WHEN NOT pg_catalog.pg_is_in_recovery()
                    AND pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8) <> '00000001'
                    AND pg_catalog.has_function_privilege('pg_catalog.pg_read_file(text,bigint,bigint,boolean)', 'EXECUTE')
                THEN pg_catalog.pg_read_file('pg_wal/' || pg_catalog.substr(pg_catalog.pg_walfile_name(
                    pg_catalog.pg_current_wal_lsn()), 1, 8) || '.history', 0, 65536, true) END,
            'group', (SELECT groupid FROM pg_catalog.pg_dist_local_group LIMIT 1),
            'nodes', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_dist_node)""";

    private static final String CANDIDATE = """
            'extension', (SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'citus'),
            'preloaded', pg_catalog.current_setting('shared_preload_libraries') ~ '(^|[^a-z_])citus([^a-z_]|$)',
            'tables', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_dist_partition),
            'placements', (SELECT pg_catalog.count(*) FROM pg_catalog.pg_dist_placement p
                JOIN pg_catalog.pg_dist_shard s USING (shardid) JOIN pg_catalog.pg_dist_partition t USING (logicalrelid)
                WHERE t.repmodel <> 't' AND p.groupid = (SELECT groupid FROM pg_catalog.pg_dist_local_group LIMIT 1)),
            'clashes', (SELECT pg_catalog.json_agg(f.name) FROM (
                SELECT pg_catalog.format('%I.%I', ns.nspname, c.relname) AS name
                  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace
                       JOIN known k ON k.schema = ns.nspname AND k.name = c.relname
                 WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
                   AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition t WHERE t.logicalrelid = c.oid) LIMIT 5) f),
            'shardNamed', (SELECT pg_catalog.json_agg(f.name) FROM (
                SELECT pg_catalog.format('%I.%I', ns.nspname, c.relname) AS name
                  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace ns ON ns.oid = c.relnamespace
                       JOIN known k ON k.schema = ns.nspname AND pg_catalog.starts_with(c.relname, k.name || '_')
                 WHERE pg_catalog.substr(c.relname, pg_catalog.length(k.name) + 2) IN (
                       SELECT e FROM pg_catalog.json_array_elements_text(k.shards) e)
                   AND c.relkind IN ('r', 'p', 'f') LIMIT 5) f),
            'coordinator', CASE WHEN EXISTS (
                SELECT FROM pg_catalog.pg_dist_node WHERE groupid = 0 AND noderole = 'primary' AND bounded.set IS NOT NULL)
                THEN (SELECT result FROM pg_catalog.run_command_on_coordinator(
                    'SELECT system_identifier::text FROM pg_catalog.pg_control_system()') WHERE success LIMIT 1) END""";

    /** Such as {@code 1\t0/3000148\tno recovery target specified}; a line that is none of these is a comment or blank. */
    private static final Pattern FORK = Pattern.compile("\\s*(\\d{1,9})\\s+([0-9A-Fa-f]{1,8}/[0-9A-Fa-f]{1,8})\\s");

    private ProbeQuery() {}

    /** The question for one server; for a candidate it contains {@link #TABLES}. */
    static String of(ProbeRequest request, long timeoutMillis) {
        String relation = request.relation()
                .map(name -> ", 'relation', pg_catalog.to_regclass(" + literal(name) + ") IS NOT NULL")
                .orElse("");
        return switch (request.depth()) {
            case MEMBER -> "SELECT pg_catalog.json_build_object(" + MEMBER + relation + ")";
            case CANDIDATE -> """
                WITH known AS (SELECT * FROM pg_catalog.json_to_recordset(@tables@::json)
                                   AS k(schema text, name text, shards json)),
                bounded AS MATERIALIZED (SELECT pg_catalog.set_config('citus.node_connection_timeout', '%dms', true) AS set)
                SELECT pg_catalog.json_build_object(%s%s, %s) FROM bounded""".formatted(timeoutMillis, MEMBER, relation, CANDIDATE);
        };
    }

    /** A text as an SQL literal that means the same under every setting of {@code standard_conforming_strings}. */
    static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** Reads an answer; {@code comparedWith} is what {@link #TABLE_NAMES} said in the same statement. */
    static ServerReport report(JsonNode answer, ProbeRequest request, String comparedWith) {
        Optional<Identity> identity = Json.identity(answer);
        return new ServerReport(
                identity.orElseThrow(() -> new IllegalStateException("a server answered without an identity")),
                Json.instant(Json.required(answer, "started")),
                answer.path("recovery").asBoolean(),
                answer.path("readonly").asBoolean(),
                answer.path("timeline").asInt(0),
                Json.text(answer, "lsn").orElse(""),
                new GroupId(Math.max(0, answer.path("group").asInt(0))),
                answer.path("nodes").asInt(),
                answer.has("relation") ? Optional.of(answer.path("relation").asBoolean()) : Optional.empty(),
                request.depth() == ProbeRequest.Depth.CANDIDATE
                        ? Optional.of(candidate(answer, comparedWith))
                        : Optional.empty(),
                Json.text(answer, "history").map(ProbeQuery::forks).orElse(Map.of()));
    }

    /** A timeline history file: one line for each timeline it descends from, its number and where it was left. */
    static Map<Integer, String> forks(String history) {
        Map<Integer, String> forks = new HashMap<>();
        for (String line : history.lines().toList()) {
            Matcher fields = FORK.matcher(line);
            if (fields.lookingAt()) {
                forks.put(Integer.parseInt(fields.group(1)), fields.group(2));
            }
        }
        return forks;
    }

    private static ServerReport.Candidate candidate(JsonNode answer, String comparedWith) {
        return new ServerReport.Candidate(
                Json.text(answer, "extension"),
                answer.path("preloaded").asBoolean(),
                answer.path("tables").asInt(),
                answer.path("placements").asInt(),
                Json.list(answer, "clashes", JsonNode::asText),
                Json.list(answer, "shardNamed", JsonNode::asText),
                Json.text(answer, "coordinator"),
                comparedWith);
    }
}
