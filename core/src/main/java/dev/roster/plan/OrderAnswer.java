package dev.roster.plan;

import dev.roster.ledger.LedgerChange;
import java.util.List;

/** What becomes of an order. */
public sealed interface OrderAnswer {

    /** What is so, and what happens next. */
    String sentence();

    /**
     * It stands from now on.
     *
     * @param sentence as above
     * @param changes what the ledger has to take down
     */
    record Accepted(String sentence, List<LedgerChange> changes) implements OrderAnswer {

        public Accepted {
            changes = List.copyOf(changes);
        }
    }

    /**
     * Nothing to do: the same order stands, or what it asks for is so already.
     *
     * @param sentence as above
     */
    record Standing(String sentence) implements OrderAnswer {}

    /**
     * Not taken, and nothing was changed.
     *
     * @param why the kind of refusal
     * @param sentence what hinders it
     * @param remedy what a person can do
     */
    record Refused(Why why, String sentence, String remedy) implements OrderAnswer {}

    /** Why an order is not taken. */
    enum Why {
        /** Nothing has that name. */
        UNKNOWN_NAME,
        /** Several things have it. */
        AMBIGUOUS_NAME,
        /** It makes no sense for that one, or not now. */
        NOT_POSSIBLE,
        /** Rows would be lost. */
        LOSES_DATA
    }
}
