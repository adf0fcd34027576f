package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Placements;
import dev.roster.ledger.Intent;
import dev.roster.plan.Filter.Reason;
import dev.roster.plan.PlanSettings.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes out of a plan what may not be done now, and says why: the action moves to {@link Plan#withheld}, and the verdict of
 * its node or worker names the reason. The first filter that objects is the one named; their order goes from what a person
 * decided to what only time decides.
 */
public final class Filters {

    private Filters() {}

    /**
     * The plan without what is withheld.
     *
     * @param plan what the planner decided
     * @param seen what it decided on
     * @param settings the mode, and whether this is a one-shot run
     * @param holdbacks what was refused a moment ago
     * @param now the time of the pass
     */
    public static Plan apply(Plan plan, Observation seen, PlanSettings settings, Holdbacks holdbacks, Instant now) {
        Map<String, Filter> filters = new LinkedHashMap<>();
        filters.put("mode", action -> mode(action, seen, settings.mode()));
        filters.put("restored-coordinator", _ -> restoredCoordinator(seen));
        filters.put("copied-cluster", new CopiedClusterFilter(seen, settings, now));
        filters.put("hold", new HoldFilter(seen));
        filters.put("other-writer", new AssistFilter(seen, plan.notes(), now));
        filters.put("once", action -> once(action, settings.once()));
        filters.put("coordinator-address", coordinatorAddress(plan, seen, settings));
        filters.put("replicated-copies", action -> replicatedCopies(action, seen));
        filters.put("mass-departure", new MassDepartureFilter(seen));
        filters.put("backoff", action -> backoff(action, holdbacks, now));
        filters.put("blocked-changes", new BlockedChangesFilter(seen, settings, now));
        filters.put("settling", new SettlingFilter(plan, seen, now));

        List<Action> passed = new ArrayList<>();
        List<Withheld> withheld = new ArrayList<>(plan.withheld());
        for (Action action : plan.actions()) {
            first(action, filters).ifPresentOrElse(withheld::add, () -> passed.add(action));
        }
        if (!CoordinatorAddress.isOfReplacedCoordinator(seen.cluster().coordinator(), settings)) {
            withholdNeedlessAddress(passed, withheld);
        }
        boolean ledgerMayBeWritten =
                settings.mode() != Mode.OBSERVE && seen.cluster().doubt().isEmpty();
        if (withheld.isEmpty() && ledgerMayBeWritten) {
            return plan;
        }
        return new Plan(
                passed,
                withheld,
                explained(plan.verdicts(), withheld),
                plan.alarms(),
                ledgerMayBeWritten ? plan.notes() : List.of());
    }

    private static Optional<Withheld> first(Action action, Map<String, Filter> filters) {
        for (Map.Entry<String, Filter> filter : filters.entrySet()) {
            Optional<Reason> reason = filter.getValue().withholds(action);
            if (reason.isPresent()) {
                return Optional.of(new Withheld(
                        action,
                        filter.getKey(),
                        reason.get().sentence(),
                        reason.get().until()));
            }
        }
        return Optional.empty();
    }

    /** Of what no filter withholds, the rebalance that only Roster wants: it is to become an order before anything is done. */
    public static Optional<Action.StartRebalance> wish(Plan plan, Observation seen) {
        return plan.actions().stream()
                .filter(action -> SettlingFilter.isWish(action, seen.cluster()))
                .map(Action.StartRebalance.class::cast)
                .findFirst();
    }

    /** Whether a copy of the whole cluster runs, so that what is done to members may be done to those of the other one. */
    public static boolean mayReachAnotherCluster(Observation seen, PlanSettings settings, Instant now) {
        return new Overview(seen, settings, now).copies.areOfEveryMember();
    }

    private static Optional<Reason> mode(Action action, Observation seen, Mode mode) {
        return switch (mode) {
            case MANAGE -> Optional.empty();
            case OBSERVE -> Reason.because("roster.mode=observe: Roster only shows what it would do");
            case ADD_ONLY ->
                switch (action) {
                    case Action.SetCoordinatorAddress _,
                            Action.AddNode _,
                            Action.RegisterSecondary _,
                            Action.AdoptNode _,
                            Action.StartDrain _,
                            Action.TakeOver _,
                            Action.RebuildShards _,
                            Action.StopDrain _,
                            Action.StopRebalance _ -> Optional.empty();
                    case Action.StartRebalance start ->
                        SettlingFilter.isWish(start, seen.cluster()) ? addOnly(Optional.empty()) : Optional.empty();
                    case Action.ActivateNode activate -> addOnly(activate.order());
                    case Action.UpdateNodes update -> addOnly(update.order());
                    case Action.RemoveNode remove -> addOnly(remove.order());
                    case Action.ReplaceEmptyNode _, Action.DisableNode _ -> addOnly(Optional.empty());
                };
        };
    }

    /** What follows from catalogs of yesterday may lose what happened since (docs/citus.md section 12). */
    private static Optional<Reason> restoredCoordinator(Observation seen) {
        return seen.cluster()
                .doubt()
                .flatMap(_ -> Reason.because("the coordinator is older than its workers, so Roster only observes"
                        + " until roster accept-coordinator"));
    }

    /** What a person orders is not made by itself. */
    private static Optional<Reason> addOnly(Optional<Intent> order) {
        return order.isPresent()
                ? Optional.empty()
                : Reason.because("roster.mode=add-only: only additions are made by themselves");
    }

    private static Optional<Reason> once(Action action, boolean once) {
        if (!once) {
            return Optional.empty();
        }
        return switch (action) {
            case Action.RemoveNode _,
                    Action.ReplaceEmptyNode _,
                    Action.DisableNode _,
                    Action.StartDrain _,
                    Action.TakeOver _,
                    Action.RebuildShards _,
                    Action.StopDrain _,
                    Action.StartRebalance _,
                    Action.StopRebalance _ ->
                Reason.because("a one-shot run never removes, disables or rebalances; a lasting Roster would");
            case Action.SetCoordinatorAddress _,
                    Action.AddNode _,
                    Action.RegisterSecondary _,
                    Action.AdoptNode _,
                    Action.ActivateNode _,
                    Action.UpdateNodes _ -> Optional.empty();
        };
    }

    private static Filter coordinatorAddress(Plan plan, Observation seen, PlanSettings settings) {
        CoordinatorAddress address =
                CoordinatorAddress.before(plan.actions(), seen.cluster().coordinator(), settings);
        return action ->
                address instanceof CoordinatorAddress.Unknown(String sentence) && CoordinatorAddress.joins(action)
                        ? Reason.because(sentence)
                        : Optional.empty();
    }

    /** Activating deletes the node's replicated distributed placements, which leaves single copies (row 15). */
    private static Optional<Reason> replicatedCopies(Action action, Observation seen) {
        if (!(action instanceof Action.ActivateNode activate)
                || activate.order().isPresent()) {
            return Optional.empty();
        }
        Placements placements = seen.cluster().placementsOf(activate.node().group());
        int replicated = placements.distributed() - placements.soleDistributed();
        return replicated == 0
                ? Optional.empty()
                : Reason.because("activating it would make Citus drop its " + replicated
                        + " replicated shard placements (of "
                        + placements.replicated()
                        + "), which leaves single copies. If that is wanted, on the coordinator: SELECT"
                        + " citus_activate_node(" + action.address().sqlArguments() + ");");
    }

    private static Optional<Reason> backoff(Action action, Holdbacks holdbacks, Instant now) {
        return holdbacks
                .on(action, now)
                .map(hold -> new Reason(
                        "refused a moment ago: " + hold.reason() + "; tried again in "
                                + Words.length(Duration.between(now, hold.until())),
                        Optional.of(hold.until())));
    }

    /** An address that is absent or loopback is set only right before a worker joins. */
    private static void withholdNeedlessAddress(List<Action> passed, List<Withheld> withheld) {
        if (passed.stream().anyMatch(CoordinatorAddress::joins)) {
            return;
        }
        passed.stream()
                .filter(Action.SetCoordinatorAddress.class::isInstance)
                .findFirst()
                .ifPresent(set -> {
                    passed.remove(set);
                    withheld.add(new Withheld(
                            set,
                            "coordinator-address",
                            "it is set only right before a worker joins, and none does now",
                            Optional.empty()));
                });
    }

    private static List<Verdict> explained(List<Verdict> verdicts, List<Withheld> withheld) {
        Map<HostPort, Withheld> byAddress = new HashMap<>();
        withheld.stream()
                .filter(held -> !held.action().concernsCluster())
                .forEach(held -> byAddress.put(held.action().address(), held));
        List<Verdict> explained = new ArrayList<>(verdicts.size());
        for (Verdict verdict : verdicts) {
            Withheld held = byAddress.get(verdict.address());
            explained.add(held == null ? verdict : explained(verdict, held));
        }
        return explained;
    }

    private static Verdict explained(Verdict verdict, Withheld held) {
        return new Verdict(
                verdict.name(),
                verdict.address(),
                verdict.node(),
                verdict.sighted(),
                verdict.situation(),
                verdict.sentence() + "; withheld (" + held.filter() + "): " + held.reason());
    }
}
