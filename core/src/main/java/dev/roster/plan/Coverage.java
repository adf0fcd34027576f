package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Sightings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where the sources looked completely, and why they did not elsewhere: what decides whether an absence counts (law 2). */
final class Coverage {

    private final Map<Scope, Sighting.Complete> complete = new HashMap<>();
    private final Map<String, String> incomplete = new HashMap<>();
    private final Set<String> looking = new HashSet<>();
    private final Set<HostPort> alsoPresent = new HashSet<>();

    Coverage(Sightings sightings) {
        for (Sighting sighting : sightings.sources()) {
            switch (sighting) {
                case Sighting.Complete look -> {
                    look.scopes().forEach(scope -> complete.put(scope, look));
                    looking.add(look.source());
                    alsoPresent.addAll(look.alsoPresent());
                }
                case Sighting.Partial look -> incomplete.put(look.source(), look.missing());
                case Sighting.Unavailable look -> incomplete.put(look.source(), look.reason());
            }
        }
    }

    /** The complete answer for this scope; empty if nobody looked there completely. */
    Optional<Sighting.Complete> completeIn(Scope scope) {
        return incomplete.containsKey(scope.source()) ? Optional.empty() : Optional.ofNullable(complete.get(scope));
    }

    /** Whether something exists at this address in any state without being a worker now. */
    boolean isAlsoPresent(HostPort address) {
        return alsoPresent.contains(address);
    }

    /** Why absence from this scope says nothing, in words that follow <em>because</em>. */
    String whyNotCovered(Scope scope) {
        String trouble = incomplete.get(scope.source());
        if (trouble != null) {
            return scope.source() + " could not look everywhere: " + trouble;
        }
        return looking.contains(scope.source())
                ? scope.source() + " no longer looks in " + scope.place()
                : "no source looks in " + scope + " any more";
    }
}
