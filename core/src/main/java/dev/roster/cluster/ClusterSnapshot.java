package dev.roster.cluster;

import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.ledger.LedgerSnapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the coordinator said at one instant, read in one statement. Immutable; a row is found by its address without a
 * search.
 */
public final class ClusterSnapshot {

    private static final Comparator<Node> ORDER =
            Comparator.comparing(Node::group).thenComparing(Node::address).thenComparing(Node::id);

    private final Instant at;
    private final CoordinatorState coordinator;
    private final List<Node> nodes;
    private final Map<GroupId, Placements> placements;
    private final LedgerSnapshot ledger;
    private final List<RebalanceJob> rebalances;
    private final Optional<MoveProgress> moves;
    private final Optional<CoordinatorDoubt> doubt;
    private final Map<HostPort, Node> byAddress;

    /**
     * What was read.
     *
     * @param at when it was read
     * @param coordinator the coordinator itself
     * @param nodes all rows of {@code pg_dist_node}, in any order
     * @param placements what each group carries; a group that carries nothing may be missing
     * @param ledger what Roster remembers
     */
    public ClusterSnapshot(
            Instant at,
            CoordinatorState coordinator,
            List<Node> nodes,
            Map<GroupId, Placements> placements,
            LedgerSnapshot ledger) {
        this(
                at,
                coordinator,
                nodes,
                placements,
                ledger,
                List.of(),
                Optional.empty(),
                ledger.doubt().filter(CoordinatorDoubt::isOpen));
    }

    private ClusterSnapshot(
            Instant at,
            CoordinatorState coordinator,
            List<Node> nodes,
            Map<GroupId, Placements> placements,
            LedgerSnapshot ledger,
            List<RebalanceJob> rebalances,
            Optional<MoveProgress> moves,
            Optional<CoordinatorDoubt> doubt) {
        this.doubt = doubt;
        this.moves = moves;
        this.at = at;
        this.coordinator = coordinator;
        this.nodes = nodes.stream().sorted(ORDER).toList();
        this.placements = Map.copyOf(placements);
        this.ledger = ledger;
        this.rebalances = List.copyOf(rebalances);
        Map<HostPort, Node> index = HashMap.newHashMap(nodes.size());
        this.nodes.forEach(node -> index.putIfAbsent(node.address(), node));
        this.byAddress = Collections.unmodifiableMap(index);
    }

    /** When it was read. */
    public Instant at() {
        return at;
    }

    /** The coordinator itself. */
    public CoordinatorState coordinator() {
        return coordinator;
    }

    /** All rows of {@code pg_dist_node}, ordered by group, then address. */
    public List<Node> nodes() {
        return nodes;
    }

    /** What each group carries; a group that carries nothing may be missing. */
    public Map<GroupId, Placements> placements() {
        return placements;
    }

    /** What Roster remembers. */
    public LedgerSnapshot ledger() {
        return ledger;
    }

    /** The job that Citus is running, and those started for orders that stand. */
    public List<RebalanceJob> rebalances() {
        return rebalances;
    }

    /** The job that Citus is running now, whoever started it. */
    public Optional<RebalanceJob> activeRebalance() {
        return rebalances.stream().filter(job -> job.state().isActive()).findFirst();
    }

    /** The same, with the background jobs that move shards. */
    public ClusterSnapshot with(List<RebalanceJob> jobs) {
        return new ClusterSnapshot(at, coordinator, nodes, placements, ledger, jobs, moves, doubt);
    }

    /** How far the job under way is; empty if none is, or nobody looked. */
    public Optional<MoveProgress> moves() {
        return moves;
    }

    /** The same, with how far the job under way is. */
    public ClusterSnapshot with(MoveProgress progress) {
        return new ClusterSnapshot(
                at, coordinator, nodes, placements, ledger, rebalances, Optional.of(progress), doubt);
    }

    /** That the coordinator is older than its workers, so that nothing may be changed; empty if it is not, or accepted. */
    public Optional<CoordinatorDoubt> doubt() {
        return doubt;
    }

    /** The same, with this doubt about the coordinator. */
    public ClusterSnapshot with(CoordinatorDoubt open) {
        return new ClusterSnapshot(at, coordinator, nodes, placements, ledger, rebalances, moves, Optional.of(open));
    }

    /** What a group carries. */
    public Placements placementsOf(GroupId group) {
        return placements.getOrDefault(group, Placements.NONE);
    }

    /** The row with this id. */
    public Optional<Node> node(NodeId id) {
        return nodes.stream().filter(node -> node.id().equals(id)).findFirst();
    }

    /** The row with this address, ignoring case. */
    public Optional<Node> nodeAt(HostPort address) {
        return Optional.ofNullable(byAddress.get(address));
    }
}
