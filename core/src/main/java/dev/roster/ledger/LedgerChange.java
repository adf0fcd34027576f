package dev.roster.ledger;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.identity.Identity;
import java.time.Instant;
import java.util.Optional;

/** One row to write in the ledger. */
public sealed interface LedgerChange {

    /**
     * Writes a member, replacing what stands for its {@code nodeid}.
     *
     * @param member the member
     */
    record PutMember(Member member) implements LedgerChange {}

    /**
     * Forgets a member without a tombstone, as when its row was removed by someone else.
     *
     * @param node its {@code nodeid}
     */
    record ForgetMember(NodeId node) implements LedgerChange {}

    /**
     * Writes a tombstone and forgets the member.
     *
     * @param tombstone the tombstone
     */
    record Bury(Tombstone tombstone) implements LedgerChange {}

    /**
     * Deletes the tombstone of a server that is a member again.
     *
     * @param identity whose
     */
    record Unbury(Identity identity) implements LedgerChange {}

    /**
     * Writes a new order, unless one stands for its subject already.
     *
     * @param intent the order
     */
    record GiveIntent(Intent intent) implements LedgerChange {}

    /**
     * Writes how far an order is; nothing if it does not stand any more. One that was cancelled meanwhile stays so.
     *
     * @param intent the order as it is now
     */
    record UpdateIntent(Intent intent) implements LedgerChange {}

    /**
     * Marks an order as taken back; nothing if it does not stand any more. What it changed is put back by the next passes.
     *
     * @param subject {@link Intent#subject}
     */
    record CancelIntent(String subject) implements LedgerChange {}

    /**
     * Deletes an order that is carried out or put back.
     *
     * @param subject {@link Intent#subject}
     */
    record LiftIntent(String subject) implements LedgerChange {}

    /**
     * Writes that the coordinator is older than its workers, or that a person took it as it is.
     *
     * @param doubt what stands from now on
     */
    record PutDoubt(CoordinatorDoubt doubt) implements LedgerChange {}

    /**
     * Writes what somebody else did to a member's row, replacing what stands for its data.
     *
     * @param interference what was done
     */
    record PutInterference(Interference interference) implements LedgerChange {}

    /**
     * Deletes that: it is over, or a person ends it.
     *
     * @param system {@link Interference#system}
     */
    record LiftInterference(String system) implements LedgerChange {}

    /**
     * Writes that no rebalance is due any more for the members that joined up to this one: it was ordered, refused, needless,
     * or cancelled.
     *
     * @param upTo the highest {@code nodeid} of them
     */
    record ServeJoins(NodeId upTo) implements LedgerChange {}

    /**
     * Appends to the journal.
     *
     * @param entry the line
     */
    record Append(JournalEntry entry) implements LedgerChange {

        /**
         * A line that gets its number when it is written.
         *
         * @param at when it happened
         * @param actor who did it
         * @param action the kind of action
         * @param node the address concerned, if one is
         * @param outcome how it ended, in a word
         * @param sentence what happened
         */
        public static Append line(
                Instant at, String actor, String action, Optional<HostPort> node, String outcome, String sentence) {
            return new Append(new JournalEntry(0, at, actor, action, node.map(HostPort::toString), outcome, sentence));
        }
    }
}
