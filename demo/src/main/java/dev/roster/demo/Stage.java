package dev.roster.demo;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerHealth;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The cluster of the demo: a coordinator and workers called {@code worker-1}, {@code worker-2} and so on, each a PostgreSQL
 * server on a loopback port. What happens on it is what a container engine would tell: {@link StageDiscovery} sights it.
 *
 * <p>Changed by one thread, the one that reads the person's commands; sighted by any.
 */
final class Stage implements AutoCloseable {

    private static final Scope SCOPE = new Scope(StageDiscoveryProvider.TYPE, "this machine");
    private static final AtomicReference<@Nullable Stage> CURRENT = new AtomicReference<>();

    private final CitusCluster cluster;
    private final InstantSource clock;
    private final Map<Integer, WorkerHealth> health = new TreeMap<>();
    private volatile Sighting sighting;
    private volatile WorkerDiscovery.Nudge nudge = _ -> {};

    private Stage(CitusCluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
        for (int number = 1; number <= cluster.workers().size(); number++) {
            health.put(number, WorkerHealth.READY);
        }
        this.sighting = look();
    }

    /**
     * Starts the servers and makes this the stage that the source of type {@code demo} looks at.
     *
     * @param citus which Citus
     * @param workers how many workers
     * @param clock the time
     */
    static Stage open(CitusFlavour citus, int workers, InstantSource clock) {
        Stage stage = new Stage(CitusCluster.start(citus, workers, UnaryOperator.identity()), clock);
        CURRENT.set(stage);
        return stage;
    }

    /** The stage of this process. A plug-in is made by the service loader, which cannot pass it one. */
    static Optional<Stage> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    CitusCluster cluster() {
        return cluster;
    }

    HostPort coordinator() {
        return address(cluster.coordinator());
    }

    /** The numbers of the workers that have not been removed. */
    Set<Integer> workers() {
        return Set.copyOf(health.keySet());
    }

    static String nameOf(int number) {
        return "worker-" + number;
    }

    HostPort addressOf(int number) {
        return address(cluster.worker(number));
    }

    /** The latest sighting of all workers; never blocks. */
    Sighting sighting() {
        return sighting;
    }

    /** Whom to tell when something happened. */
    void onChange(WorkerDiscovery.Nudge listener) {
        nudge = listener;
    }

    void stop(int number) {
        cluster.stop(number);
        become(number, WorkerHealth.STOPPED, "stopped");
    }

    void start(int number) {
        become(number, WorkerHealth.STARTING, "is starting");
        cluster.worker(number).start();
        become(number, WorkerHealth.READY, "is ready");
    }

    /** Starts one more worker and says which. */
    int add() {
        cluster.addWorker();
        int number = cluster.workers().size();
        become(number, WorkerHealth.READY, "is ready");
        return number;
    }

    /** Lets another, empty server stand at a worker's address. */
    void wipe(int number) {
        become(number, WorkerHealth.STARTING, "is starting");
        cluster.wipe(number);
        become(number, WorkerHealth.READY, "is ready");
    }

    /** Takes a worker away for good. */
    void remove(int number) {
        cluster.worker(number).close();
        health.remove(number);
        sighting = look();
        nudge.nudge(nameOf(number) + " is gone");
    }

    private void become(int number, WorkerHealth state, String happened) {
        health.put(number, state);
        sighting = look();
        nudge.nudge(nameOf(number) + " " + happened);
    }

    private Sighting look() {
        List<Worker> workers = new ArrayList<>();
        health.forEach((number, state) ->
                workers.add(new Worker(nameOf(number), addressOf(number), state, "", Optional.empty(), SCOPE, true)));
        return new Sighting.Complete(
                StageDiscoveryProvider.TYPE, clock.instant(), Set.of(SCOPE), workers, List.of(), Set.of(), true);
    }

    private static HostPort address(PostgresServer server) {
        return new HostPort(server.host(), server.port());
    }

    /** Ends all servers and deletes their data. */
    @Override
    public void close() {
        CURRENT.compareAndSet(this, null);
        cluster.close();
    }
}
