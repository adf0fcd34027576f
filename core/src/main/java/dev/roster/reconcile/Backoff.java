package dev.roster.reconcile;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Refusal;
import dev.roster.identity.ProbeResult;
import dev.roster.plan.Action;
import dev.roster.plan.Holdbacks;
import dev.roster.plan.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which refused actions wait, and for how long: from a second, doubling, to a minute, with jitter.
 *
 * <p>A refusal that concerns one node holds back that address. A refusal because of <em>another</em> node, one that does
 * not answer or still lacks the metadata, holds back the whole class of changes that need every active node, so that one of
 * them is tried at a time and no more (each such try locks {@code pg_dist_node}). Adopting, and actions that cure a dead
 * node, are never in that class. A success ends a wait's growth, and so does a change of the worker's state.
 *
 * <p>Time is an argument throughout. Written and read by the thread that runs the passes.
 */
final class Backoff implements Holdbacks {

    private static final ExponentialDelay DELAY = new ExponentialDelay(Duration.ofSeconds(1), Duration.ofSeconds(60));

    private final RandomGenerator random;
    private final Map<HostPort, Wait> byAddress = new HashMap<>();
    private @Nullable Wait forAll;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Notes that Citus, or the verification, refused the action. */
    void refused(Action action, Refusal refusal, Observation seen, Instant now) {
        String reason = refusal.sentence();
        if (action.needsEveryNode() && refusal.isBecauseOfAnotherNode()) {
            forAll = wait(forAll, reason, refusal, State.NONE, now);
        } else {
            hold(action.address(), reason, refusal, seen, now);
        }
    }

    /** Notes that the action came to nothing though nobody refused it: it was outdated, or is planned again once done. */
    void futile(Action action, String reason, Observation seen, Instant now) {
        hold(action.address(), reason, null, seen, now);
    }

    /** Notes that the action's aim is reached. */
    void succeeded(Action action) {
        byAddress.remove(action.address());
        if (action.needsEveryNode()) {
            forAll = null;
        }
    }

    /** Ends the waits whose cause is seen to be gone: a worker in another state, a node that answers again. */
    void observe(Observation seen) {
        byAddress
                .entrySet()
                .removeIf(entry -> !entry.getValue().state().equals(State.of(entry.getKey(), seen))
                        || isOver(entry.getValue(), seen));
        if (forAll != null && isOver(forAll, seen)) {
            forAll = null;
        }
    }

    @Override
    public Optional<Hold> on(Action action, Instant now) {
        Wait own = byAddress.get(action.address());
        Wait common = action.needsEveryNode() ? forAll : null;
        return Stream.of(Optional.ofNullable(own), Optional.ofNullable(common))
                .flatMap(Optional::stream)
                .filter(wait -> wait.until().isAfter(now))
                .map(wait -> new Hold(wait.reason(), wait.until()))
                .reduce((a, b) -> a.until().isAfter(b.until()) ? a : b);
    }

    /** Whether this address waits now. */
    boolean holds(HostPort address, Instant now) {
        Wait wait = byAddress.get(address);
        return wait != null && wait.until().isAfter(now);
    }

    private void hold(HostPort address, String reason, @Nullable Refusal refusal, Observation seen, Instant now) {
        byAddress.compute(address, (_, before) -> wait(before, reason, refusal, State.of(address, seen), now));
    }

    private Wait wait(@Nullable Wait before, String reason, @Nullable Refusal refusal, State state, Instant now) {
        int failures = before == null ? 1 : before.failures() + 1;
        return new Wait(failures, now, now.plus(DELAY.after(failures, random)), reason, refusal, state);
    }

    private static boolean isOver(Wait wait, Observation seen) {
        Refusal refusal = wait.refusal();
        if (refusal == null) {
            return false;
        }
        if (refusal.situation() == Refusal.Situation.METADATA_OUT_OF_SYNC) {
            return seen.cluster().nodes().stream().filter(Node::isActivePrimary).allMatch(Node::metadataSynced);
        }
        return refusal.culprit()
                .map(culprit -> hasNoSay(culprit, seen) || answeredSince(culprit, wait.since(), seen))
                .orElse(false);
    }

    private static boolean hasNoSay(HostPort culprit, Observation seen) {
        return seen.cluster().nodeAt(culprit).filter(Node::isActivePrimary).isEmpty();
    }

    private static boolean answeredSince(HostPort address, Instant since, Observation seen) {
        return seen.probes().get(address) instanceof ProbeResult.Answered answered
                && answered.at().isAfter(since);
    }

    /** One wait: how often in a row, since when, until when, why, and the worker's state at that time. */
    private record Wait(
            int failures,
            Instant since,
            Instant until,
            String reason,
            @Nullable Refusal refusal,
            State state) {}

    /** What may change about a worker so that a refused action is worth another try. */
    private record State(Optional<WorkerHealth> health, Optional<Instant> startTime) {

        static final State NONE = new State(Optional.empty(), Optional.empty());

        static State of(HostPort address, Observation seen) {
            Optional<WorkerHealth> health = seen.sightings().at(address).map(Worker::health);
            Optional<Instant> startTime = seen.probes().get(address) instanceof ProbeResult.Answered answered
                    ? Optional.of(answered.report().startTime())
                    : Optional.empty();
            return new State(health, startTime);
        }
    }
}
