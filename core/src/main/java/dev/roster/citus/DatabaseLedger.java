package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.LedgerSnapshot;
import java.sql.SQLException;
import java.util.List;

/**
 * The ledger in the schema {@code roster}. Whether the schema is there, and complete, is remembered once it was seen, so that a
 * steady pass asks nothing for it. The fields are written by any thread that learns better; at worst one statement is sent
 * twice.
 */
final class DatabaseLedger implements Ledger {

    private static final List<String> ABSENT = List.of("42P01", "3F000");

    private final LedgerTables tables;
    private final CoordinatorFaults faults;
    private volatile boolean seen;
    /** Whether the tables have all that this version writes; those of an earlier version are brought to it before a write. */
    private volatile boolean complete;

    DatabaseLedger(CoordinatorFaults faults, int journalCap) {
        this.faults = faults;
        this.tables = new LedgerTables(journalCap);
    }

    @Override
    public String snapshotQuery() {
        return seen ? SnapshotQuery.WITH_LEDGER : SnapshotQuery.WITHOUT_LEDGER;
    }

    @Override
    public boolean suits(JsonNode answer) {
        boolean there =
                !answer.path("ledger").isBoolean() || answer.path("ledger").asBoolean();
        boolean suits = seen == there;
        seen = there;
        complete = complete && there;
        return suits;
    }

    @Override
    public boolean adaptsTo(SQLException error) {
        if (seen && ABSENT.contains(String.valueOf(error.getSQLState()))) {
            seen = false;
            complete = false;
            return true;
        }
        return false;
    }

    @Override
    public LedgerSnapshot read(JsonNode answer) throws CoordinatorUnavailable {
        JsonNode ledger = answer.path("ledger");
        if (ledger.isBoolean()) {
            return LedgerSnapshot.EMPTY;
        }
        int version = ledger.path("version").asInt(LedgerTables.VERSION);
        if (version > LedgerTables.VERSION) {
            throw faults.newerLedger(version);
        }
        complete = version == LedgerTables.VERSION;
        return LedgerTables.snapshot(ledger);
    }

    @Override
    public void prepare(Transactions transactions) throws SQLException, CoordinatorUnavailable, RefusedException {
        if (complete) {
            return;
        }
        transactions.change(session -> {
            NodeCalls.takeTurn(session);
            tables.create(session);
            return true;
        });
        seen = true;
        complete = true;
    }

    @Override
    public void write(Session session, List<LedgerChange> changes) throws SQLException {
        if (!changes.isEmpty()) {
            tables.write(session, changes);
        }
    }

    @Override
    public boolean stands(Session session, Intent intent) throws SQLException {
        return tables.stands(session, intent);
    }

    @Override
    public void committed(List<LedgerChange> changes) {}

    @Override
    public List<JournalEntry> journal(Transactions transactions, JournalQuery query)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        try {
            return transactions.read(session -> tables.journal(session, query));
        } catch (SQLException e) {
            if (ABSENT.contains(String.valueOf(e.getSQLState()))) {
                return List.of();
            }
            throw e;
        }
    }
}
