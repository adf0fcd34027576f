package dev.roster.plan;

import java.time.Instant;
import java.util.Optional;

/** One reason to withhold actions. Pure; asked about each action in the plan's order. */
@FunctionalInterface
interface Filter {

    /** Why the action is withheld; empty if this filter lets it pass. */
    Optional<Reason> withholds(Action action);

    /**
     * Why an action is withheld.
     *
     * @param sentence why, and what would release it
     * @param until when it is released by time alone; empty if time does not release it
     */
    record Reason(String sentence, Optional<Instant> until) {

        static Optional<Reason> because(String sentence) {
            return Optional.of(new Reason(sentence, Optional.empty()));
        }
    }
}
