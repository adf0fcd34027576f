package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.LedgerSnapshot;
import java.sql.SQLException;
import java.util.List;

/**
 * The ledger's tables in the schema {@code roster}: plain local tables of the coordinator. They are made at the first write,
 * with everything of Citus switched off that would spread them over the workers or need the workers for it (docs/citus.md section
 * 12).
 */
final class LedgerTables {

    /** The version of these tables; the first write brings earlier ones to it. */
    static final int VERSION = 4;

    /** How many journal lines are kept at least; older ones go now and then. */
    static final int JOURNAL_CAP = 100_000;

    static final String EXISTS = "to_regclass('roster.ledger') IS NOT NULL";

    static final String READ = """
            json_build_object(
                'version', (SELECT max(version) FROM roster.ledger),
                'first', (SELECT to_json(l) FROM roster.ledger l ORDER BY l.version LIMIT 1),
                'members', (SELECT json_agg(m ORDER BY m.nodeid) FROM roster.member m),
                'tombstones', (SELECT json_agg(t ORDER BY t.nodeid) FROM roster.tombstone t),
                'intents', (SELECT json_agg(i ORDER BY i.ordered_at, i.subject) FROM roster.intent i))""";

    /** Switched off before the tables are made; a setting that this version of Citus lacks is left out. */
    private static final String KEEP_LOCAL = """
            SELECT count(set_config(name, 'off', true))
              FROM unnest(ARRAY['citus.enable_ddl_propagation', 'citus.enable_schema_based_sharding',
                                'citus.use_citus_managed_tables', 'citus.enable_metadata_sync']) AS s(name)
             WHERE current_setting(name, true) IS NOT NULL""";

    private static final List<String> CREATE = List.of(
            "CREATE SCHEMA IF NOT EXISTS roster",
            """
            CREATE TABLE IF NOT EXISTS roster.member (
                nodeid int PRIMARY KEY,
                groupid int NOT NULL,
                host text NOT NULL,
                port int NOT NULL,
                system text,
                server text,
                origin text NOT NULL,
                source text,
                place text,
                since timestamptz NOT NULL,
                started timestamptz,
                recovery bool,
                timeline int,
                lsn text,
                disabled bool NOT NULL,
                aliases jsonb NOT NULL,
                standbys jsonb,
                twins jsonb
            )""",
            "ALTER TABLE roster.member ADD COLUMN IF NOT EXISTS standbys jsonb, ADD COLUMN IF NOT EXISTS twins jsonb",
            """
            CREATE TABLE IF NOT EXISTS roster.tombstone (
                nodeid int PRIMARY KEY,
                groupid int NOT NULL,
                host text NOT NULL,
                port int NOT NULL,
                system text,
                server text,
                shards bool NOT NULL,
                removed_at timestamptz NOT NULL,
                removed_by text NOT NULL
            )""",
            """
            CREATE TABLE IF NOT EXISTS roster.intent (
                subject text PRIMARY KEY,
                kind text NOT NULL,
                nodeid int,
                host text NOT NULL,
                port int NOT NULL,
                system text,
                server text,
                shards bool NOT NULL,
                mode text NOT NULL,
                stage text NOT NULL,
                job bigint,
                note text,
                ordered_by text NOT NULL,
                ordered_at timestamptz NOT NULL,
                target_host text,
                target_port int
            )""",
            "ALTER TABLE roster.intent ADD COLUMN IF NOT EXISTS target_host text, ADD COLUMN IF NOT EXISTS target_port int",
            """
            CREATE TABLE IF NOT EXISTS roster.journal (
                id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                at timestamptz NOT NULL,
                actor text NOT NULL,
                action text NOT NULL,
                node text,
                outcome text NOT NULL,
                sentence text NOT NULL
            )""",
            "CREATE TABLE IF NOT EXISTS roster.ledger (version int PRIMARY KEY)",
            // One row for each version; the first carries what is remembered of the cluster as a whole.
            "ALTER TABLE roster.ledger ADD COLUMN IF NOT EXISTS remarks jsonb NOT NULL DEFAULT '{}'",
            "INSERT INTO roster.ledger VALUES (" + VERSION + ") ON CONFLICT DO NOTHING");

    private static final String WRITE = """
            WITH given AS MATERIALIZED (SELECT ?::jsonb AS v),
            forgotten AS (
                DELETE FROM roster.member m USING given
                 WHERE m.nodeid IN (SELECT e::int FROM jsonb_array_elements_text(v -> 'forget') e)),
            put AS (
                INSERT INTO roster.member
                SELECT r.* FROM given, jsonb_populate_recordset(NULL::roster.member, v -> 'put') r
                ON CONFLICT (nodeid) DO UPDATE SET
                    groupid = excluded.groupid, host = excluded.host, port = excluded.port, system = excluded.system,
                    server = excluded.server, origin = excluded.origin, source = excluded.source,
                    place = excluded.place, since = excluded.since, started = excluded.started,
                    recovery = excluded.recovery, timeline = excluded.timeline, lsn = excluded.lsn,
                    disabled = excluded.disabled, aliases = excluded.aliases,
                    standbys = excluded.standbys, twins = excluded.twins),
            lifted AS (
                DELETE FROM roster.tombstone t USING given
                 WHERE t.system IN (SELECT e FROM jsonb_array_elements_text(v -> 'lift') e)
                   AND t.nodeid NOT IN (SELECT (e ->> 'nodeid')::int FROM jsonb_array_elements(v -> 'bury') e)),
            buried AS (
                INSERT INTO roster.tombstone
                SELECT r.* FROM given, jsonb_populate_recordset(NULL::roster.tombstone, v -> 'bury') r
                ON CONFLICT (nodeid) DO UPDATE SET
                    groupid = excluded.groupid, host = excluded.host, port = excluded.port, system = excluded.system,
                    server = excluded.server, shards = excluded.shards, removed_at = excluded.removed_at,
                    removed_by = excluded.removed_by),
            given_intents AS (
                INSERT INTO roster.intent
                SELECT r.* FROM given, jsonb_populate_recordset(NULL::roster.intent, v -> 'give') r
                ON CONFLICT (subject) DO NOTHING),
            updated_intents AS (
                UPDATE roster.intent i SET
                    stage = CASE WHEN i.stage = 'cancelled' THEN i.stage ELSE r.stage END, mode = r.mode, job = r.job,
                    target_host = r.target_host, target_port = r.target_port, note = r.note, ordered_by = r.ordered_by, ordered_at = r.ordered_at
                  FROM given, jsonb_populate_recordset(NULL::roster.intent, v -> 'update') r
                 WHERE i.subject = r.subject),
            cancelled_intents AS (
                UPDATE roster.intent i SET stage = 'cancelled'
                  FROM given, jsonb_array_elements_text(v -> 'cancel') e WHERE i.subject = e),
            lifted_intents AS (
                DELETE FROM roster.intent i USING given
                 WHERE i.subject IN (SELECT e FROM jsonb_array_elements_text(v -> 'liftIntent') e)),
            remarked AS (
                UPDATE roster.ledger l SET remarks = jsonb_strip_nulls(l.remarks || (v -> 'remarks'))
                  FROM given WHERE v -> 'remarks' <> '{}' AND l.version = (SELECT min(version) FROM roster.ledger)),
            written AS (
                INSERT INTO roster.journal (at, actor, action, node, outcome, sentence)
                SELECT r.at, r.actor, r.action, r.node, r.outcome, r.sentence
                  FROM given, jsonb_populate_recordset(NULL::roster.journal, v -> 'append') r
                RETURNING id),
            pruned AS (
                DELETE FROM roster.journal
                 WHERE id <= (SELECT max(id) FROM written) - ?::bigint
                   AND EXISTS (SELECT FROM written WHERE id % ?::bigint = 0))
            SELECT count(*)::text FROM written""";

    private static final String STANDS = """
            SELECT (i.stage <> 'cancelled')::text FROM roster.intent i WHERE i.subject = ?::text FOR UPDATE""";

    private static final String JOURNAL = """
            SELECT json_agg(j ORDER BY j.id DESC)
              FROM (SELECT * FROM roster.journal
                     WHERE (?::text = '' OR lower(node) = lower(?::text) OR lower(node) LIKE lower(?::text))
                       AND at >= ?::timestamptz
                       AND id < ?::bigint
                     ORDER BY id DESC LIMIT ?::int) j""";

    private final int cap;

    LedgerTables(int journalCap) {
        this.cap = journalCap;
    }

    /** Makes the tables, or adds to those of an earlier version what they lack; harmless if nothing is missing. */
    void create(Session session) throws SQLException {
        keepLocal(session);
        for (String statement : CREATE) {
            session.text(statement);
        }
    }

    /** Lets what this transaction makes stay on the coordinator. */
    static void keepLocal(Session session) throws SQLException {
        session.text(KEEP_LOCAL);
    }

    void write(Session session, List<LedgerChange> changes) throws SQLException {
        for (List<LedgerChange> part : LedgerRows.parts(changes)) {
            // Pruning looks only now and then; a hundredth of the cap may be kept too long.
            session.text(WRITE, LedgerRows.of(part).toString(), (long) cap, (long) Math.max(1, cap / 100));
        }
    }

    boolean stands(Session session, Intent intent) throws SQLException {
        return "true".equals(session.text(STANDS, intent.subject()));
    }

    List<JournalEntry> journal(Session session, JournalQuery query) throws SQLException {
        String node = query.node().orElse("");
        String ofHost = node.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + ":%";
        JsonNode rows = session.json(
                JOURNAL,
                node,
                node,
                ofHost,
                query.since().map(Object::toString).orElse("-infinity"),
                query.before().orElse(Long.MAX_VALUE),
                query.limit());
        return LedgerRows.journal(rows);
    }

    static LedgerSnapshot snapshot(JsonNode ledger) {
        return LedgerRows.snapshot(ledger);
    }
}
