package dev.roster.ledger;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.identity.Identity;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A person's standing order for one server, kept by the ledger until it is carried out or cancelled. It is bound to the
 * server's identity, not to its name. An order to rebalance is for the whole cluster.
 *
 * @param kind what is ordered
 * @param node the row it was given for; empty for a worker that has none
 * @param address its address when the order was given
 * @param identity whose data it is; empty if it could not be told
 * @param shouldHaveShards the property the row had before, which is restored
 * @param mode how a drain or a rebalance moves shards
 * @param target the other server that the order names; empty for orders that name none
 * @param stage how far it is
 * @param job the background job that Citus runs for it; empty before it was started and after it was stopped
 * @param note what went wrong, for a stage that tells of it; of a replacement that runs, how far it is
 * @param orderedBy who gave it
 * @param orderedAt when
 */
public record Intent(
        Kind kind,
        Optional<NodeId> node,
        HostPort address,
        Optional<Identity> identity,
        boolean shouldHaveShards,
        TransferMode mode,
        Optional<HostPort> target,
        Stage stage,
        Optional<Long> job,
        Optional<String> note,
        String orderedBy,
        Instant orderedAt) {

    /** An order that names no other server. */
    public Intent(
            Kind kind,
            Optional<NodeId> node,
            HostPort address,
            Optional<Identity> identity,
            boolean shouldHaveShards,
            TransferMode mode,
            Stage stage,
            Optional<Long> job,
            Optional<String> note,
            String orderedBy,
            Instant orderedAt) {
        this(
                kind,
                node,
                address,
                identity,
                shouldHaveShards,
                mode,
                Optional.empty(),
                stage,
                job,
                note,
                orderedBy,
                orderedAt);
    }

    /**
     * An order that was just given.
     *
     * @param kind what is ordered
     * @param node the row it is for; empty for a worker that has none, and for the whole cluster
     * @param address its address
     * @param identity whose data it is; empty if it cannot be told
     * @param shouldHaveShards the property that is to be restored
     * @param mode how shards are moved, if any are
     * @param target the other server that it names; empty if it names none
     * @param by who gives it
     * @param at when
     */
    public static Intent ordered(
            Kind kind,
            Optional<NodeId> node,
            HostPort address,
            Optional<Identity> identity,
            boolean shouldHaveShards,
            TransferMode mode,
            Optional<HostPort> target,
            String by,
            Instant at) {
        return new Intent(
                kind,
                node,
                address,
                identity,
                shouldHaveShards,
                mode,
                target,
                Stage.ORDERED,
                Optional.empty(),
                Optional.empty(),
                by,
                at);
    }

    /** What can be ordered. */
    public enum Kind {
        /** Move all shards away, then remove the node. */
        DRAIN,
        /** Remove the node, as long as no only copy of a shard is on it. */
        REMOVE,
        /** Let an empty server take the place of one that is lost for good; what only the lost one had is lost with it. */
        REPLACE,
        /** Activate an inactive node. */
        ACTIVATE,
        /** Let the node's row follow to the server at the target's address. */
        FOLLOW,
        /** Change nothing about this one. */
        HOLD,
        /** Spread the shards evenly over the nodes that take some: for the whole cluster, so no row is named. */
        REBALANCE;

        /** The kind as people write it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How far an order is. */
    public enum Stage {
        /** Given, nothing was changed for it yet, or what was has been put back. */
        ORDERED,
        /** Begun: a drain's job runs, or the row of a lost server is the new server's, which gets its shards. */
        RUNNING,
        /** A drain that Citus gave up; what it changed is put back, and only a person starts it again. */
        FAILED,
        /** Carried out: the node is removed or its row is another's, and its server is kept out while discovery sights it. */
        DONE,
        /** Taken back; what it changed is to be put back. */
        CANCELLED
    }

    /** Citus' {@code citus.shard_transfer_mode}: how a shard is copied while it is in use. */
    public enum TransferMode {
        /** By logical replication, which needs a replica identity for every table. */
        AUTO,
        /** By logical replication even without one; updates and deletes fail meanwhile. */
        FORCE_LOGICAL,
        /** By a copy that keeps writers waiting. */
        BLOCK_WRITES;

        /** The mode as Citus writes it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The ledger's key: at most one order stands for a row, or for the address of a worker that has none, and one to
     * rebalance.
     */
    public String subject() {
        if (kind == Kind.REBALANCE) {
            return kind.word();
        }
        return node.map(id -> "node " + id.value())
                .orElseGet(() -> "worker " + address.toString().toLowerCase(Locale.ROOT));
    }

    /** The same order at another stage. */
    public Intent at(Stage other) {
        return next(node, other, job, note);
    }

    /** What stands after this was to become the other: one that was cancelled meanwhile stays so. */
    public Intent updatedTo(Intent other) {
        return stage == Stage.CANCELLED ? other.at(Stage.CANCELLED) : other;
    }

    /** The same drain or rebalance, started. */
    public Intent running(Optional<Long> started) {
        return next(node, Stage.RUNNING, started, Optional.empty());
    }

    /**
     * The same replacement, which has begun.
     *
     * @param progress how far it is
     */
    public Intent replacing(String progress) {
        return next(node, Stage.RUNNING, Optional.empty(), Optional.of(progress));
    }

    /** What remains of a replacement whose row is another's by now: the lost server is kept out, should it come back. */
    public Intent keptOut() {
        return next(Optional.empty(), Stage.DONE, Optional.empty(), Optional.empty());
    }

    /**
     * The same drain, stopped and put back.
     *
     * @param failure why Citus gave it up; empty if it goes on by itself
     */
    public Intent stopped(Optional<String> failure) {
        return next(node, failure.isPresent() ? Stage.FAILED : Stage.ORDERED, Optional.empty(), failure);
    }

    private Intent next(Optional<NodeId> row, Stage reached, Optional<Long> runs, Optional<String> tells) {
        return new Intent(
                kind,
                row,
                address,
                identity,
                shouldHaveShards,
                mode,
                target,
                reached,
                runs,
                tells,
                orderedBy,
                orderedAt);
    }
}
