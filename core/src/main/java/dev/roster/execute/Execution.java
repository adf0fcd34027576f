package dev.roster.execute;

import dev.roster.cluster.CoordinatorUnavailable;
import java.util.List;
import java.util.Optional;

/**
 * How far a plan was carried out.
 *
 * @param outcomes what became of each action that was tried, in order
 * @param end why it ended there
 * @param loss how the coordinator was lost; present exactly with {@link End#COORDINATOR_LOST}. What became of the action
 *     under way is then unknown, and the next snapshot shows it
 */
public record Execution(List<Outcome> outcomes, End end, Optional<CoordinatorUnavailable> loss) {

    public Execution {
        outcomes = List.copyOf(outcomes);
    }

    /** Why it ended. */
    public enum End {
        /** Every action was tried. */
        ALL_TRIED,
        /** One was refused; those behind it wait for the next pass. */
        REFUSED,
        /** The probes behind the remaining adds grew too old; the next pass asks again. */
        PROBES_TOO_OLD,
        /** Leadership was lost, or the engine is stopping. */
        STOPPED,
        /** The connection broke. */
        COORDINATOR_LOST
    }
}
