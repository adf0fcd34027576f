package dev.roster.execute;

import dev.roster.plan.Action;
import java.util.List;

/** What became of one action. */
public sealed interface Outcome {

    /** The action. */
    Action action();

    /** One sentence for log, journal, and people. */
    String sentence();

    /**
     * Carried out, verified, recorded, and committed.
     *
     * @param action the action
     * @param sentence such as {@code Worker pg-3:5432 added as group 4 (seen by docker and ready)}
     * @param warnings what Citus warned of on the way
     */
    record Done(Action action, String sentence, List<String> warnings) implements Outcome {

        public Done {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Its aim was reached already, by somebody else or by an earlier try whose answer was lost; the ledger is made to agree.
     *
     * @param action the action
     * @param sentence what was found
     */
    record AlreadyTrue(Action action, String sentence) implements Outcome {}

    /**
     * Its precondition no longer held, so nothing was sent: the next pass sees the new state.
     *
     * @param action the action
     * @param sentence what had changed
     */
    record Outdated(Action action, String sentence) implements Outcome {}

    /**
     * Citus, PostgreSQL, or the verification refused; rolled back. Only where one of several dead nodes is to be removed, its
     * first step may be done: it is disabled, and the refusal says so.
     *
     * @param action the action
     * @param refusal why
     */
    record Refused(Action action, Refusal refusal) implements Outcome {

        @Override
        public String sentence() {
            return refusal.sentence() + "; " + refusal.remedy();
        }
    }
}
