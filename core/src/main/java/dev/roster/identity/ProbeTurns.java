package dev.roster.identity;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.Placements;
import dev.roster.discovery.Sightings;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Member;
import dev.roster.ledger.Tombstone;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** When each server is to be asked next, as of one pass; the paces are told at {@link ProbeSchedule}. */
final class ProbeTurns {

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    /** Half the interval at which the health check of the usual image looks; the source ends the start, and with it this. */
    private static final Duration STARTING_RETRY = Duration.ofSeconds(2);

    /** A server that was removed longer ago is no longer looked for after a restart of Roster. */
    private static final Duration FENCE_WINDOW = Duration.ofDays(7);

    private final PlanSettings settings;
    private final ClusterSnapshot cluster;
    private final Sightings sightings;
    private final ProbeHistory history;
    private final Map<HostPort, Situation> before;
    private final Predicate<HostPort> heldBack;
    private final Instant now;
    private final WatchedGroups watched;

    ProbeTurns(
            PlanSettings settings,
            ClusterSnapshot cluster,
            Sightings sightings,
            ProbeHistory history,
            Map<HostPort, Situation> before,
            Predicate<HostPort> heldBack,
            Instant now) {
        this.settings = settings;
        this.cluster = cluster;
        this.sightings = sightings;
        this.history = history;
        this.before = before;
        this.heldBack = heldBack;
        this.now = now;
        this.watched = new WatchedGroups(settings, cluster, sightings, history, before);
    }

    /** One turn for each server that is worth asking. */
    List<ProbeTurn> all() {
        List<ProbeTurn> turns = new ArrayList<>(each());
        watched.together(turns);
        return turns;
    }

    private List<ProbeTurn> each() {
        List<ProbeTurn> turns = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            Optional<WorkerHealth> seen = sightings.at(node.address()).map(Worker::health);
            if (!node.isCoordinator()
                    && !node.isClone()
                    && node.address().fault().isEmpty()
                    && (isWorthAsking(seen) || watched.hasCopies(node))) {
                turns.add(nodeTurn(node, seen));
            }
        }
        for (Worker worker : sightings.workers()) {
            if (cluster.nodeAt(worker.address()).isEmpty() && isWorthAsking(Optional.of(worker.health()))) {
                turns.add(candidateTurn(worker.address(), worker.health()));
            }
        }
        cluster.ledger().latestTombstones().forEach((address, stone) -> {
            if (cluster.nodeAt(address).isEmpty() && sightings.at(address).isEmpty()) {
                fenceTurn(address, stone).ifPresent(turns::add);
            }
        });
        return turns;
    }

    /**
     * A removed server is asked once after its removal, and again as long as it may still run with its old metadata. After a
     * restart of Roster this begins anew for those removed lately.
     */
    private Optional<ProbeTurn> fenceTurn(HostPort address, Tombstone stone) {
        ProbeRequest request = new ProbeRequest(address, ProbeRequest.Depth.MEMBER, Optional.empty());
        Optional<ProbeHistory.Asked> last =
                history.of(address).filter(asked -> asked.result().at().isAfter(stone.removedAt()));
        if (last.isEmpty()) {
            boolean lately = stone.removedAt().isAfter(now.minus(FENCE_WINDOW));
            return lately
                    ? Optional.of(new ProbeTurn(
                            request,
                            stone.removedAt(),
                            ProbeTurn.Kind.ROUTINE,
                            history.of(address).isPresent()))
                    : Optional.empty();
        }
        return mayBeGhost(last.get().result(), stone)
                ? Optional.of(new ProbeTurn(
                        request,
                        last.get().result().at().plus(settings.probe().maxAge()),
                        ProbeTurn.Kind.ROUTINE,
                        false))
                : Optional.empty();
    }

    private static boolean mayBeGhost(ProbeResult result, Tombstone stone) {
        return switch (result) {
            case ProbeResult.Answered answered -> stone.isGhost(answered.report());
            case ProbeResult.Failed failed -> failed.failure().showsLife();
        };
    }

    /** A server that its source knows to be away would only cost the wait for its silence. */
    private static boolean isWorthAsking(Optional<WorkerHealth> seen) {
        return seen.isEmpty() || seen.get().mayBeReady() || seen.get() == WorkerHealth.STARTING;
    }

    private ProbeTurn candidateTurn(HostPort address, WorkerHealth seen) {
        Optional<ProbeHistory.Asked> last = history.of(address);
        ProbeRequest request =
                new ProbeRequest(address, ProbeRequest.Depth.CANDIDATE, last.flatMap(this::relationOfItsGroup));
        if (last.isEmpty() || changedSince(last.get(), Optional.of(seen))) {
            return new ProbeTurn(request, Instant.MIN, ProbeTurn.Kind.NEWCOMER, false);
        }
        ProbeHistory.Asked asked = last.get();
        if (asked.failures() > 0) {
            Instant soon = asked.result().at().plus(STARTING_RETRY);
            Instant at = retryAt(asked);
            boolean starts = seen == WorkerHealth.STARTING && soon.isBefore(at);
            return new ProbeTurn(request, starts ? soon : at, ProbeTurn.Kind.RETRY, true);
        }
        Optional<Duration> watch = watched.paceOfCopy(address);
        if (watch.isPresent()) {
            return new ProbeTurn(request, asked.result().at().plus(watch.get()), ProbeTurn.Kind.RETRY, false);
        }
        if (seen == WorkerHealth.STARTING) {
            return new ProbeTurn(
                    request, asked.result().at().plus(aheadOfTime()), ProbeTurn.Kind.RETRY, asked.failures() > 0);
        }
        boolean settled = heldBack.test(address) || isSettled(before.get(address));
        Duration pace = settled ? settings.probe().maxAge() : settings.probe().maxAgeToAct();
        return new ProbeTurn(request, asked.result().at().plus(pace), ProbeTurn.Kind.ROUTINE, asked.failures() > 0);
    }

    private Optional<String> relationOfItsGroup(ProbeHistory.Asked asked) {
        return report(asked)
                .filter(said -> !said.localGroup().equals(GroupId.COORDINATOR))
                .flatMap(said -> cluster.placementsOf(said.localGroup()).sampleRelation());
    }

    /** A little sooner than the answer gets too old for an add, so that one is always at hand. */
    private Duration aheadOfTime() {
        return settings.probe().maxAgeToAct().multipliedBy(4).dividedBy(5);
    }

    private ProbeTurn nodeTurn(Node node, Optional<WorkerHealth> seen) {
        Optional<ProbeHistory.Asked> last = history.of(node.address());
        Optional<Member> member = cluster.ledger().member(node.id());
        Optional<Identity> known = member.flatMap(Member::identity);
        boolean asExpected = last.flatMap(ProbeTurns::report)
                .map(report -> known.filter(report.identity()::equals).isPresent()
                        && report.localGroup().equals(node.group()))
                .orElse(known.isPresent());
        Placements placements = cluster.placementsOf(node.group());
        ProbeRequest request = new ProbeRequest(
                node.address(),
                asExpected ? ProbeRequest.Depth.MEMBER : ProbeRequest.Depth.CANDIDATE,
                placements.sampleRelation());
        if (last.isEmpty() || changedSince(last.get(), seen)) {
            return new ProbeTurn(request, Instant.MIN, ProbeTurn.Kind.NODE_AT_ONCE, false);
        }
        ProbeHistory.Asked asked = last.get();
        Situation situation = before.get(node.address());
        boolean settled = isSettled(situation);
        if (!asExpected && asked.depth() == ProbeRequest.Depth.MEMBER && asked.failures() == 0) {
            return new ProbeTurn(request, Instant.MIN, ProbeTurn.Kind.NODE_AT_ONCE, false);
        }
        if (situation == Situation.REPLACING && asked.failures() == 0) {
            // Each step changes what it answers.
            return new ProbeTurn(request, asked.result().at(), ProbeTurn.Kind.ROUTINE, false);
        }
        if (asked.failures() > 0 && settled) {
            return new ProbeTurn(
                    request, asked.result().at().plus(settings.probe().maxAge()), ProbeTurn.Kind.ROUTINE, true);
        }
        if (isBeingJudged(situation)) {
            return new ProbeTurn(
                    request, asked.result().at().plus(settings.probe().maxAgeToAct()), ProbeTurn.Kind.ROUTINE, false);
        }
        if (asked.failures() > 0) {
            Instant soon = asked.result().at().plus(settings.probe().maxAgeToAct());
            return situation == Situation.ABSENT && soon.isBefore(retryAt(asked))
                    ? new ProbeTurn(request, soon, ProbeTurn.Kind.ROUTINE, false)
                    : new ProbeTurn(request, retryAt(asked), ProbeTurn.Kind.RETRY, situation != Situation.ABSENT);
        }
        Optional<Duration> watch = watched.paceOfNode(node);
        return watch.isPresent()
                ? new ProbeTurn(request, asked.result().at().plus(watch.get()), ProbeTurn.Kind.RETRY, false)
                : new ProbeTurn(
                        request, asked.result().at().plus(settings.probe().maxAge()), ProbeTurn.Kind.ROUTINE, false);
    }

    private static Optional<ServerReport> report(ProbeHistory.Asked asked) {
        return asked.result() instanceof ProbeResult.Answered answered
                ? Optional.of(answered.report())
                : Optional.empty();
    }

    /**
     * Whether the worker came, went, or became ready since it was asked. One that answered while it was starting and is
     * ready now is the same server.
     */
    private static boolean changedSince(ProbeHistory.Asked asked, Optional<WorkerHealth> seen) {
        if (asked.health().equals(seen)) {
            return false;
        }
        boolean wasAhead = asked.failures() == 0
                && asked.health().filter(WorkerHealth.STARTING::equals).isPresent()
                && seen.filter(WorkerHealth::mayBeReady).isPresent();
        return !wasAhead;
    }

    private Instant retryAt(ProbeHistory.Asked asked) {
        long factor = 1L << Math.min(asked.failures() - 1, 20);
        Duration delay = FIRST_RETRY.multipliedBy(factor);
        Duration longest = settings.probe().maxAge();
        return asked.result().at().plus(delay.compareTo(longest) < 0 ? delay : longest);
    }

    /** Whether the row is about to go, so that every pass wants a fresh answer. */
    private static boolean isBeingJudged(@Nullable Situation situation) {
        return situation == Situation.EMPTY_SERVER_REPLACED
                || situation == Situation.MOVED
                || situation == Situation.LEAVING
                || situation == Situation.SECONDARY_LEAVING
                || situation == Situation.REGISTERING
                || situation == Situation.REMOVING
                || situation == Situation.REPLACING
                || situation == Situation.DISABLING;
    }

    /** Whether the verdict will stand until something else changes, so that an answer now and then is enough. */
    private static boolean isSettled(@Nullable Situation situation) {
        if (situation == null) {
            return false;
        }
        return switch (situation) {
            case SELF,
                    STANDBY,
                    TWIN,
                    STALE_COPY,
                    CARRIES_SHARDS,
                    FOREIGN,
                    UNDECIDED,
                    ALIAS,
                    COORDINATOR_ROW,
                    DISABLED_BY_OTHERS,
                    WRONG_RECOVERY_STATE,
                    MOVED,
                    REPLACED,
                    UNMANAGED,
                    OUT_OF_SCOPE,
                    ALIVE_UNDISCOVERED,
                    STRANDED,
                    ABSENT_UNPROVEN,
                    ADOPTED_ABSENT,
                    KEPT,
                    KEPT_OUT,
                    UNFENCED -> true;
            case NOT_READY,
                    NOT_PROBED,
                    COPY,
                    FOLLOWING,
                    UNFIT,
                    FORMER_MEMBER,
                    JOINING,
                    MEMBER_NOT_READY,
                    REACTIVATING,
                    IDENTITY_UNKNOWN,
                    MEMBER,
                    OUT_OF_SYNC,
                    ADOPTING,
                    REINITIALISED,
                    EMPTY_SERVER_REPLACED,
                    ABSENT,
                    LEAVING,
                    REGISTERING,
                    SECONDARY_LEAVING,
                    DISABLING,
                    DRAINING,
                    DRAIN_STUCK,
                    ORDER_WAITING,
                    REPLACING,
                    REMOVING -> false;
        };
    }
}
