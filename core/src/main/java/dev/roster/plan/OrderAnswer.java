package dev.roster.plan;

import dev.roster.ledger.Intent;
import dev.roster.ledger.LedgerChange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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

        /** The order that stands from now on; empty if one was taken back. */
        public Optional<Intent> intent() {
            return changes.stream()
                    .flatMap(Accepted::order)
                    .filter(intent -> intent.stage() != Intent.Stage.CANCELLED)
                    .findFirst();
        }

        private static Stream<Intent> order(LedgerChange change) {
            return switch (change) {
                case LedgerChange.GiveIntent given -> Stream.of(given.intent());
                case LedgerChange.UpdateIntent again -> Stream.of(again.intent());
                case LedgerChange.PutMember _,
                        LedgerChange.ForgetMember _,
                        LedgerChange.Bury _,
                        LedgerChange.Unbury _,
                        LedgerChange.CancelIntent _,
                        LedgerChange.LiftIntent _,
                        LedgerChange.PutDoubt _,
                        LedgerChange.PutInterference _,
                        LedgerChange.LiftInterference _,
                        LedgerChange.ServeJoins _,
                        LedgerChange.Append _ -> Stream.empty();
            };
        }
    }

    /**
     * Nothing to do: the same order stands, or what it asks for is so already.
     *
     * @param sentence as above
     * @param intent the order that stands; empty if none does
     */
    record Standing(String sentence, Optional<Intent> intent) implements OrderAnswer {

        /** What was asked for is so, and no order stands. */
        Standing(String sentence) {
            this(sentence, Optional.empty());
        }
    }

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
