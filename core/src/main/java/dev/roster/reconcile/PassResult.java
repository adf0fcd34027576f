package dev.roster.reconcile;

import dev.roster.execute.Outcome;
import dev.roster.plan.Observation;
import dev.roster.plan.Plan;
import dev.roster.provision.ProvisionReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What one pass saw, decided, and did, told in one sentence.
 *
 * @param number the pass's number since start, from 1
 * @param startedAt when it began
 * @param took how long it ran
 * @param sentence what it did, or why nothing
 * @param seen what it observed; empty if it could not observe
 * @param plan what it decided; {@link Plan#EMPTY} if it could not observe
 * @param outcomes what became of the actions it tried
 * @param trouble why it could not observe, or lost the coordinator while acting, and what to do; empty if all went well
 * @param leading whether this process was to act, rather than only to observe and report
 * @param nextBy when the next pass is due at the latest; at or before the end of this one if at once
 * @param provisioning how far provisioning is; empty if nothing is configured, or the pass did not get there
 */
public record PassResult(
        long number,
        Instant startedAt,
        Duration took,
        String sentence,
        Optional<Observation> seen,
        Plan plan,
        List<Outcome> outcomes,
        Optional<Trouble> trouble,
        boolean leading,
        Instant nextBy,
        Optional<ProvisionReport> provisioning) {

    public PassResult {
        outcomes = List.copyOf(outcomes);
    }

    /** A pass that did not come to provisioning; the parameters are those above. */
    public PassResult(
            long number,
            Instant startedAt,
            Duration took,
            String sentence,
            Optional<Observation> seen,
            Plan plan,
            List<Outcome> outcomes,
            Optional<Trouble> trouble,
            boolean leading,
            Instant nextBy) {
        this(number, startedAt, took, sentence, seen, plan, outcomes, trouble, leading, nextBy, Optional.empty());
    }

    /** Whether every action it tried was carried out and it could observe. */
    public boolean isClean() {
        return trouble.isEmpty() && outcomes.stream().noneMatch(Outcome.Refused.class::isInstance);
    }

    /**
     * Why a pass ended before planning.
     *
     * @param sentence what was tried and seen
     * @param remedy what a person can do
     * @param severalWritable whether it is that several hosts of the coordinator accept writes at once
     */
    public record Trouble(String sentence, String remedy, boolean severalWritable) {}
}
