package dev.roster.execute;

import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.identity.ProbeResult;
import dev.roster.plan.Action;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Carries out a plan's actions in order. Adds that stand together share a transaction, as long as their probes are fresh;
 * if that is refused they go one by one, the one that was blamed last. The first refusal ends the run, so that the next pass
 * looks again; a loss of the coordinator ends it too.
 *
 * <p>Used by one thread at a time.
 */
public final class Executor {

    /** The most adds that share one transaction: each add takes longer the more nodes there are (docs/citus.md section 2). */
    static final int MOST_TOGETHER = 20;

    private final CoordinatorCatalog catalog;
    private final InstantSource clock;
    private final Duration probeMaxAge;

    /**
     * @param catalog the coordinator
     * @param clock tells how old a probe is when its worker's turn comes
     * @param probeMaxAge the age up to which a probe is good enough for an add
     */
    public Executor(CoordinatorCatalog catalog, InstantSource clock, Duration probeMaxAge) {
        this.catalog = catalog;
        this.clock = clock;
        this.probeMaxAge = probeMaxAge;
    }

    /**
     * Carries out the actions until one is refused.
     *
     * @param actions what to do, in order
     * @param probes the probes that the plan was made from
     * @param mayGoOn asked before each transaction: whether this process still leads and is not stopping
     * @param tried told of each outcome at once, in order
     */
    public Execution execute(
            List<Action> actions, Map<HostPort, ProbeResult> probes, BooleanSupplier mayGoOn, Consumer<Outcome> tried) {
        Run run = new Run(probes, mayGoOn, tried);
        try {
            Execution.End end = run.through(actions);
            return new Execution(run.outcomes, end, Optional.empty());
        } catch (CoordinatorUnavailable e) {
            return new Execution(run.outcomes, Execution.End.COORDINATOR_LOST, Optional.of(e));
        }
    }

    private final class Run {

        private final Map<HostPort, ProbeResult> probes;
        private final BooleanSupplier mayGoOn;
        private final Consumer<Outcome> tried;
        private final List<Outcome> outcomes = new ArrayList<>();

        Run(Map<HostPort, ProbeResult> probes, BooleanSupplier mayGoOn, Consumer<Outcome> tried) {
            this.probes = probes;
            this.mayGoOn = mayGoOn;
            this.tried = tried;
        }

        Execution.End through(List<Action> actions) throws CoordinatorUnavailable {
            int next = 0;
            while (next < actions.size()) {
                if (!mayGoOn.getAsBoolean()) {
                    return Execution.End.STOPPED;
                }
                // the first action always goes, so that slow probes cannot hold up everything for ever
                if (next > 0 && isStale(actions.get(next))) {
                    return Execution.End.PROBES_TOO_OLD;
                }
                List<Action.AddNode> adds = addsFrom(actions, next);
                if (adds.size() > 1) {
                    Execution.End end = together(adds);
                    if (end != Execution.End.ALL_TRIED) {
                        return end;
                    }
                    next += adds.size();
                } else if (refused(actions.get(next))) {
                    return Execution.End.REFUSED;
                } else {
                    next++;
                }
            }
            return Execution.End.ALL_TRIED;
        }

        private List<Action.AddNode> addsFrom(List<Action> actions, int start) {
            List<Action.AddNode> adds = new ArrayList<>();
            for (Action action : actions.subList(start, Math.min(actions.size(), start + MOST_TOGETHER))) {
                if (!(action instanceof Action.AddNode add) || isStale(add)) {
                    break;
                }
                adds.add(add);
            }
            return adds;
        }

        private boolean isStale(Action action) {
            if (!(action instanceof Action.AddNode add) || add.identity().isEmpty()) {
                return false;
            }
            ProbeResult probe = probes.get(action.address());
            Instant oldest = clock.instant().minus(probeMaxAge);
            return probe == null || probe.at().isBefore(oldest);
        }

        private Execution.End together(List<Action.AddNode> adds) throws CoordinatorUnavailable {
            List<Outcome> answers = catalog.addTogether(adds);
            Optional<Outcome.Refused> refusal = answers.stream()
                    .filter(Outcome.Refused.class::isInstance)
                    .map(Outcome.Refused.class::cast)
                    .findFirst();
            if (refusal.isEmpty()) {
                answers.forEach(this::note);
                return Execution.End.ALL_TRIED;
            }
            if (isAboutAnotherNode(refusal.get().refusal(), adds)) {
                note(refusal.get());
                return Execution.End.REFUSED;
            }
            HostPort blamed = refusal.get()
                    .refusal()
                    .culprit()
                    .orElse(refusal.get().action().address());
            return oneByOne(adds, blamed);
        }

        private Execution.End oneByOne(List<Action.AddNode> adds, HostPort blamed) throws CoordinatorUnavailable {
            List<Action.AddNode> blamedLast = adds.stream()
                    .sorted(Comparator.comparing(add -> add.address().equals(blamed)))
                    .toList();
            for (Action.AddNode add : blamedLast) {
                if (!mayGoOn.getAsBoolean()) {
                    return Execution.End.STOPPED;
                }
                if (refused(add)) {
                    return Execution.End.REFUSED;
                }
            }
            return Execution.End.ALL_TRIED;
        }

        private boolean refused(Action action) throws CoordinatorUnavailable {
            Outcome outcome = catalog.perform(action);
            note(outcome);
            return outcome instanceof Outcome.Refused;
        }

        private void note(Outcome outcome) {
            outcomes.add(outcome);
            tried.accept(outcome);
        }
    }

    /** One by one would meet the same refusal each time, each try locking {@code pg_dist_node}. */
    private static boolean isAboutAnotherNode(Refusal refusal, List<Action.AddNode> adds) {
        boolean oneOfThese = refusal.culprit()
                .filter(culprit -> adds.stream().anyMatch(add -> add.address().equals(culprit)))
                .isPresent();
        return !oneOfThese && refusal.isBecauseOfAnotherNode();
    }
}
