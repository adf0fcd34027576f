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
        waiting.forEach(address -> readySince.computeIfAbsent(address, key -> saidAt(key, seen, now)));
    }

    /** How long the worker waited; empty if its time was not kept. */
    Optional<Duration> joined(HostPort address, Instant at) {
        return Optional.ofNullable(readySince.remove(address)).map(since -> Duration.between(since, at));
    }

    private static Instant saidAt(HostPort address, Observation seen, Instant now) {
        return seen.sightings().sources().stream()
                .filter(sighting ->
                        workersOf(sighting).anyMatch(worker -> worker.address().equals(address)))
                .map(Sighting::at)
                .filter(now::isAfter)
                .findFirst()
                .orElse(now);
    }

    private static Stream<Worker> workersOf(Sighting sighting) {
        return switch (sighting) {
            case Sighting.Complete complete -> complete.workers().stream();
            case Sighting.Partial partial -> partial.workers().stream();
            case Sighting.Unavailable _ -> Stream.empty();
        };
    }
}
