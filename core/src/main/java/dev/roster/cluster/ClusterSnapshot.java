package dev.roster.cluster;

import dev.roster.ledger.LedgerSnapshot;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the coordinator said at one instant, read in one statement.
 *
 * @param at when it was read
 * @param coordinator the coordinator itself
 * @param nodes all rows of {@code pg_dist_node}, ordered by group, then address
 * @param placements what each group carries; a group that carries nothing may be missing
 * @param ledger what Roster remembers
 */
public record ClusterSnapshot(
        Instant at,
        CoordinatorState coordinator,
        List<Node> nodes,
        Map<GroupId, Placements> placements,
        LedgerSnapshot ledger) {

    private static final Comparator<Node> ORDER =
            Comparator.comparing(Node::group).thenComparing(Node::address).thenComparing(Node::id);

    public ClusterSnapshot {
        nodes = nodes.stream().sorted(ORDER).toList();
        placements = Map.copyOf(placements);
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
        return nodes.stream().filter(node -> node.address().equals(address)).findFirst();
    }
}
