package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.Node;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a rebalance would help, from what every pass knows anyway: some nodes that take shards hold none, and another holds
 * several. What Citus would move, and whether it finds that worth moving, only its own preview tells.
 */
public final class RebalanceHint {

    private static final int NODES_NAMED = 3;

    private RebalanceHint() {}

    /** One sentence; empty if nothing speaks for a rebalance, or shards are on their way or ordered to be. */
    public static Optional<String> of(ClusterSnapshot cluster) {
        boolean underWay = cluster.activeRebalance().isPresent()
                || cluster.ledger().rebalance().isPresent()
                || !cluster.ledger().drains().isEmpty();
        List<String> empty = takers(cluster)
                .filter(node -> !node.isCoordinator() && carried(cluster, node) == 0)
                .map(node -> node.address().toString())
                .toList();
        return underWay || empty.isEmpty()
                ? Optional.empty()
                : giver(cluster)
                        .map(node -> Names.some(empty, NODES_NAMED)
                                + (empty.size() == 1
                                        ? " takes shards and holds none, "
                                        : " take shards and hold none, ")
                                + node.address() + " holds " + carried(cluster, node)
                                + ": roster rebalance --preview tells what would move");
    }

    /** The node that holds most, if it has a shard to give away. */
    static Optional<Node> giver(ClusterSnapshot cluster) {
        return takers(cluster)
                .max(Comparator.comparingInt(node -> carried(cluster, node)))
                .filter(node -> carried(cluster, node) > 1);
    }

    private static Stream<Node> takers(ClusterSnapshot cluster) {
        return cluster.nodes().stream().filter(node -> node.isActivePrimary() && node.shouldHaveShards());
    }

    private static int carried(ClusterSnapshot cluster, Node node) {
        return cluster.placementsOf(node.group()).distributed();
    }
}
