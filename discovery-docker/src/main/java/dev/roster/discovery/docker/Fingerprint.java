package dev.roster.discovery.docker;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What of a sighting matters to the engine; two looks with equal ones need no pass. The engine's sentence on a container
 * is left out, since it counts seconds.
 */
record Fingerprint(
        Set<Scope> scopes, List<Entry> workers, List<Sighting.SetAside> setAside, Set<HostPort> alsoPresent) {

    record Entry(String name, HostPort address, WorkerHealth health, Optional<GroupId> group) {}

    static Fingerprint of(Sighting.Complete sighting) {
        return new Fingerprint(
                sighting.scopes(),
                sighting.workers().stream().map(Fingerprint::entry).toList(),
                sighting.setAside(),
                sighting.alsoPresent());
    }

    private static Entry entry(Worker worker) {
        return new Entry(worker.name(), worker.address(), worker.health(), worker.group());
    }
}
