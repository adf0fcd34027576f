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

/** Where the ledger is kept. */
interface Ledger {

    /** The statement that reads the snapshot, as far as is known now. */
    String snapshotQuery();

    /**
     * The ledger in an answer to {@link #snapshotQuery}.
     *
     * @return whether that statement was the right one; if not, {@link #snapshotQuery} is another one now
     */
    boolean suits(JsonNode answer);

    /** After the statement failed: whether {@link #snapshotQuery} is another one now, so that it is worth a second try. */
    boolean adaptsTo(SQLException error);

    /** The ledger in an answer that suits. */
    LedgerSnapshot read(JsonNode answer) throws CoordinatorUnavailable;

    /** Makes ready to be written, before the transaction that writes. */
    void prepare(Transactions transactions) throws SQLException, CoordinatorUnavailable, RefusedException;

    /** Writes in the transaction. */
    void write(Session session, List<LedgerChange> changes) throws SQLException;

    /** Whether an order still stands and is not cancelled, and stays so until the transaction ends. */
    boolean stands(Session session, Intent intent) throws SQLException;

    /** Told when the transaction of {@link #write} was committed. */
    void committed(List<LedgerChange> changes);

    List<JournalEntry> journal(Transactions transactions, JournalQuery query)
            throws SQLException, CoordinatorUnavailable, RefusedException;
}
