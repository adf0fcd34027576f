package dev.roster.plan;

import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.Intent;
import java.util.Optional;

/** What a person asks for, by name, before it is known whether it may be done. */
public sealed interface Order {

    /** What it is about: a worker's or node's name, its host, or {@code host:port}; case does not matter. {@code rebalance} for one to rebalance. */
    String name();

    /** Who asks, for the journal. */
    String by();

    /**
     * A new order.
     *
     * @param kind what to do
     * @param name as above
     * @param mode how a drain moves shards; without meaning for the others
     * @param target the name of the other server, for an order that needs one
     * @param acceptsLoss whether rows may be lost; without meaning but for a replacement
     * @param by as above
     */
    record Give(
            Intent.Kind kind,
            String name,
            Intent.TransferMode mode,
            Optional<String> target,
            boolean acceptsLoss,
            String by)
            implements Order {

        /** A new order that loses no rows. */
        public Give(Intent.Kind kind, String name, Intent.TransferMode mode, Optional<String> target, String by) {
            this(kind, name, mode, target, false, by);
        }

        /** A new order that names no other server. */
        public Give(Intent.Kind kind, String name, Intent.TransferMode mode, String by) {
            this(kind, name, mode, Optional.empty(), by);
        }
    }

    /**
     * Takes back what stands.
     *
     * @param name as above
     * @param kind only an order of this kind; empty: whatever stands
     * @param by as above
     */
    record Cancel(String name, Optional<Intent.Kind> kind, String by) implements Order {

        /** Takes back whatever stands. */
        public Cancel(String name, String by) {
            this(name, Optional.empty(), by);
        }
    }

    /**
     * Spreads the shards evenly over the nodes that take some.
     *
     * @param mode how shards are moved
     * @param by as above
     */
    record Rebalance(Intent.TransferMode mode, String by) implements Order {

        @Override
        public String name() {
            return Intent.Kind.REBALANCE.word();
        }
    }

    /**
     * Takes a coordinator that is older than its workers as it is.
     *
     * @param by as above
     */
    record AcceptCoordinator(String by) implements Order {

        @Override
        public String name() {
            return Bookkeeping.COORDINATOR;
        }
    }

    /**
     * Takes back the order to rebalance, and ends the job that runs unless it is a drain's.
     *
     * @param by as above
     */
    record StopRebalance(String by) implements Order {

        @Override
        public String name() {
            return Intent.Kind.REBALANCE.word();
        }
    }
}
