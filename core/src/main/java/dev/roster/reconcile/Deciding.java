package dev.roster.reconcile;

import dev.roster.plan.Filters;
import dev.roster.plan.Holdbacks;
import dev.roster.plan.Memory;
import dev.roster.plan.Observation;
import dev.roster.plan.Plan;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Planner;
import java.time.Instant;

/**
 * How a pass turns what it saw into a plan: the planner and its filters ({@link #by}). A seam of its own, so that the
 * simulation can put a broken one in its place and show that it notices. Pure: the same arguments give the same answer.
 */
public interface Deciding {

    /**
     * What the next passes have to remember of this one.
     *
     * @param seen what was observed, with the memory of the pass before
     * @param now the time of the pass
     */
    Memory remember(Observation seen, Instant now);

    /**
     * What to do.
     *
     * @param seen what was observed, with the memory of this pass
     * @param holdbacks what waits in the backoff
     * @param now the time of the pass
     */
    Plan decide(Observation seen, Holdbacks holdbacks, Instant now);

    /** The product's own: the planner, then its filters. */
    static Deciding by(PlanSettings settings) {
        Planner planner = new Planner(settings);
        return new Deciding() {
            @Override
            public Memory remember(Observation seen, Instant now) {
                return seen.memory().next(seen.cluster(), seen.sightings(), seen.probes(), settings, now);
            }

            @Override
            public Plan decide(Observation seen, Holdbacks holdbacks, Instant now) {
                return Filters.apply(planner.plan(seen, now), seen, settings, holdbacks, now);
            }
        };
    }
}
