package dev.roster.app.engine;

import dev.roster.app.settings.ProvisionFiles;
import dev.roster.app.settings.RosterConfig;
import dev.roster.app.settings.RosterSettings;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.RebalancePreview;
import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.SourceHealth;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.plan.Observation;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.preflight.Finding;
import dev.roster.preflight.Preflight;
import dev.roster.reconcile.Deciding;
import dev.roster.reconcile.ElapsedTime;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.EnginePorts;
import dev.roster.reconcile.OneShot;
import dev.roster.reconcile.Pass;
import dev.roster.reconcile.PassResult;
import dev.roster.reconcile.Provisioning;
import dev.roster.reconcile.Reconciler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * The engine with everything it works with, built from the settings and connected to nothing until it is started. Reading is
 * possible from any thread and asks nobody, except {@link #journal}.
 */
public final class RosterEngine implements AutoCloseable {

    private static final Duration ORDER_PATIENCE = Duration.ofSeconds(10);

    private final RosterSettings settings;
    private final Instant startedAt;
    private final CoordinatorPorts coordinator;
    private final List<WorkerDiscovery> sources;
    private final Optional<ReadyFile> readyFile;
    private final Pass pass;
    private final Reconciler reconciler;
    private final InstantSource clock;
    private final RememberedSizes sizes;
    private final Object checking = new Object();
    private final FreshPass freshPass = new FreshPass();
    private volatile Optional<PassResult> latest = Optional.empty();
    private volatile Optional<String> leader = Optional.empty();

    private RosterEngine(
            RosterSettings settings,
            InstantSource clock,
            CoordinatorPorts coordinator,
            List<EngineListener> listeners) {
        this.settings = settings;
        this.clock = clock;
        this.startedAt = clock.instant();
        this.coordinator = coordinator;
        this.sizes = new RememberedSizes(coordinator.sizes(), clock);
        this.sources = settings.sources().stream()
                .map(source -> source.provider()
                        .create(new DiscoveryContext(source.options(), clock, RosterSettings.WORKER_PORT)))
                .toList();
        this.readyFile = settings.readyFile().map(path -> new ReadyFile(path, this::discoveryIsConnected));
        List<EngineListener> told = new ArrayList<>();
        told.add(new EngineListener() {
            @Override
            public void passEnded(PassResult result) {
                latest = Optional.of(result);
                // Kept, since asking the lock may wait for a connection.
                leader = coordinator.leaderLock().holder();
                freshPass.ended(result);
            }
        });
        readyFile.ifPresent(told::add);
        told.addAll(listeners);
        EnginePorts ports = new EnginePorts(
                coordinator.catalog(),
                coordinator.probe(),
                sources,
                coordinator.leaderLock(),
                new Listeners(told),
                clock,
                ElapsedTime.SYSTEM,
                RandomGenerator.getDefault());
        Optional<Provisioning> provisioning = provisioning(settings, coordinator);
        this.pass =
                new Pass(ports, settings.plan(), settings.passInterval(), Deciding.by(settings.plan()), provisioning);
        this.reconciler = new Reconciler(pass, clock);
        provisioning.ifPresent(step -> step.whenEnded(() -> reconciler.nudge("a script ended")));
    }

    /** A script runs on a thread of its own, so that the passes go on meanwhile; at most one runs at a time. */
    private static Optional<Provisioning> provisioning(RosterSettings settings, CoordinatorPorts coordinator) {
        ProvisionFiles files = settings.provision();
        return files.isEmpty()
                ? Optional.empty()
                : Optional.of(new Provisioning(
                        files,
                        coordinator.provisioner(),
                        files.minimumWorkers(),
                        script -> Thread.ofVirtual().name("provision").start(script),
                        RandomGenerator.getDefault()));
    }

    /**
     * Builds the engine for a Citus coordinator.
     *
     * @param settings what was set
     * @param clock the time of day
     * @param listeners who hears of passes, outcomes, and joins
     */
    public static RosterEngine build(RosterSettings settings, InstantSource clock, List<EngineListener> listeners) {
        return build(settings, clock, CoordinatorPorts.citus(settings, clock), listeners);
    }

    static RosterEngine build(
            RosterSettings settings,
            InstantSource clock,
            CoordinatorPorts coordinator,
            List<EngineListener> listeners) {
        return new RosterEngine(settings, clock, coordinator, listeners);
    }

    /** Starts the sources, then the loop. Returns at once, whether or not anybody answers. */
    public void start() {
        sources.forEach(source -> source.start(reconciler::nudge));
        reconciler.start();
    }

    /**
     * Starts the sources and passes on the caller's thread until everybody discovered is a member, instead of {@link #start}.
     *
     * @param limit how long to try
     * @throws InterruptedException if the caller's thread is interrupted while it waits
     */
    public OneShot.Ended runOnce(Duration limit) throws InterruptedException {
        Semaphore nudges = new Semaphore(0);
        sources.forEach(source -> source.start(_ -> nudges.release()));
        OneShot oneShot = new OneShot(pass, clock, due -> {
            Duration left = Duration.between(clock.instant(), due);
            boolean _ = nudges.tryAcquire(Math.max(1, left.toMillis()), TimeUnit.MILLISECONDS);
            nudges.drainPermits();
        });
        return oneShot.run(limit);
    }

    /**
     * Hands in a person's order and waits until a pass has judged it, ten seconds at most.
     *
     * @return what becomes of it
     * @throws CoordinatorUnavailable if the coordinator could not be asked; nothing was changed
     * @throws OrderNotJudged if no pass judged it in time, or this Roster is ending
     */
    public OrderAnswer order(Order order) throws CoordinatorUnavailable, OrderNotJudged {
        if (settings.ledger() == RosterConfig.Ledger.MEMORY && !isLeading()) {
            return new OrderAnswer.Refused(
                    OrderAnswer.Why.NOT_POSSIBLE,
                    "This Roster does not lead, and with roster.ledger=memory orders are known only to the one who takes them",
                    leader.map(holder -> "give the order to the leader: " + holder)
                            .orElse("give the order to the leader; nobody leads just now"));
        }
        return new WaitingForAnswer(ORDER_PATIENCE).of(reconciler.order(order));
    }

    /** Asks for a pass as soon as possible. */
    public void nudge(String reason) {
        reconciler.nudge(reason);
    }

    /** What it was built from. */
    public RosterSettings settings() {
        return settings;
    }

    /** When it was built. */
    public Instant startedAt() {
        return startedAt;
    }

    /** The last pass that ended; empty before the first did. */
    public Optional<PassResult> latest() {
        return latest;
    }

    /** The time of day, as the engine knows it. */
    public Instant now() {
        return clock.instant();
    }

    /** How the sources are, in configured order. */
    public List<SourceHealth> sources() {
        return sources.stream().map(WorkerDiscovery::health).toList();
    }

    /** Whether every source can look. */
    public boolean discoveryIsConnected() {
        return sources().stream().allMatch(SourceHealth::isConnected);
    }

    /** Whether the last pass could read the coordinator. */
    public boolean coordinatorIsReached() {
        return latest().filter(result -> result.trouble().isEmpty()).isPresent();
    }

    /** Whether it can do its work: both sides are there. True for the leader and for one that stands by alike. */
    public boolean isReady() {
        return coordinatorIsReached() && discoveryIsConnected();
    }

    /** Whether this process acts, as of the last pass. */
    public boolean isLeading() {
        return latest.filter(PassResult::leading).isPresent();
    }

    /** Who acts, in words, as of the last pass; empty if unknown or nobody. */
    public Optional<String> leader() {
        return leader;
    }

    /**
     * Reads the journal, newest first.
     *
     * @throws CoordinatorUnavailable if the coordinator cannot be read
     */
    public List<JournalEntry> journal(JournalQuery query) throws CoordinatorUnavailable {
        return coordinator.catalog().journal(query);
    }

    /**
     * How much each node holds, asked of the nodes at most once a minute; may be called from any thread.
     *
     * @throws CoordinatorUnavailable if the coordinator could not be asked
     */
    public SizesSeen sizes() throws CoordinatorUnavailable {
        return sizes.latest();
    }

    /**
     * Asks Citus what a rebalance would move, one such question at a time; may be called from any thread.
     *
     * @throws CoordinatorUnavailable if the coordinator cannot be asked
     */
    public RebalancePreview previewRebalance() throws CoordinatorUnavailable {
        synchronized (checking) {
            return coordinator.catalog().previewRebalance();
        }
    }

    /**
     * Finds out what would become of an order to drain, without giving it, one such question at a time; may be called from any
     * thread. It is judged on what a pass sees that begins now, as the order would be; if none ends within ten seconds, on what the
     * last one saw.
     *
     * @param name a worker's or node's name
     * @param mode how shards would be moved
     * @return empty before the first pass has seen the cluster
     * @throws CoordinatorUnavailable if the coordinator cannot be asked
     */
    public Optional<DrainForecast> forecastDrain(String name, Intent.TransferMode mode) throws CoordinatorUnavailable {
        Instant asked = clock.instant();
        reconciler.nudge("a drain is previewed");
        freshPass.await(asked, ORDER_PATIENCE);
        Optional<Observation> seen = latest.flatMap(PassResult::seen);
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        synchronized (checking) {
            return Optional.of(DrainForecast.of(name, mode, seen.get(), settings.plan(), coordinator.catalog()));
        }
    }

    /**
     * Looks at the whole cluster, the worst first; may be called from any thread.
     *
     * @throws CoordinatorUnavailable if the coordinator cannot be asked
     */
    public List<Finding> check() throws CoordinatorUnavailable {
        synchronized (checking) {
            return Preflight.findings(coordinator.inspection().look());
        }
    }

    /**
     * The same without an engine, for a process that does nothing else.
     *
     * @param settings what was set
     * @throws CoordinatorUnavailable if the coordinator cannot be asked
     */
    public static List<Finding> check(RosterSettings settings) throws CoordinatorUnavailable {
        try (CoordinatorPorts coordinator = CoordinatorPorts.citus(settings, InstantSource.system())) {
            return Preflight.findings(coordinator.inspection().look());
        }
    }

    /** Ends all threads and connections within a second or so; nothing is left half done. May be called twice. */
    @Override
    public void close() {
        freshPass.close();
        reconciler.close();
        sources.forEach(WorkerDiscovery::close);
        readyFile.ifPresent(ReadyFile::close);
        coordinator.close();
    }
}
