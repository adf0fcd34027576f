package dev.roster.discovery;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A source that a test sets. What the test changes is seen at once, and nudges, unless the source is told to lose its nudges
 * or to fail. Thread-safe.
 */
public final class FakeDiscovery implements WorkerDiscovery {

    private final String type;
    private final InstantSource clock;
    private final Map<HostPort, Worker> workers = new TreeMap<>();
    private final Set<HostPort> alsoPresent = new HashSet<>();
    private final List<Sighting.SetAside> setAside = new ArrayList<>();
    private Scope scope;
    private boolean absenceIsProof;
    private boolean losesNudges;
    private boolean explicitRole = true;
    private @Nullable String missing;
    private @Nullable String failure;
    private @Nullable Sighting frozen;
    private @Nullable Nudge nudge;

    /**
     * A source like Docker, whose complete list proves absence.
     *
     * @param type its type
     * @param clock the time of its sightings
     */
    public FakeDiscovery(String type, InstantSource clock) {
        this(type, clock, true);
    }

    /**
     * A source.
     *
     * @param type its type
     * @param clock the time of its sightings
     * @param absenceIsProof whether its complete answer proves absence
     */
    public FakeDiscovery(String type, InstantSource clock, boolean absenceIsProof) {
        this.type = type;
        this.clock = clock;
        this.absenceIsProof = absenceIsProof;
        this.scope = new Scope(type, "place 1");
    }

    /** Sights a worker with this health, instead of what was sighted at its address before. */
    public void sights(HostPort address, WorkerHealth health) {
        sights(address, health, Optional.empty());
    }

    /** Sights a worker with this health and group. */
    public synchronized void sights(HostPort address, WorkerHealth health, Optional<GroupId> group) {
        workers.put(address, new Worker(nameOf(address), address, health, "", group, scope, explicitRole));
        alsoPresent.remove(address);
        tell(address + " is " + health);
    }

    /** No longer sights the worker. */
    public synchronized void losesSightOf(HostPort address) {
        workers.remove(address);
        alsoPresent.remove(address);
        tell(address + " is gone");
    }

    /** Knows something at the address that is no worker now. */
    public synchronized void knowsOf(HostPort address) {
        workers.remove(address);
        alsoPresent.add(address);
        tell(address + " is there in another state");
    }

    /** Sets something aside, as a label with a bad port. */
    public synchronized void setsAside(String name, String sentence) {
        setAside.add(new Sighting.SetAside(name, sentence));
        tell(name + " set aside");
    }

    /** Answers partly from now on; only these addresses are still seen. */
    public synchronized void isPartial(String missingPart) {
        missing = missingPart;
        failure = null;
        tell("partial");
    }

    /** Answers with a failure from now on. */
    public synchronized void isUnavailable(String reason) {
        failure = reason;
        missing = null;
        tell("unavailable");
    }

    /** Answers fully again. */
    public synchronized void isComplete() {
        failure = null;
        missing = null;
        tell("complete");
    }

    /** Whether changes are no longer announced. */
    public synchronized void losesNudges(boolean loses) {
        losesNudges = loses;
    }

    /** Keeps answering what it answers now, whatever changes, until {@link #thaws}. */
    public synchronized void freezes() {
        frozen = look();
    }

    /** Looks again. */
    public synchronized void thaws() {
        frozen = null;
        tell("looked again");
    }

    /** Looks elsewhere from now on; workers sighted there keep their addresses. */
    public synchronized void looksIn(String place) {
        scope = new Scope(type, place);
        workers.replaceAll((_, worker) -> new Worker(
                worker.name(),
                worker.address(),
                worker.health(),
                worker.detail(),
                worker.group(),
                scope,
                worker.roleIsExplicit()));
        tell("looks in " + place);
    }

    /** Whether workers sighted from now on carry an explicit mark. */
    public synchronized void marksRoles(boolean marks) {
        explicitRole = marks;
    }

    /** The workers it would sight in a complete look. */
    public synchronized List<Worker> workers() {
        return List.copyOf(workers.values());
    }

    @Override
    public synchronized void start(Nudge newNudge) {
        nudge = newNudge;
        tell("started");
    }

    @Override
    public synchronized Sighting sighting() {
        return frozen != null ? frozen : look();
    }

    private Sighting look() {
        Instant at = clock.instant();
        if (failure != null) {
            return new Sighting.Unavailable(type, at, failure);
        }
        if (missing != null) {
            return new Sighting.Partial(type, at, seenPartly(), missing);
        }
        return new Sighting.Complete(
                type, at, Set.of(scope), List.copyOf(workers.values()), setAside, alsoPresent, absenceIsProof);
    }

    /** Every other worker, so that a partial answer always misses somebody. */
    private List<Worker> seenPartly() {
        List<Worker> all = workers.values().stream()
                .sorted(Comparator.comparing(Worker::address))
                .toList();
        List<Worker> some = new ArrayList<>();
        for (int i = 1; i < all.size(); i += 2) {
            some.add(all.get(i));
        }
        return some;
    }

    @Override
    public synchronized SourceHealth health() {
        Optional<Instant> connected = failure == null ? Optional.of(clock.instant()) : Optional.empty();
        return new SourceHealth(type, connected, Optional.empty(), connected, Optional.ofNullable(failure));
    }

    @Override
    public synchronized void close() {
        nudge = null;
    }

    private void tell(String reason) {
        if (nudge != null && !losesNudges) {
            nudge.nudge(reason);
        }
    }

    private String nameOf(HostPort address) {
        boolean shared = workers.keySet().stream()
                .anyMatch(other -> !other.equals(address) && other.host().equalsIgnoreCase(address.host()));
        return shared ? address.toString() : address.host();
    }
}
