package dev.roster.cluster;

import dev.roster.cluster.MetadataComparison.Excess;
import dev.roster.identity.FakeServer;
import dev.roster.identity.FakeServers;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The ids of nodes and placements, and what was sent of them to the workers: each change goes to those whose metadata is in
 * sync, and all of it to one that missed something. Copied by each transaction.
 */
final class FakeMetadata {

    private final Map<String, Long> placements = new HashMap<>();
    private final Set<NodeId> told = new HashSet<>();
    private final Set<Long> sentNodes = new HashSet<>();
    private final Set<Long> sentPlacements = new HashSet<>();
    private long lastPlacement;

    void copyFrom(FakeMetadata other) {
        placements.putAll(other.placements);
        told.addAll(other.told);
        sentNodes.addAll(other.sentNodes);
        sentPlacements.addAll(other.sentPlacements);
        lastPlacement = other.lastPlacement;
    }

    /** Gives ids to what has none, and sends what is new. */
    void spread(FakeCluster cluster, FakeServers servers, String coordinator) {
        number(cluster);
        Set<Long> nodes = nodeIds(cluster);
        Set<Long> all = new HashSet<>(placements.values());
        for (Node node : cluster.nodes.values()) {
            FakeServer server = servers.reachable(node.address())
                    .filter(there -> there.coordinatorIdentifier
                            .filter(coordinator::equals)
                            .isPresent())
                    .orElse(null);
            if (node.isCoordinator() || !node.isActivePrimary() || !node.metadataSynced() || server == null) {
                told.remove(node.id());
            } else if (told.add(node.id())) {
                replace(server.knownNodes, nodes);
                replace(server.knownPlacements, all);
            } else {
                update(server.knownNodes, sentNodes, nodes);
                update(server.knownPlacements, sentPlacements, all);
            }
        }
        told.retainAll(cluster.nodes.keySet());
        replace(sentNodes, nodes);
        replace(sentPlacements, all);
    }

    void forgetNewestPlacement() {
        placements.values().stream()
                .max(Long::compare)
                .ifPresent(newest -> placements.values().remove(newest));
    }

    private void number(FakeCluster cluster) {
        Set<String> now = new HashSet<>();
        cluster.shards
                .all()
                .forEach((relation, shard) -> shard.groups().forEach(group -> now.add(relation + " " + group)));
        placements.keySet().retainAll(now);
        now.stream()
                .sorted()
                .forEach(each -> placements.computeIfAbsent(each, _ -> {
                    lastPlacement++;
                    return lastPlacement;
                }));
    }

    private static Set<Long> nodeIds(FakeCluster cluster) {
        Set<Long> ids = new HashSet<>();
        cluster.nodes.keySet().forEach(id -> ids.add((long) id.value()));
        return ids;
    }

    private static void replace(Set<Long> known, Set<Long> now) {
        known.clear();
        known.addAll(now);
    }

    private static void update(Set<Long> known, Set<Long> before, Set<Long> now) {
        known.removeIf(id -> before.contains(id) && !now.contains(id));
        now.stream().filter(id -> !before.contains(id)).forEach(known::add);
    }

    MetadataComparison.Newer lacking(HostPort address, FakeServer server, FakeCluster cluster) {
        return new MetadataComparison.Newer(
                address,
                excess(server.knownNodes, nodeIds(cluster)),
                excess(server.knownPlacements, placements.values()));
    }

    MetadataComparison.Newer neverGiven(HostPort address, FakeServer server, FakeCluster cluster) {
        return new MetadataComparison.Newer(
                address, beyond(server.knownNodes, cluster.lastNode), beyond(server.knownPlacements, lastPlacement));
    }

    private static Excess excess(Set<Long> known, Collection<Long> here) {
        Set<Long> lacking = new HashSet<>(known);
        lacking.removeAll(Set.copyOf(here));
        return new Excess(
                lacking.size(),
                lacking.stream().mapToLong(Long::longValue).max().orElse(0));
    }

    private static Excess beyond(Set<Long> known, long last) {
        Set<Long> later = new HashSet<>(known);
        later.removeIf(id -> id <= last);
        return new Excess(
                later.size(), later.stream().mapToLong(Long::longValue).max().orElse(0));
    }
}
