package dev.roster.plan;

import java.time.Instant;
import java.util.List;

/** The pure planner: from what was observed to what should be done. */
public final class Planner {

    private final PlanSettings settings;

    /**
     * A planner for these settings.
     *
     * @param settings what it may assume and must respect
     */
    public Planner(PlanSettings settings) {
        this.settings = settings;
    }

    /**
     * Decides the situation of every worker and node, and the actions that follow, ordered so that each one is legal when
     * its turn comes. Nothing is withheld yet: that is the filters' part.
     *
     * @param seen what this pass observed
     * @param now the time of the pass
     */
    public Plan plan(Observation seen, Instant now) {
        return new Plan(List.of(), List.of(), List.of(), List.of(settings.mode().name()), List.of());
    }
}
