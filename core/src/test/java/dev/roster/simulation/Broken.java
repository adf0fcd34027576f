package dev.roster.simulation;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Sightings;
import dev.roster.discovery.Worker;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.Action;
import dev.roster.plan.Holdbacks;
import dev.roster.plan.Memory;
import dev.roster.plan.Observation;
import dev.roster.plan.Plan;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Withheld;
import dev.roster.reconcile.Deciding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Ways of deciding that break a law, each by misreading what was seen. The simulation has to notice every one. */
enum Broken {
    /** Law 2: takes a partial answer for a complete one. */
    TAKES_PARTIAL_FOR_COMPLETE,
    /** Law 2: takes a source that failed for one that saw nobody. */
    TAKES_FAILURE_FOR_NOBODY,
    /** Law 2: takes every unsighted server for silent. */
    IGNORES_SIGNS_OF_LIFE,
    /** Law 1: sees no placements. */
    IGNORES_PLACEMENTS,
    /** Law 1: takes every server for a blank one. */
    ADDS_WHAT_IS_FOREIGN,
    /** Law 3: takes adopted nodes for its own. */
    REMOVES_ADOPTED_NODES,
    /** Law 1: takes a coordinator of yesterday at its word. */
    TRUSTS_A_RESTORED_COORDINATOR,
    /** Fights with somebody else over a member. */
    FIGHTS_WITH_OTHERS,
    /** Spreads shards by itself whatever goes on. */
    REBALANCES_AT_ONCE,
    /** Law 5: takes every standby for a promoted one. */
    FOLLOWS_STANDBYS,
    /** Law 5: takes every copy for the latest. */
    FOLLOWS_STALE_COPIES,
    /** Law 5: takes a primary for dead as soon as a copy is writable. */
    FOLLOWS_BESIDE_A_LIVING_PRIMARY,
    /** Law 5: sends the call that asks nobody. */
    FOLLOWS_WITHOUT_ASKING_AGAIN;

    private Observation misread(Observation seen) {
        return switch (this) {
            case TAKES_PARTIAL_FOR_COMPLETE -> partialAsComplete(seen);
            case TAKES_FAILURE_FOR_NOBODY -> unavailableAsEmpty(seen);
            case IGNORES_SIGNS_OF_LIFE -> nobodyAnswers(seen);
            case IGNORES_PLACEMENTS -> withoutPlacements(seen);
            case ADDS_WHAT_IS_FOREIGN -> withoutFacts(seen);
            case REMOVES_ADOPTED_NODES -> adoptedAsAdded(seen);
            case TRUSTS_A_RESTORED_COORDINATOR -> withoutDoubt(seen);
            case FOLLOWS_STANDBYS -> withReports(seen, BrokenFollowing::promoted);
            case FOLLOWS_STALE_COPIES -> withReports(seen, BrokenFollowing::latest);
            case FOLLOWS_BESIDE_A_LIVING_PRIMARY -> BrokenFollowing.primariesDie(seen);
            case FIGHTS_WITH_OTHERS, REBALANCES_AT_ONCE, FOLLOWS_WITHOUT_ASKING_AGAIN -> seen;
        };
    }

    Engine engine() {
        return new Engine(this::by, this != FOLLOWS_WITHOUT_ASKING_AGAIN);
    }

    private Deciding by(PlanSettings settings) {
        Deciding sound = Deciding.by(settings);
        return new Deciding() {
            @Override
            public Memory remember(Observation seen, Instant now) {
                return sound.remember(misread(seen), now);
            }

            @Override
            public Plan decide(Observation seen, Holdbacks holdbacks, Instant now) {
                Plan plan = sound.decide(misread(seen), holdbacks, now);
                return switch (Broken.this) {
                    case FIGHTS_WITH_OTHERS -> withWithheld(plan, "other-writer");
                    case REBALANCES_AT_ONCE -> withWithheld(plan, "settling");
                    case TAKES_PARTIAL_FOR_COMPLETE,
                            TAKES_FAILURE_FOR_NOBODY,
                            IGNORES_SIGNS_OF_LIFE,
                            IGNORES_PLACEMENTS,
                            ADDS_WHAT_IS_FOREIGN,
                            REMOVES_ADOPTED_NODES,
                            TRUSTS_A_RESTORED_COORDINATOR,
                            FOLLOWS_STANDBYS,
                            FOLLOWS_STALE_COPIES,
                            FOLLOWS_BESIDE_A_LIVING_PRIMARY,
                            FOLLOWS_WITHOUT_ASKING_AGAIN -> plan;
                };
            }
        };
    }

    private static Observation partialAsComplete(Observation seen) {
        return withSightings(
                seen,
                sighting -> sighting instanceof Sighting.Partial partial
                        ? complete(seen, partial.source(), partial.at(), partial.workers())
                        : sighting);
    }

    private static Observation unavailableAsEmpty(Observation seen) {
        return withSightings(
                seen,
                sighting -> sighting instanceof Sighting.Unavailable unavailable
                        ? complete(seen, unavailable.source(), unavailable.at(), List.of())
                        : sighting);
    }

    private static Observation nobodyAnswers(Observation seen) {
        Set<HostPort> sighted =
                seen.sightings().workers().stream().map(Worker::address).collect(Collectors.toSet());
        Map<HostPort, ProbeResult> probes = new HashMap<>(seen.probes());
        probes.replaceAll((address, result) -> sighted.contains(address)
                ? result
                : new ProbeResult.Failed(result.at(), ProbeFailure.REFUSED, "nobody listens there"));
        return new Observation(seen.cluster(), seen.sightings(), probes, seen.memory());
    }

    private static Observation withoutPlacements(Observation seen) {
        ClusterSnapshot cluster = seen.cluster();
        return new Observation(
                new ClusterSnapshot(cluster.at(), cluster.coordinator(), cluster.nodes(), Map.of(), cluster.ledger()),
                seen.sightings(),
                seen.probes(),
                seen.memory());
    }

    private static Observation withoutFacts(Observation seen) {
        Map<HostPort, ProbeResult> probes = new HashMap<>(seen.probes());
        probes.replaceAll((_, result) -> result instanceof ProbeResult.Answered answered
                        && answered.report().candidate().isPresent()
                ? new ProbeResult.Answered(answered.at(), blank(answered.report()))
                : result);
        return new Observation(seen.cluster(), seen.sightings(), probes, seen.memory());
    }

    private static Observation withReports(Observation seen, UnaryOperator<ServerReport> misread) {
        Map<HostPort, ProbeResult> probes = new HashMap<>(seen.probes());
        probes.replaceAll((_, result) -> result instanceof ProbeResult.Answered answered
                ? new ProbeResult.Answered(answered.at(), misread.apply(answered.report()))
                : result);
        return new Observation(seen.cluster(), seen.sightings(), probes, seen.memory());
    }

    private static ServerReport blank(ServerReport report) {
        return new ServerReport(
                report.identity(),
                report.startTime(),
                report.inRecovery(),
                report.readOnly(),
                report.timeline(),
                report.lsn(),
                GroupId.COORDINATOR,
                0,
                Optional.empty(),
                Optional.of(new ServerReport.Candidate(
                        Optional.of("13.2-1"), true, 0, 0, List.of(), List.of(), Optional.empty(), "")));
    }

    private static Observation adoptedAsAdded(Observation seen) {
        ClusterSnapshot cluster = seen.cluster();
        LedgerSnapshot ledger = cluster.ledger();
        List<Member> members = ledger.members().stream().map(Broken::added).toList();
        return new Observation(
                new ClusterSnapshot(
                        cluster.at(),
                        cluster.coordinator(),
                        cluster.nodes(),
                        cluster.placements(),
                        new LedgerSnapshot(members, ledger.tombstones(), ledger.intents())),
                seen.sightings(),
                seen.probes(),
                seen.memory());
    }

    private static Plan withWithheld(Plan plan, String filter) {
        List<Action> actions = new ArrayList<>(plan.actions());
        plan.withheld().stream()
                .filter(held -> held.filter().equals(filter))
                .map(Withheld::action)
                .forEach(actions::add);
        return new Plan(actions, List.of(), plan.verdicts(), plan.alarms(), plan.notes());
    }

    private static Observation withoutDoubt(Observation seen) {
        ClusterSnapshot cluster = seen.cluster();
        LedgerSnapshot ledger = cluster.ledger();
        return new Observation(
                new ClusterSnapshot(
                        cluster.at(),
                        cluster.coordinator(),
                        cluster.nodes(),
                        cluster.placements(),
                        new LedgerSnapshot(ledger.members(), ledger.tombstones(), ledger.intents())),
                seen.sightings(),
                seen.probes(),
                seen.memory());
    }

    private static Member added(Member member) {
        return new Member(
                member.node(),
                member.group(),
                member.address(),
                member.identity(),
                Origin.ADDED,
                member.scope(),
                member.since(),
                member.lastSeen(),
                member.disabledByRoster(),
                member.aliases());
    }

    private static Observation withSightings(Observation seen, UnaryOperator<Sighting> misread) {
        List<Sighting> sources =
                seen.sightings().sources().stream().map(misread).toList();
        return new Observation(seen.cluster(), Sightings.merge(sources), seen.probes(), seen.memory());
    }

    /** Pretends to have looked everywhere that a member was ever seen by this source. */
    private static Sighting complete(Observation seen, String source, Instant at, List<Worker> workers) {
        Set<Scope> scopes = seen.cluster().ledger().members().stream()
                .flatMap(member -> member.scope().stream())
                .filter(scope -> scope.source().equals(source))
                .collect(Collectors.toSet());
        return new Sighting.Complete(source, at, scopes, workers, List.of(), Set.of(), true);
    }
}
