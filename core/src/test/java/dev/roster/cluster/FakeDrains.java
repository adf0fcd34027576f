package dev.roster.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@code get_rebalance_table_shards_plan(drain_only)}: every shard of a node that should have none goes to another one. */
final class FakeDrains {

    private final FakeCluster cluster;

    FakeDrains(FakeCluster cluster) {
        this.cluster = cluster;
    }

    /** Whether some node takes shards. */
    boolean hasTarget() {
        return target(Set.of()).isPresent();
    }

    List<DrainPreview.Move> moves() {
        List<DrainPreview.Move> moves = new ArrayList<>();
        cluster.nodes.values().stream()
                .filter(node -> node.isActivePrimary() && !node.shouldHaveShards())
                .forEach(node -> cluster.shards.all().forEach((relation, shard) -> {
                    if (!shard.reference() && shard.groups().contains(node.group())) {
                        target(shard.groups())
                                .ifPresent(to -> moves.add(new DrainPreview.Move(
                                        shard.table(),
                                        Long.parseLong(relation.substring(relation.lastIndexOf('_') + 1)),
                                        0,
                                        node.address(),
                                        to.address())));
                    }
                }));
        return moves;
    }

    /** Those that the node has shards of and logical replication could not copy. */
    List<String> tablesWithoutIdentity(Node node) {
        Set<String> carried = new TreeSet<>();
        cluster.shards.all().values().stream()
                .filter(shard -> shard.groups().contains(node.group()))
                .forEach(shard -> carried.add(shard.table()));
        carried.retainAll(cluster.tablesWithoutIdentity);
        return List.copyOf(carried);
    }

    private Optional<Node> target(Set<GroupId> holders) {
        return cluster.nodes.values().stream()
                .filter(node -> node.isActivePrimary() && node.shouldHaveShards() && !holders.contains(node.group()))
                .findFirst();
    }
}
