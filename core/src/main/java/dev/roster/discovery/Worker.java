package dev.roster.discovery;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import java.util.Optional;

/**
 * A server that a source believes to be a worker.
 *
 * @param name what people call it: the container's name, the DNS name
 * @param address what would be registered in {@code pg_dist_node}
 * @param health readiness as the source knows it
 * @param detail the source's own words for that health, such as {@code Up 3 seconds (health: starting)}; may be empty
 * @param group the group it should belong to, where a label or pattern names one
 * @param scope where it was seen
 * @param roleIsExplicit whether the source knows by an explicit mark (a role label) that this is a worker, not only by its
 *     name; such a sighting makes an adopted node Roster's own
 */
public record Worker(
        String name,
        HostPort address,
        WorkerHealth health,
        String detail,
        Optional<GroupId> group,
        Scope scope,
        boolean roleIsExplicit) {

    public Worker {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a worker has a name");
        }
        address.fault().ifPresent(fault -> {
            throw new IllegalArgumentException("the worker " + address + " " + fault);
        });
    }
}
