package dev.roster.discovery.dns;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one sighting says that the one before did not, in words for the log. */
final class News {

    private News() {}

    /** Why the engine should look, empty if both say the same at different times. */
    static Optional<String> between(Sighting before, Sighting now) {
        if (undated(before).equals(undated(now))) {
            return Optional.empty();
        }
        Map<HostPort, Worker> known = byAddress(before);
        Map<HostPort, Worker> seen = byAddress(now);
        for (Worker worker : seen.values()) {
            Worker old = known.get(worker.address());
            if (old == null) {
                return Optional.of(worker.name() + " " + worker.detail() + more(known, seen));
            }
            if (!old.equals(worker)) {
                return Optional.of(worker.name() + " now " + worker.detail());
            }
        }
        return Optional.of(
                switch (now) {
                    case Sighting.Unavailable unavailable -> unavailable.reason();
                    case Sighting.Partial partial -> partial.missing();
                    case Sighting.Complete _ ->
                        known.values().stream()
                                .filter(worker -> !seen.containsKey(worker.address()))
                                .findFirst()
                                .map(worker -> worker.name() + " no longer resolves")
                                .orElse("every name could be looked up");
                });
    }

    private static String more(Map<HostPort, Worker> known, Map<HostPort, Worker> seen) {
        long others = seen.keySet().stream()
                        .filter(address -> !known.containsKey(address))
                        .count()
                - 1;
        return others == 0 ? "" : ", and " + others + " more";
    }

    private static Map<HostPort, Worker> byAddress(Sighting sighting) {
        Map<HostPort, Worker> workers = new LinkedHashMap<>();
        workers(sighting).forEach(worker -> workers.put(worker.address(), worker));
        return workers;
    }

    /** The workers of a sighting of any kind. */
    static List<Worker> workers(Sighting sighting) {
        return switch (sighting) {
            case Sighting.Complete complete -> complete.workers();
            case Sighting.Partial partial -> partial.workers();
            case Sighting.Unavailable _ -> List.of();
        };
    }

    private static Sighting undated(Sighting sighting) {
        return switch (sighting) {
            case Sighting.Complete it ->
                new Sighting.Complete(
                        it.source(),
                        Instant.EPOCH,
                        it.scopes(),
                        it.workers(),
                        it.setAside(),
                        it.alsoPresent(),
                        it.absenceIsProof());
            case Sighting.Partial it -> new Sighting.Partial(it.source(), Instant.EPOCH, it.workers(), it.missing());
            case Sighting.Unavailable it -> new Sighting.Unavailable(it.source(), Instant.EPOCH, it.reason());
        };
    }
}
