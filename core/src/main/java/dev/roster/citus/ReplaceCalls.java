package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.execute.Refusal.Situation;
import java.sql.SQLException;
import java.util.List;

/**
 * Citus' calls for replacing a lost server (ADR 15). Shards are made by the functions that Citus itself uses for a copy of a
 * shard: {@code worker_apply_shard_ddl_command} with the lines of {@code master_get_table_ddl_events},
 * {@code worker_apply_inter_shard_ddl_command} for partitions and foreign keys, and {@code worker_copy_table_to_node}.
 */
final class ReplaceCalls {

    /** Where copies are filled before they take their name: nobody reads them there. */
    static final String STAGE = "roster_replacement";

    private static final String UPDATE =
            "SELECT pg_catalog.citus_update_node(?::int, ?::text, ?::int, force := true, lock_cooldown := 1000)::text";

    /** Table name with schema, how many of its shards have no copy elsewhere, and how many shards it has. */
    private static final String LOSS = """
            WITH placed AS (
                SELECT s.logicalrelid, s.shardid, EXISTS (
                           SELECT FROM pg_catalog.pg_dist_placement o
                                  JOIN pg_catalog.pg_dist_node n ON n.groupid = o.groupid AND n.isactive AND n.noderole = 'primary'
                            WHERE o.shardid = p.shardid AND o.groupid <> p.groupid AND o.shardstate = 1) AS copied
                  FROM pg_catalog.pg_dist_placement p JOIN pg_catalog.pg_dist_shard s USING (shardid)
                 WHERE p.groupid = ?::int)
            SELECT json_build_object(
                'copied', (SELECT count(*) FROM placed WHERE copied),
                'copies', to_regproc('pg_catalog.worker_copy_table_to_node') IS NOT NULL,
                'tables', (SELECT json_agg(json_build_object('name', l.name, 'lost', l.lost, 'of', l.shards) ORDER BY l.name)
                    FROM (SELECT format('%I.%I', n.nspname, c.relname) AS name, count(*) AS lost,
                                 (SELECT count(*) FROM pg_catalog.pg_dist_shard a WHERE a.logicalrelid = c.oid) AS shards
                            FROM placed JOIN pg_catalog.pg_class c ON c.oid = placed.logicalrelid
                                 JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                           WHERE NOT placed.copied GROUP BY c.oid, n.nspname, c.relname) l))""";

    /** A shard's relation, with its schema, as text; Citus leaves out the schema public. */
    private static final String RELATION = """
            CASE WHEN n.nspname = 'public' THEN 'public.' ELSE '' END || pg_catalog.shard_name(s.logicalrelid, s.shardid)""";

    /** Which shards the server lacks that its group should have, asked on it by their names. */
    private static final String LOOK = """
            WITH placed AS (
                SELECT s.shardid, %s AS relation
                  FROM pg_catalog.pg_dist_placement p JOIN pg_catalog.pg_dist_shard s USING (shardid)
                       JOIN pg_catalog.pg_class c ON c.oid = s.logicalrelid
                       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 WHERE p.groupid = ?::int)
            SELECT json_build_object(
                'total', (SELECT count(*) FROM placed),
                'tables', (SELECT count(*) FROM pg_catalog.pg_dist_partition),
                'success', a.success, 'result', a.result)
              FROM pg_catalog.master_run_on_worker(ARRAY[?::text], ARRAY[?::int], ARRAY[(
                SELECT format($ask$
                    SELECT json_build_object(
                        'group', (SELECT groupid FROM pg_catalog.pg_dist_local_group),
                        'tables', (SELECT count(*) FROM pg_catalog.pg_dist_partition),
                        'missing', (SELECT json_agg(m.shardid ORDER BY m.shardid)
                                      FROM unnest(%%L::bigint[], %%L::text[]) AS m(shardid, relation)
                                     WHERE to_regclass(m.relation) IS NULL))$ask$,
                    array_agg(shardid ORDER BY shardid), array_agg(relation ORDER BY shardid)) FROM placed)], true) a""".formatted(RELATION);

    private static final String TRIGGER = "^(CREATE (CONSTRAINT )?TRIGGER |ALTER TABLE .* (ENABLE|DISABLE) .*TRIGGER )";

    /**
     * All that is to be known of some shards of a group: what kind of shard it is, from where it can be copied, which shards
     * belong together, and the lines that make it. A line that comes {@code late} waits for the rows: triggers would fire.
     * Defaults from sequences and identities are left to the tables; Citus' own shards have none.
     */
    private static final String SHARDS = """
            WITH wanted AS (
                SELECT s.shardid, s.logicalrelid, s.shardminvalue, n.nspname, c.relname, c.relispartition,
                       pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound, t.repmodel, t.colocationid, %s AS relation,
                       (SELECT json_build_object('host', h.nodename, 'port', h.nodeport)
                          FROM pg_catalog.pg_dist_placement o
                               JOIN pg_catalog.pg_dist_node h ON h.groupid = o.groupid AND h.isactive AND h.noderole = 'primary'
                         WHERE o.shardid = s.shardid AND o.groupid <> ?::int AND o.shardstate = 1
                         ORDER BY o.groupid LIMIT 1) AS source
                  FROM pg_catalog.pg_dist_shard s JOIN pg_catalog.pg_dist_partition t USING (logicalrelid)
                       JOIN pg_catalog.pg_class c ON c.oid = s.logicalrelid
                       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                 WHERE s.shardid = ANY (?::bigint[]))
            SELECT json_build_object('shards', json_agg(json_build_object(
                'id', w.shardid, 'schema', w.nspname, 'quotedSchema', quote_ident(w.nspname), 'relation', w.relation,
                'reference', w.repmodel = 't', 'source', w.source,
                'unit', CASE WHEN w.repmodel = 't' THEN 'reference' WHEN w.colocationid = 0 THEN 'shard ' || w.shardid
                             ELSE w.colocationid || ' ' || coalesce(w.shardminvalue, '') END,
                'columns', (SELECT string_agg(format('%%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_catalog.pg_attribute a
                             WHERE a.attrelid = w.logicalrelid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
                'lines', (SELECT json_agg(l.line ORDER BY l.n) FROM (
                    SELECT n, line FROM pg_catalog.master_get_table_ddl_events(format('%%I.%%I', w.nspname, w.relname))
                        WITH ORDINALITY AS e(line, n) WHERE line !~ '%s'
                    UNION ALL
                    SELECT 1000000 + a.attnum, format('ALTER TABLE %%I.%%I ALTER COLUMN %%I DROP %%s', w.nspname, w.relname, a.attname,
                               CASE WHEN a.attidentity <> '' THEN 'IDENTITY' ELSE 'DEFAULT' END)
                      FROM pg_catalog.pg_attribute a
                           LEFT JOIN pg_catalog.pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
                     WHERE a.attrelid = w.logicalrelid AND a.attnum > 0 AND NOT a.attisdropped
                       AND (a.attidentity <> '' OR a.attgenerated = '' AND EXISTS (
                            SELECT FROM pg_catalog.pg_depend d
                                   JOIN pg_catalog.pg_class q ON q.oid = d.refobjid AND q.relkind = 'S'
                             WHERE d.classid = 'pg_catalog.pg_attrdef'::regclass AND d.objid = f.oid
                               AND d.refclassid = 'pg_catalog.pg_class'::regclass))) l),
                'late', (SELECT json_agg(e.line ORDER BY e.n)
                           FROM pg_catalog.master_get_table_ddl_events(format('%%I.%%I', w.nspname, w.relname))
                                WITH ORDINALITY AS e(line, n) WHERE e.line ~ '%s'),
                'attach', (SELECT json_build_object('id', ps.shardid, 'schema', pn.nspname, 'line',
                               format('ALTER TABLE ONLY %%I.%%I ATTACH PARTITION %%I.%%I %%s', pn.nspname, pc.relname,
                                      w.nspname, w.relname, w.bound))
                             FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class pc ON pc.oid = i.inhparent
                                  JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace
                                  JOIN pg_catalog.pg_dist_shard ps ON ps.logicalrelid = pc.oid
                                   AND ps.shardminvalue IS NOT DISTINCT FROM w.shardminvalue
                            WHERE w.relispartition AND i.inhrelid = w.logicalrelid),
                'keys', (SELECT json_agg(json_build_object('id', rs.shardid, 'schema', rn.nspname, 'line',
                             format('ALTER TABLE %%I.%%I ADD CONSTRAINT %%I %%s', w.nspname, w.relname, k.conname,
                                    pg_catalog.pg_get_constraintdef(k.oid))) ORDER BY k.conname)
                           FROM pg_catalog.pg_constraint k
                                JOIN pg_catalog.pg_dist_partition rt ON rt.logicalrelid = k.confrelid
                                JOIN pg_catalog.pg_class rc ON rc.oid = k.confrelid
                                JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace
                                JOIN pg_catalog.pg_dist_shard rs ON rs.logicalrelid = k.confrelid
                          WHERE k.conrelid = w.logicalrelid AND k.contype = 'f' AND k.conparentid = 0
                            AND (rt.repmodel = 't' OR rt.colocationid = w.colocationid AND w.colocationid <> 0
                                 AND rs.shardminvalue IS NOT DISTINCT FROM w.shardminvalue
                                 OR rs.shardid = w.shardid)))
                ORDER BY w.shardid)) FROM wanted w""".formatted(RELATION, TRIGGER, TRIGGER);

    private static final String DO = """
            SELECT json_build_object('success', a.success, 'result', a.result)
              FROM pg_catalog.master_run_on_worker(ARRAY[?::text], ARRAY[?::int], ARRAY[format('DO %L', ?::text)], true) a""";

    private static final String ASK = """
            SELECT json_build_object('success', a.success, 'result', a.result)
              FROM pg_catalog.master_run_on_worker(ARRAY[?::text], ARRAY[?::int], ARRAY[?::text], true) a""";

    private ReplaceCalls() {}

    /** Gives the row to the server at another address; contacts nobody (docs/citus.md section 3). */
    static void update(Session session, NodeId node, HostPort target) throws SQLException {
        session.text(UPDATE, node.value(), target.host(), target.port());
    }

    static JsonNode loss(Session session, Node node) throws SQLException {
        return session.json(LOSS, node.group().value());
    }

    static JsonNode look(Session session, Node node) throws SQLException {
        return session.json(
                LOOK,
                node.group().value(),
                node.address().host(),
                node.address().port());
    }

    static List<LostShard> shards(Session session, Node node, List<Long> ids) throws SQLException {
        return Json.list(
                session.json(SHARDS, node.group().value(), ids.toArray(Long[]::new)), "shards", LostShard::new);
    }

    /** Runs statements of PL/pgSQL on a server, all or none. */
    static void run(Session session, HostPort server, String body) throws SQLException, RefusedException {
        answer(server, session.json(DO, server.host(), server.port(), body));
    }

    /** Asks a server for one value. */
    static String ask(Session session, HostPort server, String sql) throws SQLException, RefusedException {
        return answer(server, session.json(ASK, server.host(), server.port(), sql));
    }

    static String answer(HostPort server, JsonNode answer) throws RefusedException {
        String said = Json.text(answer, "result").orElse("no answer");
        if (!answer.path("success").asBoolean()) {
            throw NodeRefusals.because(
                    server,
                    said.startsWith("failed to connect") ? Situation.NODE_UNREACHABLE : Situation.OTHER,
                    said,
                    "mend that; Roster tries again");
        }
        return said;
    }
}
