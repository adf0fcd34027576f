package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.Node;
import java.util.Optional;

/** What of a cluster's state makes a drain impossible or moves more than was ordered (docs/citus.md sections 6 and 12). */
final class DrainObstacles {

    private DrainObstacles() {}

    /**
     * The first obstacle, with its remedy.
     *
     * @param node the node to be drained
     * @param cluster the cluster it is in
     */
    static Optional<String> of(Node node, ClusterSnapshot cluster) {
        Optional<Node> moved = cluster.nodes().stream()
                .filter(other -> !other.id().equals(node.id()))
                .filter(other -> other.isActivePrimary() && !other.shouldHaveShards())
                .filter(other -> cluster.ledger().drains().stream()
                        .noneMatch(
                                drain -> drain.node().filter(other.id()::equals).isPresent()))
                .filter(other -> cluster.placementsOf(other.group()).distributed() > 0)
                .findFirst();
        if (moved.isPresent()) {
            return Optional.of("node " + moved.get().address()
                    + " has shouldhaveshards=false by someone's choice and still holds shards, and Citus would move those"
                    + " too; drain that node first, or SELECT citus_set_node_property("
                    + moved.get().address().sqlArguments() + ", 'shouldhaveshards', true);");
        }
        boolean hasTarget = cluster.nodes().stream()
                .anyMatch(
                        other -> !other.id().equals(node.id()) && other.isActivePrimary() && other.shouldHaveShards());
        return hasTarget
                ? Optional.empty()
                : Optional.of("no other node takes shards: add a worker first, or let one take shards with SELECT"
                        + " citus_set_node_property('host', port, 'shouldhaveshards', true);");
    }
}
