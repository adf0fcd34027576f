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
import java.time.Instant;
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
 * <p>Thread-safe: one change at a time, and looking waits for none.
 */
final class Stage implements AutoCloseable {

    private static final Scope SCOPE = new Scope(StageDiscoveryProvider.TYPE, "this machine");
    private static final AtomicReference<@Nullable Stage> CURRENT = new AtomicReference<>();

    /** How many servers one machine is asked to carry. */
    static final int MOST_WORKERS = 20;

    private final CitusCluster cluster;
    private final InstantSource clock;
    private final Story story;
    private final Map<Integer, WorkerHealth> health = new TreeMap<>();
    private volatile List<Figure> figures = List.of();
    private volatile Instant changed;
    private volatile boolean handedOver;
    private volatile boolean playing;
    private volatile WorkerDiscovery.Nudge nudge = _ -> {};

    /**
     * A worker.
     *
     * @param number counted from 1
     * @param name what it is called
     * @param address where it is
     * @param health how it is; empty once it is gone
     */
    record Figure(int number, String name, HostPort address, Optional<WorkerHealth> health) {}

    private Stage(CitusCluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.clock = clock;
        this.story = new Story(System.out, clock);
        for (int number = 1; number <= cluster.workers().size(); number++) {
            health.put(number, WorkerHealth.READY);
        }
        this.changed = clock.instant();
        look();
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

    /** The same, for what exists only with one. */
    static Stage onStage() {
        return current().orElseThrow(() -> new IllegalStateException("there is no stage"));
    }

    CitusCluster cluster() {
        return cluster;
    }

    HostPort coordinator() {
        return address(cluster.coordinator());
    }

    /** All workers that ever were, in the order of their numbers. */
    List<Figure> figures() {
        return figures;
    }

    Instant now() {
        return clock.instant();
    }

    /** When something happened last. */
    Instant changed() {
        return changed;
    }

    /** What was told so far. */
    Story story() {
        return story;
    }

    /** Whether the scene is being played. */
    boolean isPlaying() {
        return playing && !handedOver;
    }

    void playing(boolean now) {
        playing = now;
    }

    /** From now on a person decides what happens. */
    void handOver() {
        handedOver = true;
    }

    boolean isHandedOver() {
        return handedOver;
    }

    static String nameOf(int number) {
        return "worker-" + number;
    }

    HostPort addressOf(int number) {
        return figures.get(number - 1).address();
    }

    /** All workers that are there; never blocks. */
    Sighting sighting() {
        List<Worker> workers = new ArrayList<>();
        for (Figure figure : figures) {
            figure.health()
                    .ifPresent(state -> workers.add(
                            new Worker(figure.name(), figure.address(), state, "", Optional.empty(), SCOPE, true)));
        }
        return new Sighting.Complete(
                StageDiscoveryProvider.TYPE, clock.instant(), Set.of(SCOPE), workers, List.of(), Set.of(), true);
    }

    /** Whom to tell when something happened. */
    void onChange(WorkerDiscovery.Nudge listener) {
        nudge = listener;
    }

    synchronized void stop(int number) {
        cluster.stop(number);
        become(number, WorkerHealth.STOPPED, "stopped");
    }

    /** Starts a worker that was stopped or removed, with its data. */
    synchronized void start(int number) {
        become(number, WorkerHealth.STARTING, "is starting");
        cluster.worker(number).start();
        become(number, WorkerHealth.READY, "is ready");
    }

    /** Starts one more worker and says which. */
    synchronized int add() {
        if (figures.size() >= MOST_WORKERS) {
            throw new IllegalArgumentException(MOST_WORKERS + " workers are enough for one machine");
        }
        cluster.addWorker();
        int number = cluster.workers().size();
        become(number, WorkerHealth.READY, "is ready");
        return number;
    }

    /** Lets another, empty server stand at a worker's address. */
    synchronized void wipe(int number) {
        become(number, WorkerHealth.STARTING, "is starting");
        cluster.wipe(number);
        become(number, WorkerHealth.READY, "is ready");
    }

    /** Takes a worker away, as when a container is removed and its volume is not. */
    synchronized void remove(int number) {
        cluster.stop(number);
        health.remove(number);
        changed("is gone", number);
    }

    private void become(int number, WorkerHealth state, String happened) {
        health.put(number, state);
        changed(happened, number);
    }

    private void changed(String happened, int number) {
        look();
        changed = clock.instant();
        nudge.nudge(nameOf(number) + " " + happened);
    }

    private void look() {
        List<Figure> now = new ArrayList<>();
        for (int number = 1; number <= cluster.workers().size(); number++) {
            now.add(new Figure(
                    number, nameOf(number), address(cluster.worker(number)), Optional.ofNullable(health.get(number))));
        }
        figures = List.copyOf(now);
    }

    private static HostPort address(PostgresServer server) {
        return new HostPort(server.host(), server.port());
    }

    /** Ends all servers and deletes their data. */
    @Override
    public synchronized void close() {
        CURRENT.compareAndSet(this, null);
        cluster.close();
    }
}
