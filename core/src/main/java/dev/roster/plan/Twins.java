package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Where the data of a primary is writable beside it. It is remembered by the process that saw it, since the note in the ledger
 * may be lost with the coordinator's connection, and none of them is followed afterwards (row 5).
 */
final class Twins {

    /** How close together two answers have to be to show that both servers were writable at once. */
    static final Duration SIDE_BY_SIDE = Duration.ofSeconds(1);

    private final Map<HostPort, ProbeResult> probes;
    private final Once<Map<String, Map<HostPort, ProbeResult.Answered>>> elsewhere;

    Twins(ClusterSnapshot cluster, Map<HostPort, ProbeResult> probes) {
        this.probes = probes;
        this.elsewhere = new Once<>(() -> elsewhere(cluster));
    }

    /** Those known before that may still be twins, and those that show themselves now. */
    Set<HostPort> of(Node node, Identity identity, Set<HostPort> known) {
        Map<HostPort, ProbeResult.Answered> copies =
                elsewhere.get().getOrDefault(identity.systemIdentifier(), Map.of());
        Set<HostPort> twins = new HashSet<>(known);
        twins.removeIf(address -> probes.get(address) instanceof ProbeResult.Answered
                && (!copies.containsKey(address) || copies.get(address).report().inRecovery()));
        if (probes.get(node.address()) instanceof ProbeResult.Answered own
                && isWritable(own.report(), identity, node.group())) {
            copies.forEach((address, copy) -> {
                boolean sideBySide = Duration.between(own.at(), copy.at()).abs().compareTo(SIDE_BY_SIDE) <= 0;
                if (sideBySide
                        && isWritable(copy.report(), identity, node.group())
                        && !copy.report().sameServer(own.report())) {
                    twins.add(address);
                }
            });
        }
        return twins;
    }

    private static boolean isWritable(ServerReport report, Identity identity, GroupId group) {
        return !report.inRecovery()
                && report.identity().sameData(identity)
                && report.localGroup().equals(group);
    }

    /** Who answers where no primary's row is, by its data. */
    private Map<String, Map<HostPort, ProbeResult.Answered>> elsewhere(ClusterSnapshot cluster) {
        Map<String, Map<HostPort, ProbeResult.Answered>> index = new HashMap<>();
        probes.forEach((address, result) -> {
            boolean isPrimary = cluster.nodeAt(address)
                    .filter(node -> node.role() == NodeRole.PRIMARY)
                    .isPresent();
            if (!isPrimary && result instanceof ProbeResult.Answered answered) {
                index.computeIfAbsent(answered.report().identity().systemIdentifier(), _ -> new HashMap<>())
                        .put(address, answered);
            }
        });
        return index;
    }
}
