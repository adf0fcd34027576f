package dev.roster.identity;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.Sightings;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Tombstone;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The latest probe of each address, and what was known of the worker when it was made. Lost at a restart, after which
 * everybody is asked again. Used by the thread that runs the passes.
 */
public final class ProbeHistory {

    private final Map<HostPort, Asked> byAddress = new HashMap<>();

    /**
     * Keeps the answers.
     *
     * @param requests what was asked
     * @param answers what came back
     * @param cluster what the coordinator said just before
     * @param sightings what the sources said just before
     */
    public void note(
            Collection<ProbeRequest> requests,
            Map<HostPort, ProbeResult> answers,
            ClusterSnapshot cluster,
            Sightings sightings) {
        for (ProbeRequest request : requests) {
            ProbeResult answer = answers.get(request.address());
            if (answer != null) {
                byAddress.merge(
                        request.address(),
                        new Asked(
                                answer,
                                request.depth(),
                                sightings.at(request.address()).map(Worker::health),
                                cluster.nodeAt(request.address()).map(Node::id),
                                answer instanceof ProbeResult.Failed ? 1 : 0),
                        Asked::followedBy);
            }
        }
    }

    /**
     * Forgets every address that neither side knows any more, and every answer from before the address became another node:
     * a server that was added says of itself what it was not before.
     */
    public void retain(ClusterSnapshot cluster, Sightings sightings) {
        Set<HostPort> buried =
                cluster.ledger().tombstones().stream().map(Tombstone::address).collect(Collectors.toSet());
        byAddress.entrySet().removeIf(entry -> {
            HostPort address = entry.getKey();
            Optional<NodeId> node = cluster.nodeAt(address).map(Node::id);
            return !node.equals(entry.getValue().node())
                    || (node.isEmpty() && sightings.at(address).isEmpty() && !buried.contains(address));
        });
    }

    /** The latest result of each address, however old. */
    public Map<HostPort, ProbeResult> latest() {
        return byAddress.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, entry -> entry.getValue().result()));
    }

    Optional<Asked> of(HostPort address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    /**
     * One address's latest probe.
     *
     * @param result the result
     * @param depth how much was asked
     * @param health what the sources said then; empty if none saw it
     * @param node the row that the address had then, if it had one
     * @param failures failures in a row
     */
    record Asked(
            ProbeResult result,
            ProbeRequest.Depth depth,
            Optional<WorkerHealth> health,
            Optional<NodeId> node,
            int failures) {

        Asked followedBy(Asked next) {
            return next.failures == 0 ? next : new Asked(next.result, next.depth, next.health, next.node, failures + 1);
        }
    }
}
