package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sightings;
import dev.roster.identity.ProbeResult;
import java.util.Map;

/**
 * All that one pass saw; the planner's whole input beside the settings and the time.
 *
 * @param cluster what the coordinator said
 * @param sightings what the sources said, merged
 * @param probes the latest probe of each address, however old; the planner looks at its time
 * @param memory what earlier passes saw
 */
public record Observation(
        ClusterSnapshot cluster, Sightings sightings, Map<HostPort, ProbeResult> probes, Memory memory) {

    public Observation {
        probes = Map.copyOf(probes);
    }
}
