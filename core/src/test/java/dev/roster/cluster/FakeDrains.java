package dev.roster.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
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
                                        shard.table(), shardOf(relation), 0, node.address(), to.address())));
                    }
                }));
        return moves;
    }

    /** {@link #moves}, and from the fullest node to the emptiest until they differ by one at most. */
    List<DrainPreview.Move> rebalanceMoves() {
        List<DrainPreview.Move> moves = new ArrayList<>(moves());
        List<Taker> takers = cluster.nodes.values().stream()
                .filter(node -> node.isActivePrimary() && node.shouldHaveShards())
                .map(Taker::new)
                .toList();
        takers.forEach(taker -> {
            taker.carried = cluster.placementsOf(taker.node.group()).distributed()
                    + (int) moves.stream()
                            .filter(move -> move.target().equals(taker.node.address()))
                            .count();
        });
        Set<String> moved = new TreeSet<>();
        while (!takers.isEmpty() && !cluster.content) {
            Taker fullest = Collections.max(takers, Comparator.comparing(taker -> taker.carried));
            Taker emptiest = Collections.min(takers, Comparator.comparing(taker -> taker.carried));
            Optional<Map.Entry<String, FakeShards.Shard>> next = cluster.shards.all().entrySet().stream()
                    .filter(entry -> !entry.getValue().reference() && !moved.contains(entry.getKey()))
                    .filter(entry -> entry.getValue().groups().contains(fullest.node.group())
                            && !entry.getValue().groups().contains(emptiest.node.group()))
                    .findFirst();
            if (fullest.carried - emptiest.carried <= 1 || next.isEmpty()) {
                break;
            }
            moved.add(next.get().getKey());
            fullest.carried--;
            emptiest.carried++;
            moves.add(new DrainPreview.Move(
                    next.get().getValue().table(),
                    shardOf(next.get().getKey()),
                    0,
                    fullest.node.address(),
                    emptiest.node.address()));
        }
        return moves;
    }

    /** A node that takes shards, and how many it would have. */
    private static final class Taker {

        private final Node node;
        private int carried;

        Taker(Node node) {
            this.node = node;
        }
    }

    private static long shardOf(String relation) {
        return Long.parseLong(relation.substring(relation.lastIndexOf('_') + 1));
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
