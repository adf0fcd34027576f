package dev.roster.discovery.staticlist;

import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.SourceHealth;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerDiscovery;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The list as a source: always connected once started, and as fresh as the moment it is asked. It owns no thread. All of it
 * is immutable but {@code startedAt}, which {@link #start} and {@link #close} write.
 */
final class StaticDiscovery implements WorkerDiscovery {

    /** The only place it looks, whatever stands in the list: taking a name off the list is an absence in this scope. */
    static final Scope SCOPE = new Scope(StaticDiscoveryProvider.TYPE, "the list");

    private final List<Worker> workers;
    private final InstantSource clock;
    private volatile Optional<Instant> startedAt = Optional.empty();

    StaticDiscovery(List<Worker> workers, InstantSource clock) {
        this.workers = List.copyOf(workers);
        this.clock = clock;
    }

    @Override
    public void start(Nudge nudge) {
        if (startedAt.isEmpty()) {
            startedAt = Optional.of(clock.instant());
            nudge.nudge("the list names " + (workers.size() == 1 ? "1 worker" : workers.size() + " workers"));
        }
    }

    @Override
    public Sighting sighting() {
        if (startedAt.isEmpty()) {
            return new Sighting.Unavailable(
                    StaticDiscoveryProvider.TYPE, clock.instant(), "the list has not been read; start the source");
        }
        return new Sighting.Complete(
                StaticDiscoveryProvider.TYPE, clock.instant(), Set.of(SCOPE), workers, List.of(), Set.of(), false);
    }

    @Override
    public SourceHealth health() {
        Optional<Instant> lastLook = startedAt.map(_ -> clock.instant());
        return new SourceHealth(StaticDiscoveryProvider.TYPE, startedAt, startedAt, lastLook, Optional.empty());
    }

    @Override
    public void close() {
        startedAt = Optional.empty();
    }
}
