package dev.roster.app.api;

import dev.roster.citus.CallText;
import dev.roster.execute.Outcome;
import dev.roster.plan.Action;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Optional;

/**
 * {@code GET /api/v1/plan}: what the last pass decided, and what became of it.
 *
 * @param mode {@code manage}, {@code add-only} or {@code observe}
 * @param leading whether this process carries plans out
 * @param sentence what the pass did, or why nothing
 * @param actions what to do, in order
 * @param withheld what would be done and is not, and why
 * @param alarms what concerns the whole cluster and needs a person
 */
@RegisterForReflection
public record PlanView(
        String mode,
        boolean leading,
        String sentence,
        List<PlannedAction> actions,
        List<WithheldView> withheld,
        List<String> alarms) {

    /**
     * One action.
     *
     * @param kind what is done
     * @param address the address concerned
     * @param reason why
     * @param sql the Citus calls it makes, for reading; none if it only writes Roster's own ledger
     * @param outcome {@code done}, {@code already-true}, {@code outdated} or {@code refused}; left out if it was not tried
     * @param sentence what became of it
     */
    @RegisterForReflection
    public record PlannedAction(
            String kind,
            String address,
            String reason,
            List<String> sql,
            Optional<String> outcome,
            Optional<String> sentence) {

        /** An action that was tried. */
        public static PlannedAction of(Outcome outcome) {
            return of(outcome.action(), Optional.of(outcome));
        }

        static PlannedAction of(Action action, Optional<Outcome> outcome) {
            return new PlannedAction(
                    action.kind(),
                    action.address().toString(),
                    action.reason(),
                    CallText.of(action),
                    outcome.map(OutcomeWord::of),
                    outcome.map(Outcome::sentence));
        }
    }
}
