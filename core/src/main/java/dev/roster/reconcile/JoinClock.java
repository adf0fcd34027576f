package dev.roster.reconcile;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.plan.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Since when each worker that is not a node has been sighted as possibly ready. Used by the thread that runs the passes. */
final class JoinClock {

    private final Map<HostPort, Instant> readySince = new HashMap<>();

    /** Starts the time of those newly ready, at the moment their source said so, and drops those no longer so. */
    void observe(Observation seen, Instant now) {
        Set<HostPort> waiting = seen.sightings().workers().stream()
                .filter(worker -> worker.health().mayBeReady())
                .map(Worker::address)
                .filter(address -> seen.cluster().nodeAt(address).isEmpty())
                .collect(Collectors.toSet());
        readySince.keySet().retainAll(waiting);
        if (readySince.keySet().containsAll(waiting)) {
            return;
        }
        Map<HostPort, Instant> saidAt = saidAt(seen, now);
        waiting.forEach(address -> readySince.putIfAbsent(address, saidAt.getOrDefault(address, now)));
    }

    /** How long the worker waited; empty if its time was not kept. */
    Optional<Duration> joined(HostPort address, Instant at) {
        return Optional.ofNullable(readySince.remove(address)).map(since -> Duration.between(since, at));
    }

    /** When the first source that sights a worker last said so. */
    private static Map<HostPort, Instant> saidAt(Observation seen, Instant now) {
        Map<HostPort, Instant> saidAt = new HashMap<>();
        seen.sightings().sources().stream()
                .filter(sighting -> sighting.at().isBefore(now))
                .forEach(sighting ->
                        workersOf(sighting).forEach(worker -> saidAt.putIfAbsent(worker.address(), sighting.at())));
        return saidAt;
    }

    private static Stream<Worker> workersOf(Sighting sighting) {
        return switch (sighting) {
            case Sighting.Complete complete -> complete.workers().stream();
            case Sighting.Partial partial -> partial.workers().stream();
            case Sighting.Unavailable _ -> Stream.empty();
        };
    }
}
