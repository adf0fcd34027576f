package dev.roster.discovery;

import dev.roster.cluster.HostPort;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The latest answers of all sources, merged: one entry for each address, in the order of {@code roster.discovery}.
 * Immutable; a worker is found by its address without a search.
 */
public final class Sightings {

    private final List<Worker> workers;
    private final List<Sighting> sources;
    private final Map<HostPort, Worker> byAddress;

    /**
     * What was merged already.
     *
     * @param workers every worker that any source sees, each address once
     * @param sources the answer of each source, as it was
     */
    public Sightings(List<Worker> workers, List<Sighting> sources) {
        this.workers = List.copyOf(workers);
        this.sources = List.copyOf(sources);
        Map<HostPort, Worker> index = HashMap.newHashMap(workers.size());
        workers.forEach(worker -> index.putIfAbsent(worker.address(), worker));
        this.byAddress = Collections.unmodifiableMap(index);
    }

    /** Every worker that any source sees, each address once. */
    public List<Worker> workers() {
        return workers;
    }

    /** The answer of each source, as it was. */
    public List<Sighting> sources() {
        return sources;
    }

    /** The worker at this address, ignoring case. */
    public Optional<Worker> at(HostPort address) {
        return Optional.ofNullable(byAddress.get(address));
    }

    /**
     * Merges by address, ignoring case. Of two sightings of one address, the earlier source gives name, spelling, scope, and
     * group (the later one's if the earlier names none); a source with an opinion on health wins over one without, and of
     * two opinions the worse. An explicit mark counts whoever saw it.
     *
     * @param answers one for each source, in configured order
     */
    public static Sightings merge(List<Sighting> answers) {
        Map<HostPort, Worker> byAddress = new LinkedHashMap<>();
        for (Sighting answer : answers) {
            for (Worker worker : workersOf(answer)) {
                byAddress.merge(worker.address(), worker, Sightings::merge);
            }
        }
        return new Sightings(List.copyOf(byAddress.values()), answers);
    }

    private static List<Worker> workersOf(Sighting answer) {
        return switch (answer) {
            case Sighting.Complete complete -> complete.workers();
            case Sighting.Partial partial -> partial.workers();
            case Sighting.Unavailable _ -> List.of();
        };
    }

    private static Worker merge(Worker earlier, Worker later) {
        Worker judge = hasTheSay(later.health(), earlier.health()) ? later : earlier;
        return new Worker(
                earlier.name(),
                earlier.address(),
                judge.health(),
                judge.detail(),
                earlier.group().or(later::group),
                earlier.scope(),
                earlier.roleIsExplicit() || later.roleIsExplicit());
    }

    /** Whether this opinion on health overrules the other: the constants stand from good to bad, UNKNOWN has none. */
    private static boolean hasTheSay(WorkerHealth one, WorkerHealth other) {
        return one != WorkerHealth.UNKNOWN && (other == WorkerHealth.UNKNOWN || one.compareTo(other) > 0);
    }
}
