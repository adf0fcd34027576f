package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Sightings;
import dev.roster.discovery.Worker;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes the memory of one pass from that of the pass before and what was observed. */
final class Remembering {

    /** Members that go within this time of each other go at once, even if the grace time is shorter. */
    private static final Duration AT_ONCE = Duration.ofMinutes(1);

    private final Memory before;
    private final ClusterSnapshot cluster;
    private final Sightings sightings;
    private final Map<HostPort, ProbeResult> probes;
    private final PlanSettings settings;
    private final Instant now;
    private final Coverage coverage;
    private final Twins twins;

    Remembering(
            Memory before,
            ClusterSnapshot cluster,
            Sightings sightings,
            Map<HostPort, ProbeResult> probes,
            PlanSettings settings,
            Instant now) {
        this.before = before;
        this.cluster = cluster;
        this.sightings = sightings;
        this.probes = probes;
        this.settings = settings;
        this.now = now;
        this.coverage = new Coverage(sightings);
        this.twins = new Twins(cluster, probes);
    }

    Memory next() {
        Map<HostPort, Instant> absent = new HashMap<>();
        Map<NodeId, Memory.SeenIdentity> strangers = new HashMap<>();
        Map<NodeId, Instant> unsynced = new HashMap<>();
        Map<HostPort, Instant> silent = new HashMap<>();
        Map<NodeId, Memory.Watch> watches = new HashMap<>();
        int sightedNodes = 0;
        for (Node node : cluster.nodes()) {
            boolean sighted = isSighted(node.address());
            if (sighted) {
                sightedNodes++;
            }
            if (node.isActivePrimary() && !node.metadataSynced()) {
                unsynced.put(node.id(), before.unsyncedSince().getOrDefault(node.id(), now));
            }
            ProbeResult probe = probes.get(node.address());
            if (probe instanceof ProbeResult.Failed failed && !failed.failure().showsLife()) {
                silent.put(node.address(), before.silentSince().getOrDefault(node.address(), failed.at()));
            }
            Optional<Member> known = cluster.ledger().member(node.id());
            if (known.isPresent()) {
                Member member = known.get();
                if (!sighted && isAbsent(node, member)) {
                    absent.put(node.address(), absentSince(node, member, probe));
                }
                if (node.role() == NodeRole.PRIMARY && !node.isCoordinator()) {
                    watches.put(node.id(), watch(node, member, probe));
                }
                Memory.SeenIdentity stranger = stranger(member, probe);
                if (stranger != null) {
                    strangers.put(node.id(), stranger);
                }
            }
        }
        Map<HostPort, Memory.Answering> answering =
                sightedNodes == sightings.workers().size() ? Map.of() : answering();
        return new Memory(absent, strangers, unsynced, silent, answering, massDepartures(absent), keptOut(), watches);
    }

    private Memory.Watch watch(Node node, Member member, @Nullable ProbeResult probe) {
        Memory.Watch known = before.watches().get(node.id());
        if (known == null || !known.address().equals(node.address())) {
            known = new Memory.Watch(node.address(), Optional.empty(), 0, now, Instant.MIN, Set.of());
        }
        if (probe == null || !probe.at().isAfter(known.lastTry())) {
            return known;
        }
        Set<HostPort> twins = member.identity().isPresent()
                ? this.twins.of(node, member.identity().get(), known.twins())
                : Set.of();
        return switch (probe) {
            case ProbeResult.Answered answered ->
                new Memory.Watch(
                        node.address(),
                        good(node, member, answered.report()).or(known::good),
                        0,
                        now,
                        probe.at(),
                        twins);
            case ProbeResult.Failed failed
            when failed.failure().showsLife() ->
                new Memory.Watch(node.address(), known.good(), 0, now, probe.at(), twins);
            case ProbeResult.Failed _ ->
                new Memory.Watch(
                        node.address(),
                        known.good(),
                        known.tries() + 1,
                        known.tries() == 0 ? probe.at() : known.firstTry(),
                        probe.at(),
                        twins);
        };
    }

    private static Optional<Member.LastSeen> good(Node node, Member member, ServerReport report) {
        boolean itself = member.hasDataOf(report)
                && !report.inRecovery()
                && report.localGroup().equals(node.group());
        return itself ? Optional.of(Member.LastSeen.of(report)) : Optional.empty();
    }

    private Map<String, Instant> keptOut() {
        boolean complete = sightings.sources().stream().allMatch(Sighting.Complete.class::isInstance);
        Map<String, Instant> result = new HashMap<>();
        for (Intent intent : cluster.ledger().intents()) {
            if (intent.stage() == Intent.Stage.DONE) {
                Instant since = before.keptOutAbsentSince().get(intent.subject());
                boolean sightedNow = isSighted(intent.address()) || coverage.isAlsoPresent(intent.address());
                if (!sightedNow && (since != null || complete)) {
                    result.put(intent.subject(), since == null ? now : since);
                }
            }
        }
        return result;
    }

    private boolean isSighted(HostPort address) {
        return sightings.at(address).isPresent();
    }

    private boolean isAbsent(Node node, Member member) {
        return !coverage.isAlsoPresent(node.address())
                && member.aliases().stream().noneMatch(alias -> isSighted(alias) || coverage.isAlsoPresent(alias))
                && member.scope().flatMap(coverage::completeIn).isPresent();
    }

    /** A sign of life while absent starts the clock anew: what still answers is not gone (law 2). */
    private Instant absentSince(Node node, Member member, @Nullable ProbeResult probe) {
        Instant since = before.absentSince().getOrDefault(node.address(), now);
        return probe != null && probe.at().isAfter(since) && showsLifeOf(member, probe) ? probe.at() : since;
    }

    /** Whether the probe's answer may have come from the member's own server. */
    static boolean showsLifeOf(Member member, ProbeResult probe) {
        return switch (probe) {
            case ProbeResult.Failed failed -> failed.failure().showsLife();
            case ProbeResult.Answered answered -> member.mayHaveDataOf(answered.report());
        };
    }

    private Memory.@Nullable SeenIdentity stranger(Member member, @Nullable ProbeResult probe) {
        Memory.SeenIdentity known = before.newIdentity().get(member.node());
        if (!(probe instanceof ProbeResult.Answered answered)) {
            return known;
        }
        return member.mayHaveDataOf(answered.report())
                ? null
                : seen(known, answered.report().identity(), answered.at());
    }

    private static Memory.SeenIdentity seen(Memory.@Nullable SeenIdentity known, Identity identity, Instant at) {
        return known != null && known.identity().equals(identity)
                ? new Memory.SeenIdentity(identity, known.firstSeen(), at)
                : new Memory.SeenIdentity(identity, at, at);
    }

    /** Only an uninterrupted row of answers counts: after a restart another server at an address is nothing strange. */
    private Map<HostPort, Memory.Answering> answering() {
        Map<HostPort, Memory.Answering> result = new HashMap<>();
        for (Worker worker : sightings.workers()) {
            if (worker.health().mayBeReady()
                    && cluster.nodeAt(worker.address()).isEmpty()
                    && probes.get(worker.address()) instanceof ProbeResult.Answered answered) {
                result.put(worker.address(), answering(before.answering().get(worker.address()), answered));
            }
        }
        return result;
    }

    private static Memory.Answering answering(Memory.@Nullable Answering known, ProbeResult.Answered answered) {
        Identity identity = answered.report().identity();
        if (known == null) {
            return new Memory.Answering(seen(null, identity, answered.at()), Optional.empty());
        }
        Memory.SeenIdentity current = seen(known.current(), identity, answered.at());
        if (!known.current().identity().equals(identity)) {
            return new Memory.Answering(current, Optional.of(known.current().identity()));
        }
        return new Memory.Answering(current, current.isConfirmed() ? Optional.empty() : known.before());
    }

    private Map<Scope, Memory.MassDeparture> massDepartures(Map<HostPort, Instant> absent) {
        if (absent.isEmpty() && before.massDepartures().isEmpty()) {
            return Map.of();
        }
        Map<Scope, Set<HostPort>> all = new HashMap<>();
        for (Node node : cluster.nodes()) {
            cluster.ledger()
                    .member(node.id())
                    .flatMap(Member::scope)
                    .ifPresent(scope ->
                            all.computeIfAbsent(scope, _ -> new HashSet<>()).add(node.address()));
        }
        Map<Scope, Memory.MassDeparture> result = new HashMap<>();
        all.forEach((scope, addresses) ->
                departure(scope, addresses, absent).ifPresent(departure -> result.put(scope, departure)));
        return result;
    }

    private Optional<Memory.MassDeparture> departure(
            Scope scope, Set<HostPort> addresses, Map<HostPort, Instant> absent) {
        Optional<Sighting.Complete> look = coverage.completeIn(scope);
        if (look.map(Sighting.Complete::absenceIsProof).orElse(false)) {
            return Optional.empty();
        }
        Memory.MassDeparture known = before.massDepartures().get(scope);
        Set<HostPort> gone = new HashSet<>(known == null ? Set.of() : known.gone());
        gone.retainAll(addresses);
        long returned = gone.stream().filter(this::isSighted).count();
        if (returned * 2 >= gone.size()) {
            gone.clear();
        }
        Set<HostPort> recent = new HashSet<>(addresses);
        Instant earliest = now.minus(
                settings.departure().grace().compareTo(AT_ONCE) > 0
                        ? settings.departure().grace()
                        : AT_ONCE);
        recent.removeIf(address -> !absent.getOrDefault(address, Instant.MIN).isAfter(earliest));
        boolean manyAtOnce = recent.size() >= 2 && recent.size() * 3 > addresses.size();
        if (manyAtOnce) {
            gone.addAll(recent);
        }
        return gone.isEmpty()
                ? Optional.empty()
                : Optional.of(new Memory.MassDeparture(known == null ? now : known.since(), gone));
    }
}
