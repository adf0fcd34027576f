package dev.roster.reconcile;

import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.identity.ServerProbe;
import java.time.InstantSource;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Everything outside the engine that it works with, put together by the application's composition root.
 *
 * @param catalog the coordinator
 * @param probe asks servers what they are
 * @param sources where workers are looked for, in the order of {@code roster.discovery}
 * @param leaderLock who acts
 * @param listener hears of passes, outcomes, and joins
 * @param clock the time of day
 * @param elapsed measures how long a pass took
 * @param random the jitter of the backoff
 */
public record EnginePorts(
        CoordinatorCatalog catalog,
        ServerProbe probe,
        List<WorkerDiscovery> sources,
        LeaderLock leaderLock,
        EngineListener listener,
        InstantSource clock,
        ElapsedTime elapsed,
        RandomGenerator random) {

    public EnginePorts {
        sources = List.copyOf(sources);
    }
}
