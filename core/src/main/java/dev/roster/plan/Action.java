package dev.roster.plan;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Member;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One change of the cluster's membership, carried out by one documented Citus call (two where Citus demands it).
 *
 * <p>Consumers switch over the permitted records without a {@code default}, so that a new action does not compile until it
 * is handled everywhere: SQL, fake, log, REST. Actions of the package plan are values; they carry all that their execution
 * and their ledger rows need.
 */
public sealed interface Action {

    /** The address of the node concerned. */
    HostPort address();

    /** Why, in words that follow the action: {@code seen by docker and ready}. */
    String reason();

    /** The action's name in journal, metrics, and API. */
    default String kind() {
        return switch (this) {
            case SetCoordinatorAddress _ -> "set-coordinator-address";
            case AddNode _ -> "add";
            case RegisterSecondary _ -> "register-secondary";
            case AdoptNode _ -> "adopt";
            case ActivateNode _ -> "activate";
            case RemoveNode _ -> "remove";
            case ReplaceEmptyNode _ -> "remove-and-add";
            case DisableNode _ -> "disable";
            case UpdateNodes _ -> "follow";
            case TakeOver _ -> "replace";
            case RebuildShards _ -> "rebuild-shards";
            case StartDrain _ -> "drain";
            case StopDrain _ -> "stop-drain";
            case StartRebalance _ -> "rebalance";
            case StopRebalance _ -> "stop-rebalance";
        };
    }

    /**
     * Whether the action cures a dead node, so that it goes before all others and outside the backoff that a dead member
     * imposes on adds (docs/citus.md section 4).
     */
    default boolean curesDeadNode() {
        return switch (this) {
            case RemoveNode remove -> remove.serverIsDead() && !remove.isOfSecondary();
            case DisableNode _, UpdateNodes _, TakeOver _, RebuildShards _ -> true;
            case SetCoordinatorAddress _,
                    AddNode _,
                    RegisterSecondary _,
                    AdoptNode _,
                    ActivateNode _,
                    ReplaceEmptyNode _,
                    StartDrain _,
                    StopDrain _,
                    StartRebalance _,
                    StopRebalance _ -> false;
        };
    }

    /**
     * Whether Citus has to reach every active node for it, so that one that is dead or lacks the metadata makes it fail, and each
     * try holds {@code pg_dist_node} until then (docs/citus.md section 4).
     */
    default boolean needsEveryNode() {
        return switch (this) {
            case SetCoordinatorAddress _,
                    AddNode _,
                    RegisterSecondary _,
                    ActivateNode _,
                    ReplaceEmptyNode _,
                    StartDrain _,
                    StartRebalance _ -> true;
            case RemoveNode remove -> !remove.curesDeadNode();
            case StopDrain stop -> stop.restore();
            case AdoptNode _, DisableNode _, UpdateNodes _, TakeOver _, RebuildShards _, StopRebalance _ -> false;
        };
    }

    /** Whether it concerns the whole cluster, so that no worker's or node's sentence tells of it. */
    default boolean concernsCluster() {
        return switch (this) {
            case SetCoordinatorAddress _, StartRebalance _, StopRebalance _ -> true;
            case AddNode _,
                    RegisterSecondary _,
                    AdoptNode _,
                    ActivateNode _,
                    RemoveNode _,
                    ReplaceEmptyNode _,
                    DisableNode _,
                    UpdateNodes _,
                    TakeOver _,
                    RebuildShards _,
                    StartDrain _,
                    StopDrain _ -> false;
        };
    }

    /**
     * {@code citus_set_coordinator_host}: the address at which workers reach the coordinator.
     *
     * @param address that address
     * @param previous what the coordinator's row said; empty if it had none
     * @param reason why
     */
    record SetCoordinatorAddress(HostPort address, Optional<HostPort> previous, String reason) implements Action {

        /**
         * Whether the old address is given up even though the coordinator answers there: each worker is itself behind a loopback
         * name, and behind localhost Citus refuses any worker (docs/citus.md section 2).
         */
        public boolean previousIsOfNoUse() {
            return previous.filter(old -> old.isLoopback() && !address.isLoopback())
                            .isPresent()
                    || previous.filter(old -> old.host().equals("localhost")).isPresent();
        }
    }

    /**
     * {@code citus_add_node}, after which the server behind the new row is asked for its identity in the same transaction.
     *
     * @param worker who
     * @param identity what the probe said it is; empty only with {@code probe.mode=off}
     * @param comparedWith the fingerprint of the cluster's table names when the probe found none of them on the server; if
     *     they have changed by the add, it is rolled back, since {@code citus_add_node} drops a local table of the same name.
     *     Empty if nothing was compared
     * @param shouldHaveShards the property to restore for a former member; empty leaves Citus' default
     * @param reason why
     */
    record AddNode(
            Worker worker,
            Optional<Identity> identity,
            Optional<String> comparedWith,
            Optional<Boolean> shouldHaveShards,
            String reason)
            implements Action {

        /**
         * An add whose tables were not compared.
         *
         * @param worker who
         * @param identity as above
         * @param shouldHaveShards as above
         * @param reason why
         */
        public AddNode(Worker worker, Optional<Identity> identity, Optional<Boolean> shouldHaveShards, String reason) {
            this(worker, identity, Optional.empty(), shouldHaveShards, reason);
        }

        @Override
        public HostPort address() {
            return worker.address();
        }
    }

    /**
     * {@code citus_add_secondary_node}: a standby becomes a secondary of its primary's group. Citus asks the standby nothing, so
     * it and its primary are asked in that transaction.
     *
     * @param worker the standby
     * @param primary the row of its primary
     * @param server what answers at the standby's address, as it was judged
     * @param reason why
     */
    record RegisterSecondary(Worker worker, Node primary, Found server, String reason) implements Action {

        @Override
        public HostPort address() {
            return worker.address();
        }
    }

    /**
     * Writes an existing row into the ledger; no Citus call.
     *
     * @param node the row
     * @param identity what the probe said it is
     * @param scope where it was sighted
     * @param reason why
     */
    record AdoptNode(Node node, Identity identity, Scope scope, String reason) implements Action {

        @Override
        public HostPort address() {
            return node.address();
        }
    }

    /**
     * {@code citus_activate_node} for a row that Roster itself disabled, or that a person wants active.
     *
     * @param node the row
     * @param member what the ledger knows
     * @param order who ordered it; empty if Roster decided
     * @param reason why
     */
    record ActivateNode(Node node, Member member, Optional<Intent> order, String reason) implements Action {

        /**
         * An activation that Roster decided.
         *
         * @param node as above
         * @param member as above
         * @param reason as above
         */
        public ActivateNode(Node node, Member member, String reason) {
            this(node, member, Optional.empty(), reason);
        }

        @Override
        public HostPort address() {
            return node.address();
        }
    }

    /**
     * {@code citus_remove_node}; for a dead server while reference tables exist, preceded by {@code citus_disable_node}.
     *
     * @param node the row
     * @param member what the ledger knows
     * @param serverIsDead whether its server did not answer the last probe
     * @param order who ordered it; then copies that exist elsewhere too may go with it. Empty if Roster decided
     * @param reason why
     */
    record RemoveNode(Node node, Member member, boolean serverIsDead, Optional<Intent> order, String reason)
            implements Action {

        /**
         * A removal that Roster decided.
         *
         * @param node as above
         * @param member as above
         * @param serverIsDead as above
         * @param reason as above
         */
        public RemoveNode(Node node, Member member, boolean serverIsDead, String reason) {
            this(node, member, serverIsDead, Optional.empty(), reason);
        }

        /** Whether the row is a secondary's, which holds nothing of its own and whose server nobody has to reach. */
        public boolean isOfSecondary() {
            return node.role() == NodeRole.SECONDARY;
        }

        @Override
        public HostPort address() {
            return node.address();
        }
    }

    /**
     * {@code citus_remove_node} and {@code citus_add_node} in one transaction: another, empty server stands at the address
     * of a member that held nothing.
     *
     * @param node the row of the old server
     * @param member what the ledger knows of the old server
     * @param worker the new server
     * @param identity the new server's identity
     * @param comparedWith as in {@link AddNode}
     * @param reason why
     */
    record ReplaceEmptyNode(
            Node node, Member member, Worker worker, Identity identity, Optional<String> comparedWith, String reason)
            implements Action {

        /**
         * A replacement whose tables were not compared.
         *
         * @param node as above
         * @param member as above
         * @param worker as above
         * @param identity as above
         * @param reason why
         */
        public ReplaceEmptyNode(Node node, Member member, Worker worker, Identity identity, String reason) {
            this(node, member, worker, identity, Optional.empty(), reason);
        }

        @Override
        public HostPort address() {
            return node.address();
        }
    }

    /**
     * {@code citus_disable_node}, so that reference tables can be written while the server is away.
     *
     * @param node the row
     * @param member what the ledger knows
     * @param reason why
     */
    record DisableNode(Node node, Member member, String reason) implements Action {

        @Override
        public HostPort address() {
            return node.address();
        }
    }

    /**
     * {@code citus_update_node}: rows follow their data to other addresses, all of them in one transaction. Rows that stand in
     * each other's place, as after a switchover to a registered secondary, go by way of a temporary address (docs/citus.md section
     * 3). The servers are asked once more in that transaction, since success of the call proves nothing.
     *
     * @param moves at least one; the first is the one that the action is told of
     * @param forceAfter how long sessions that hold locks on the group's shards may go on before Citus ends them; empty: they
     *     are waited for, no longer than any lock, and never ended
     * @param order who ordered it; empty if Roster decided
     * @param reason why
     */
    record UpdateNodes(List<Move> moves, Optional<Duration> forceAfter, Optional<Intent> order, String reason)
            implements Action {

        public UpdateNodes {
            moves = List.copyOf(moves);
            if (moves.isEmpty()) {
                throw new IllegalArgumentException("nothing moves");
            }
        }

        @Override
        public HostPort address() {
            return moves.getFirst().node().address();
        }

        /** The rows that move. */
        public List<Node> nodes() {
            return moves.stream().map(Move::node).toList();
        }
    }

    /**
     * One row and its new address.
     *
     * @param node the row
     * @param member what the ledger knows; empty if it is no member
     * @param to the new address
     * @param server what answers there, as it was judged; empty for a secondary that only makes room, which holds nothing
     */
    record Move(Node node, Optional<Member> member, HostPort to, Optional<Found> server) {}

    /**
     * A server that was judged to have a row's data.
     *
     * @param report what it said
     * @param relation one of the group's placements, which it must have; empty if the group has none
     */
    record Found(ServerReport report, Optional<String> relation) {}

    /**
     * {@code citus_set_node_property('shouldhaveshards', false)} and {@code citus_rebalance_start(drain_only)} in one
     * transaction: Citus moves the node's shards away in the background.
     *
     * @param node the row
     * @param order who ordered it, and how shards are moved
     * @param reason why
     */
    record StartDrain(Node node, Intent order, String reason) implements Action {

        @Override
        public HostPort address() {
            return node.address();
        }
    }

    /**
     * {@code citus_rebalance_stop} for the job of a drain, or {@code shouldhaveshards} as it was before. Finished moves stay.
     *
     * @param node the row
     * @param order the drain
     * @param restore whether {@code shouldhaveshards} is put back, which needs every node; otherwise the job is stopped,
     *     which needs none
     * @param failure why Citus gave the drain up; empty if it is cancelled, or goes on later by itself
     * @param reason why
     */
    record StopDrain(Node node, Intent order, boolean restore, Optional<String> failure, String reason)
            implements Action {

        @Override
        public HostPort address() {
            return node.address();
        }
    }

    /**
     * {@code citus_rebalance_start}: Citus spreads the shards over the nodes that take some, in the background.
     *
     * @param address the coordinator's, where the job runs
     * @param order who ordered it, and how shards are moved
     * @param reason why
     */
    record StartRebalance(HostPort address, Intent order, String reason) implements Action {}

    /**
     * {@code citus_rebalance_stop}, as long as the job that runs is the order's. Finished moves stay.
     *
     * @param address the coordinator's, where the job runs
     * @param order the order that was taken back, with its job
     * @param reason why
     */
    record StopRebalance(HostPort address, Intent order, String reason) implements Action {}

    /**
     * {@code citus_update_node}: an empty server takes over the row of one that is lost for good. From then on the row leads
     * to a server that lacks the row's shards, until {@link RebuildShards} has made them.
     *
     * @param node the row
     * @param member what the ledger knows of the lost server
     * @param order who ordered it
     * @param worker the empty server, which may stand at the same address
     * @param identity the empty server's identity
     * @param comparedWith as in {@link AddNode}
     * @param others the other sighted servers that may answer, which are asked whether one has the lost data
     * @param reason why
     */
    record TakeOver(
            Node node,
            Member member,
            Intent order,
            Worker worker,
            Identity identity,
            Optional<String> comparedWith,
            List<HostPort> others,
            String reason)
            implements Action {

        public TakeOver {
            others = List.copyOf(others);
        }

        @Override
        public HostPort address() {
            return node.address();
        }

        /** Whether the empty server stands at the address of the lost one. */
        public boolean staysInPlace() {
            return node.address().equals(worker.address());
        }
    }

    /**
     * The next steps that give the new server of a replaced node what the lost one had: {@code citus_activate_node} for the
     * tables, then the shards, copied where another placement is left and otherwise empty. Repeated until none lacks.
     *
     * @param node the row, which leads to the new server
     * @param member what the ledger knows of the new server
     * @param order the replacement
     * @param reason why
     */
    record RebuildShards(Node node, Member member, Intent order, String reason) implements Action {

        @Override
        public HostPort address() {
            return node.address();
        }
    }

    /** Whether it is carried out again and again until its aim is reached, each time a step further. */
    default boolean goesInSteps() {
        return this instanceof RebuildShards;
    }

    /** The group concerned, for ordering: 0 for the coordinator's address, the largest for nodes that have none yet. */
    default GroupId groupForOrder() {
        return switch (this) {
            case SetCoordinatorAddress _, StartRebalance _, StopRebalance _ -> GroupId.COORDINATOR;
            case AddNode add -> add.worker().group().orElse(new GroupId(Integer.MAX_VALUE));
            case RegisterSecondary register -> register.primary().group();
            case AdoptNode adopt -> adopt.node().group();
            case ActivateNode activate -> activate.node().group();
            case RemoveNode remove -> remove.node().group();
            case ReplaceEmptyNode replace -> replace.node().group();
            case DisableNode disable -> disable.node().group();
            case UpdateNodes update -> update.moves().getFirst().node().group();
            case StartDrain start -> start.node().group();
            case StopDrain stop -> stop.node().group();
            case TakeOver takeOver -> takeOver.node().group();
            case RebuildShards rebuild -> rebuild.node().group();
        };
    }
}
