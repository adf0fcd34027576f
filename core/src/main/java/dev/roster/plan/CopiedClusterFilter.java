package dev.roster.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * Withholds changes while the data of every member is writable at a second address as well. Then a copy of the whole cluster
 * runs, and the coordinator at hand may be the copy's, whose rows lead to the workers of the other: Citus sends each change to
 * all workers of the rows, so an add would reach the other cluster, and a move of a shard would take it from there.
 */
final class CopiedClusterFilter implements Filter {

    /** What is the matter, and what ends it. */
    static final String SENTENCE =
            "The data of every member is writable in a second place: a copy of the whole cluster runs,"
                    + " and this coordinator's rows may lead to the workers of the other one. Nothing is changed until one of"
                    + " the two is gone, or out of reach of the other";

    private final Once<Boolean> copied;

    CopiedClusterFilter(Observation seen, PlanSettings settings, Instant now) {
        this.copied = new Once<>(() -> Filters.mayReachAnotherCluster(seen, settings, now));
    }

    @Override
    public Optional<Reason> withholds(Action action) {
        boolean reachesWorkers = switch (action) {
            case Action.AdoptNode _, Action.StopDrain _, Action.StopRebalance _ -> false;
            case Action.SetCoordinatorAddress _,
                    Action.AddNode _,
                    Action.RegisterSecondary _,
                    Action.ActivateNode _,
                    Action.ReplaceEmptyNode _,
                    Action.UpdateNodes _,
                    Action.DisableNode _,
                    Action.RemoveNode _,
                    Action.StartDrain _,
                    Action.TakeOver _,
                    Action.RebuildShards _,
                    Action.StartRebalance _ -> true;
        };
        return reachesWorkers && copied.get() ? Reason.because(SENTENCE) : Optional.empty();
    }
}
