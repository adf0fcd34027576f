package dev.roster.identity;

import dev.roster.cluster.ClusterSnapshot;
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
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides whom to ask now. Pure: everything is an argument.
 *
 * <p>A worker that may join is asked while it is still starting, so that its answer is at hand when it becomes healthy, and
 * again when the answer is older than an add allows. A node is asked once in {@code roster.probe.max-age}, at once when its
 * worker's health changed or it went out of sight, and closely while its absence or a new identity is being judged. Who did
 * not answer is asked again after a second, then two, doubling up to the same age. When one is asked anyway, those whose turn
 * comes soon go along, so that a steady cluster costs one statement a minute.
 */
public final class ProbeSchedule {

    /** The most servers asked in one statement, so that a thousand workers are asked in bounded steps. */
    static final int MOST_AT_ONCE = 200;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);

    /** A server that was removed longer ago is no longer looked for after a restart of Roster. */
    private static final Duration FENCE_WINDOW = Duration.ofDays(7);

    private final PlanSettings settings;

    /**
     * @param settings whether and how often probes are wanted
     */
    public ProbeSchedule(PlanSettings settings) {
        this.settings = settings;
    }

    /**
     * Whom to ask.
     *
     * @param cluster the coordinator's answer
     * @param sightings the sources' answers
     * @param history the latest probes
     * @param before the situation of each address after the pass before; it tells who is being judged and who is settled
     * @param heldBack whose action is waiting in the backoff, so that a fresh answer would be of no use yet
     * @param now the time of the pass
     */
    public Due due(
            ClusterSnapshot cluster,
            Sightings sightings,
            ProbeHistory history,
            Map<HostPort, Situation> before,
            Predicate<HostPort> heldBack,
            Instant now) {
        if (!settings.probing()) {
            return Due.NOBODY;
        }
        List<Turn> turns = turns(cluster, sightings, history, before, heldBack, now);
        if (turns.stream().noneMatch(turn -> turn.isDue(now))) {
            return new Due(List.of(), false, earliestWake(turns, now));
        }
        boolean newcomer = turns.stream().anyMatch(turn -> turn.isNewcomer() && turn.isDue(now));
        List<Turn> asked = turns.stream()
                .filter(turn -> turn.goesAlong(now, newcomer, settings))
                .sorted(Turn.ORDER)
                .toList();
        List<Turn> batch =
                withoutTheSilent(asked, now).stream().limit(MOST_AT_ONCE).toList();
        Set<Turn> done = new HashSet<>(batch);
        boolean more = asked.stream().anyMatch(turn -> turn.isDue(now) && !done.contains(turn));
        return new Due(
                batch.stream().map(Turn::request).toList(),
                more,
                earliestWake(turns.stream().filter(turn -> !done.contains(turn)).toList(), now));
    }

    /** Those whose silence is known are asked apart: waiting for them must not hold up the others. */
    private static List<Turn> withoutTheSilent(List<Turn> asked, Instant now) {
        return asked.stream().anyMatch(turn -> turn.isDue(now) && !turn.silent())
                ? asked.stream().filter(turn -> !turn.silent()).toList()
                : asked;
    }

    private static Optional<Instant> earliestWake(List<Turn> turns, Instant now) {
        return turns.stream()
                .filter(Turn::wakes)
                .map(Turn::at)
                .filter(now::isBefore)
                .min(Comparator.naturalOrder());
    }

    private List<Turn> turns(
            ClusterSnapshot cluster,
            Sightings sightings,
            ProbeHistory history,
            Map<HostPort, Situation> before,
            Predicate<HostPort> heldBack,
            Instant now) {
        List<Turn> turns = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            Optional<WorkerHealth> seen = sightings.at(node.address()).map(Worker::health);
            if (!node.isCoordinator()
                    && !node.isClone()
                    && node.address().fault().isEmpty()
                    && isWorthAsking(seen)) {
                turns.add(nodeTurn(node, cluster, seen, history, before));
            }
        }
        for (Worker worker : sightings.workers()) {
            if (cluster.nodeAt(worker.address()).isEmpty() && isWorthAsking(Optional.of(worker.health()))) {
                turns.add(candidateTurn(worker.address(), worker.health(), history, before, heldBack));
            }
        }
        cluster.ledger().latestTombstones().forEach((address, stone) -> {
            if (cluster.nodeAt(address).isEmpty() && sightings.at(address).isEmpty()) {
                fenceTurn(address, stone, history, now).ifPresent(turns::add);
            }
        });
        return turns;
    }

    /**
     * A removed server is asked once after its removal, and again as long as it may still run with its old metadata. After a
     * restart of Roster this begins anew for those removed lately.
     */
    private Optional<Turn> fenceTurn(HostPort address, Tombstone stone, ProbeHistory history, Instant now) {
        ProbeRequest request = new ProbeRequest(address, ProbeRequest.Depth.MEMBER, Optional.empty());
        Optional<ProbeHistory.Asked> last =
                history.of(address).filter(asked -> asked.result().at().isAfter(stone.removedAt()));
        if (last.isEmpty()) {
            boolean lately = stone.removedAt().isAfter(now.minus(FENCE_WINDOW));
            return lately
                    ? Optional.of(new Turn(
                            request,
                            stone.removedAt(),
                            Kind.ROUTINE,
                            history.of(address).isPresent()))
                    : Optional.empty();
        }
        return mayBeGhost(last.get().result(), stone)
                ? Optional.of(
                        new Turn(request, last.get().result().at().plus(settings.probeMaxAge()), Kind.ROUTINE, false))
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

    private Turn candidateTurn(
            HostPort address,
            WorkerHealth seen,
            ProbeHistory history,
            Map<HostPort, Situation> before,
            Predicate<HostPort> heldBack) {
        ProbeRequest request = new ProbeRequest(address, ProbeRequest.Depth.CANDIDATE, Optional.empty());
        Optional<ProbeHistory.Asked> last = history.of(address);
        if (last.isEmpty() || changedSince(last.get(), Optional.of(seen))) {
            return new Turn(request, Instant.MIN, Kind.NEWCOMER, false);
        }
        ProbeHistory.Asked asked = last.get();
        if (asked.failures() > 0) {
            return new Turn(request, retryAt(asked), Kind.RETRY, asked.failures() > 0);
        }
        if (seen == WorkerHealth.STARTING) {
            return new Turn(request, asked.result().at().plus(aheadOfTime()), Kind.RETRY, asked.failures() > 0);
        }
        boolean settled = heldBack.test(address) || isSettled(before.get(address));
        Duration pace = settled ? settings.probeMaxAge() : settings.addProbeMaxAge();
        return new Turn(request, asked.result().at().plus(pace), Kind.ROUTINE, asked.failures() > 0);
    }

    /** A little sooner than the answer gets too old for an add, so that one is always at hand. */
    private Duration aheadOfTime() {
        return settings.addProbeMaxAge().multipliedBy(4).dividedBy(5);
    }

    private Turn nodeTurn(
            Node node,
            ClusterSnapshot cluster,
            Optional<WorkerHealth> seen,
            ProbeHistory history,
            Map<HostPort, Situation> before) {
        Optional<ProbeHistory.Asked> last = history.of(node.address());
        Optional<Member> member = cluster.ledger().member(node.id());
        Optional<Identity> known = member.flatMap(Member::identity);
        boolean asExpected = last.flatMap(ProbeSchedule::report)
                .map(report -> known.filter(report.identity()::equals).isPresent())
                .orElse(known.isPresent());
        Placements placements = cluster.placementsOf(node.group());
        ProbeRequest request = new ProbeRequest(
                node.address(),
                asExpected ? ProbeRequest.Depth.MEMBER : ProbeRequest.Depth.CANDIDATE,
                placements.sampleRelation());
        if (last.isEmpty() || changedSince(last.get(), seen)) {
            return new Turn(request, Instant.MIN, Kind.NODE_AT_ONCE, false);
        }
        ProbeHistory.Asked asked = last.get();
        Situation situation = before.get(node.address());
        boolean settled = isSettled(situation);
        if (!asExpected && asked.depth() == ProbeRequest.Depth.MEMBER && asked.failures() == 0) {
            return new Turn(request, Instant.MIN, Kind.NODE_AT_ONCE, false);
        }
        if (asked.failures() > 0 && settled) {
            return new Turn(request, asked.result().at().plus(settings.probeMaxAge()), Kind.ROUTINE, true);
        }
        if (isBeingJudged(situation)) {
            return new Turn(request, asked.result().at().plus(settings.addProbeMaxAge()), Kind.ROUTINE, false);
        }
        if (asked.failures() > 0) {
            Instant soon = asked.result().at().plus(settings.addProbeMaxAge());
            return situation == Situation.ABSENT && soon.isBefore(retryAt(asked))
                    ? new Turn(request, soon, Kind.ROUTINE, false)
                    : new Turn(request, retryAt(asked), Kind.RETRY, situation != Situation.ABSENT);
        }
        return new Turn(request, asked.result().at().plus(settings.probeMaxAge()), Kind.ROUTINE, false);
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
        Duration longest = settings.probeMaxAge();
        return asked.result().at().plus(delay.compareTo(longest) < 0 ? delay : longest);
    }

    /** Whether the row is about to go, so that every pass wants a fresh answer. */
    private static boolean isBeingJudged(@Nullable Situation situation) {
        return situation == Situation.EMPTY_SERVER_REPLACED || situation == Situation.LEAVING;
    }

    /** Whether the verdict will stand until something else changes, so that an answer now and then is enough. */
    private static boolean isSettled(@Nullable Situation situation) {
        if (situation == null) {
            return false;
        }
        return switch (situation) {
            case SELF,
                    COPY,
                    CARRIES_SHARDS,
                    FOREIGN,
                    UNDECIDED,
                    ALIAS,
                    COORDINATOR_ROW,
                    DISABLED_BY_OTHERS,
                    WRONG_RECOVERY_STATE,
                    REPLACED,
                    UNMANAGED,
                    OUT_OF_SCOPE,
                    ALIVE_UNDISCOVERED,
                    STRANDED,
                    ABSENT_UNPROVEN,
                    ADOPTED_ABSENT,
                    KEPT -> true;
            case NOT_READY,
                    NOT_PROBED,
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
                    DISABLING -> false;
        };
    }

    /**
     * The answer.
     *
     * @param requests whom to ask now
     * @param more whether others are due too and did not fit
     * @param wakeAt when the next one is due that should not wait for an ordinary pass
     */
    public record Due(List<ProbeRequest> requests, boolean more, Optional<Instant> wakeAt) {

        static final Due NOBODY = new Due(List.of(), false, Optional.empty());

        public Due {
            requests = List.copyOf(requests);
        }
    }

    private enum Kind {
        NEWCOMER,
        NODE_AT_ONCE,
        RETRY,
        ROUTINE
    }

    private record Turn(ProbeRequest request, Instant at, Kind kind, boolean silent) {

        static final Comparator<Turn> ORDER = Comparator.comparing(Turn::at)
                .thenComparing(Turn::kind)
                .thenComparing(turn -> turn.request().address());

        boolean isDue(Instant now) {
            return !at.isAfter(now);
        }

        boolean isNewcomer() {
            return kind == Kind.NEWCOMER;
        }

        boolean wakes() {
            return kind == Kind.RETRY;
        }

        /**
         * Whether it is asked when somebody is: if it is due, if its turn comes within half the ordinary age, or if somebody
         * new must be told from it, for which its answer should be as fresh as the newcomer's.
         */
        boolean goesAlong(Instant now, boolean newcomer, PlanSettings settings) {
            if (isDue(now)) {
                return true;
            }
            if (kind != Kind.ROUTINE) {
                return false;
            }
            Duration margin = newcomer
                    ? settings.probeMaxAge().minus(settings.addProbeMaxAge())
                    : settings.probeMaxAge().dividedBy(2);
            return !at.minus(margin).isAfter(now);
        }
    }
}
