package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.provision.Provisioned;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The ledger's table of scripts that were carried out; made by the first one, so that ledgers of any version can have it. */
final class ProvisionTable {

    private static final String EXISTS = "SELECT (to_regclass('roster.provision') IS NOT NULL)::text";

    private static final List<String> CREATE = List.of("""
            CREATE TABLE IF NOT EXISTS roster.provision (
                target text PRIMARY KEY,
                system text NOT NULL,
                fingerprint text NOT NULL,
                at timestamptz NOT NULL
            )""");

    private static final String READ = "SELECT json_agg(p) FROM roster.provision p";

    private static final String HAS = """
            SELECT EXISTS (SELECT FROM roster.provision
                            WHERE target = ?::text AND system = ?::text AND fingerprint = ?::text)::text""";

    /** Rows of nodes that are gone go with the next write. */
    private static final String WRITE = """
            WITH gone AS (
                DELETE FROM roster.provision
                 WHERE target <> 'coordinator' AND target <> ?::text
                   AND target NOT IN (SELECT 'node ' || nodeid FROM pg_catalog.pg_dist_node))
            INSERT INTO roster.provision VALUES (?::text, ?::text, ?::text, ?::timestamptz)
            ON CONFLICT (target) DO UPDATE SET
                system = excluded.system, fingerprint = excluded.fingerprint, at = excluded.at""";

    private ProvisionTable() {}

    static boolean exists(Session session) throws SQLException {
        return "true".equals(session.text(EXISTS));
    }

    static void create(Session session) throws SQLException {
        LedgerTables.keepLocal(session);
        for (String statement : CREATE) {
            session.text(statement);
        }
    }

    static List<Provisioned> read(Session session) throws SQLException {
        JsonNode rows = session.json(READ);
        return StreamSupport.stream(rows.spliterator(), false)
                .map(row -> new Provisioned(
                        Json.required(row, "target"),
                        Json.text(row, "system").orElse(""),
                        Json.required(row, "fingerprint"),
                        Json.instant(Json.required(row, "at"))))
                .toList();
    }

    static boolean has(Session session, String target, String system, String fingerprint) throws SQLException {
        return Optional.ofNullable(session.text(HAS, target, system, fingerprint))
                .filter("true"::equals)
                .isPresent();
    }

    static void write(Session session, Provisioned row) throws SQLException {
        session.text(
                WRITE,
                row.key(),
                row.key(),
                row.system(),
                row.fingerprint(),
                row.at().toString());
    }
}
