package dev.roster.cluster;

import dev.roster.ledger.FakeLedger;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** All that the coordinator's database holds. Copied by each transaction. */
final class FakeCluster {

    final Map<NodeId, Node> nodes = new TreeMap<>();
    FakeShards shards = new FakeShards();
    FakeLedger ledger = new FakeLedger();
    int lastNode;
    int lastGroup;
    final FakeRebalances rebalances = new FakeRebalances();
    final Set<String> tablesWithoutIdentity = new TreeSet<>();
    boolean content;

    final FakeMetadata metadata = new FakeMetadata();

    FakeCluster copy() {
        FakeCluster copy = new FakeCluster();
        copy.nodes.putAll(nodes);
        copy.shards = shards.copy();
        copy.ledger = ledger.copy();
        copy.lastNode = lastNode;
        copy.lastGroup = lastGroup;
        copy.rebalances.copyFrom(rebalances);
        copy.content = content;
        copy.tablesWithoutIdentity.addAll(tablesWithoutIdentity);
        copy.metadata.copyFrom(metadata);
        return copy;
    }

    Optional<Node> nodeAt(HostPort address) {
        return nodes.values().stream()
                .filter(node -> node.address().equals(address))
                .findFirst();
    }

    boolean isActive(GroupId group) {
        return nodes.values().stream().anyMatch(node -> node.group().equals(group) && node.isActivePrimary());
    }

    boolean hasPrimary(GroupId group) {
        return nodes.values().stream().anyMatch(node -> node.group().equals(group) && node.role() == NodeRole.PRIMARY);
    }

    Placements placementsOf(GroupId group) {
        return shards.of(group, this::isActive);
    }

    Node insert(HostPort address, GroupId group, boolean shouldHaveShards) {
        lastNode++;
        Node node = new Node(
                new NodeId(lastNode),
                group,
                address,
                NodeRole.PRIMARY,
                "default",
                true,
                true,
                true,
                shouldHaveShards,
                false);
        nodes.put(node.id(), node);
        return node;
    }

    Node insertSecondary(HostPort address, Node primary) {
        lastNode++;
        Node node = new Node(
                new NodeId(lastNode),
                primary.group(),
                address,
                NodeRole.SECONDARY,
                primary.cluster(),
                true,
                false,
                false,
                true,
                false);
        nodes.put(node.id(), node);
        return node;
    }

    GroupId nextGroup() {
        lastGroup++;
        return new GroupId(lastGroup);
    }

    /** What a real coordinator's fingerprint of its table names is for. */
    String tableNames() {
        return String.join(",", new TreeSet<>(shards.tables()));
    }
}
