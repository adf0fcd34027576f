package dev.roster.reconcile;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.Node;
import dev.roster.execute.Outcome;
import dev.roster.ledger.CoordinatorDoubt;
import dev.roster.plan.Observation;
import dev.roster.plan.Plan;
import dev.roster.plan.Situation;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Tells a pass in one sentence. Pure. */
final class PassSentence {

    private static final int TOLD_IN_FULL = 3;

    private PassSentence() {}

    static String of(Observation seen, Plan plan, List<Outcome> outcomes, boolean leading, LeaderLock lock) {
        if (!leading) {
            return "Standing by: " + lock.holder().orElse("another Roster") + " leads; "
                    + (plan.actions().isEmpty()
                            ? state(seen, plan)
                            : counted(plan.actions().size(), "change", "changes") + " left to it");
        }
        if (!outcomes.isEmpty()) {
            return told(outcomes);
        }
        if (seen.cluster().doubt().isPresent()) {
            return "Only observing: " + seen.cluster().doubt().get().sentence() + "; " + CoordinatorDoubt.REMEDY;
        }
        if (!plan.withheld().isEmpty()) {
            return "Nothing changed; " + counted(plan.withheld().size(), "change", "changes") + " withheld: "
                    + plan.withheld().getFirst().reason();
        }
        return "Nothing to do: " + state(seen, plan);
    }

    static String trouble(CoordinatorUnavailable e, List<Outcome> outcomes) {
        String sentence = e.getMessage() + "; " + e.remedy();
        return outcomes.isEmpty() ? sentence : told(outcomes) + "; then: " + sentence;
    }

    private static String told(List<Outcome> outcomes) {
        String first =
                outcomes.stream().limit(TOLD_IN_FULL).map(Outcome::sentence).collect(Collectors.joining("; "));
        int rest = outcomes.size() - TOLD_IN_FULL;
        return rest > 0 ? first + "; and " + rest + " more" : first;
    }

    private static String state(Observation seen, Plan plan) {
        long nodes = seen.cluster().nodes().stream()
                .filter(Predicate.not(Node::isCoordinator))
                .count();
        long waiting = count(plan, Situation.Weight.WAITING);
        long alarms = count(plan, Situation.Weight.ALARM) + plan.alarms().size();
        return counted(seen.sightings().workers().size(), "worker", "workers") + " sighted, "
                + counted(nodes, "node", "nodes") + " registered"
                + (waiting > 0 ? ", " + waiting + " waiting" : "")
                + (alarms > 0 ? ", " + counted(alarms, "alarm", "alarms") : "");
    }

    private static long count(Plan plan, Situation.Weight weight) {
        return plan.verdicts().stream()
                .filter(verdict -> verdict.situation().weight() == weight)
                .count();
    }

    private static String counted(long number, String one, String many) {
        return number + " " + (number == 1 ? one : many);
    }
}
