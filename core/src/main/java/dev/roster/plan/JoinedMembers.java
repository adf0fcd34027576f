package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The members that Roster added, for whose sake shards could be spread ({@code roster.rebalance.on-join=start}). Which of them a
 * rebalance was ordered for, or a person decided about, is remembered by the {@code nodeid} of the last of them: Citus gives
 * them in ascending order, whatever the clocks of several Rosters say. Pure.
 */
final class JoinedMembers {

    private static final int NAMED = 3;

    private JoinedMembers() {}

    /** Those that take shards, hold none, and have not been served. */
    static List<Node> waiting(ClusterSnapshot cluster) {
        return cluster.nodes().stream()
                .filter(node -> node.isActivePrimary() && node.shouldHaveShards() && !node.isCoordinator())
                .filter(node -> cluster.placementsOf(node.group()).distributed() == 0)
                .filter(node -> !cluster.ledger().isServed(node.id()))
                .filter(node -> added(cluster, node).isPresent())
                .toList();
    }

    /** When the last one joined that has not been served, whatever it holds. */
    static Optional<Instant> lastJoin(ClusterSnapshot cluster) {
        return cluster.nodes().stream()
                .filter(node -> !cluster.ledger().isServed(node.id()))
                .flatMap(node -> added(cluster, node).stream())
                .map(Member::since)
                .max(Comparator.naturalOrder());
    }

    /** The last node there is: once it is served, all of them are. */
    static NodeId youngest(ClusterSnapshot cluster) {
        return Stream.concat(Stream.of(new NodeId(0)), cluster.nodes().stream().map(Node::id))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    /** Who joined and holds nothing, in words that follow the sentence of an order. */
    static String words(List<Node> joined) {
        return Names.some(joined.stream().map(node -> node.address().toString()).toList(), NAMED)
                + (joined.size() == 1 ? " joined and holds no shard" : " joined and hold no shard");
    }

    private static Optional<Member> added(ClusterSnapshot cluster, Node node) {
        return cluster.ledger().member(node.id()).filter(member -> member.origin() == Origin.ADDED);
    }
}
