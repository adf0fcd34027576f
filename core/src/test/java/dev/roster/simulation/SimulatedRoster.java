package dev.roster.simulation;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ProbeResult;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.EnginePorts;
import dev.roster.reconcile.FakeLeaderLock;
import dev.roster.reconcile.Pass;
import dev.roster.reconcile.PassResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** One Roster of the world: its pass, its view of the coordinator, its hand on the lock. */
final class SimulatedRoster {

    static final Duration INTERVAL = Duration.ofSeconds(30);

    private final World world;
    private final String name;
    private final FakeLeaderLock lock;
    private final SimulatedCatalog catalog;
    private Pass pass;
    private boolean running;
    private Instant due;
    private Instant awayUntil = Instant.MIN;

    SimulatedRoster(World world, String name, FakeLeaderLock.Database database) {
        this.world = world;
        this.name = name;
        this.lock = new FakeLeaderLock(database, name);
        this.catalog = new SimulatedCatalog(world, this);
        this.pass = newPass();
        this.due = world.clock.instant();
    }

    /** The process dies and a new one starts: all memory is lost. */
    void restart() {
        losesItsSession();
        world.laws.forgets(this);
        pass = newPass();
        due = world.clock.instant();
    }

    /** The process dies, and nobody starts another for a while. */
    void isAwayFor(Duration time) {
        restart();
        due = world.clock.instant().plus(time);
        awayUntil = due;
    }

    boolean isAway() {
        return awayUntil.isAfter(world.clock.instant());
    }

    /** The coordinator restarts. */
    void losesItsSession() {
        lock.close();
        world.laws.comparesAnew(this);
    }

    private Pass newPass() {
        return new Pass(
                new EnginePorts(
                        catalog,
                        this::probe,
                        List.copyOf(world.sources),
                        lock,
                        new EngineListener() {},
                        world.clock,
                        world.clock,
                        world.random),
                world.settings,
                INTERVAL,
                world.engine.deciding().apply(world.settings));
    }

    private Map<HostPort, ProbeResult> probe(Collection<ProbeRequest> requests) throws CoordinatorUnavailable {
        Map<HostPort, ProbeResult> answers = world.probe.probe(requests);
        world.laws.heard(this, answers);
        return answers;
    }

    /** Whether it holds the lock, without which nothing is changed. */
    boolean leads() {
        return lock.isHeld();
    }

    /** Runs one pass, unless one of its own is under way, and checks the laws after it. */
    PassResult pass() {
        running = true;
        try {
            PassResult result = pass.runOnce();
            due = result.nextBy();
            world.met.judged(result.plan());
            world.leads(this);
            world.trace.add(
                    () -> result.startedAt() + " " + name + ": " + result.sentence() + ", next by " + result.nextBy());
            world.laws.check();
            return result;
        } finally {
            running = false;
        }
    }

    /** A person tells it something, which it judges in its next pass. */
    void hear(Order order) {
        CompletableFuture<OrderAnswer> answer = pass.orders().submit(order);
        world.trace.add(() -> name + " hears " + order + ": " + (answer.isDone() ? answer.toString() : "not judged"));
    }

    boolean isRunning() {
        return running;
    }

    Instant due() {
        return due;
    }

    int changes() {
        return catalog.changes();
    }
}
