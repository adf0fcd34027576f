package dev.roster.simulation;

import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.FakeDiscovery;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens to the world, drawn at random: everyday life, failures, and people. */
final class Faults {

    static final int MOST_WORKERS = 10;

    private final World world;
    private final List<Event> events = new ArrayList<>();
    private final Map<Integer, List<Runnable>> later = new HashMap<>();
    private int steps;
    private int total;
    private @Nullable Runnable backup;

    private record Event(String name, int weight, Runnable happens) {}

    Faults(World world) {
        this.world = world;
        everydayLife();
        new ServerFaults(world, this).register();
        sourcesGoWrong();
        coordinatorGoesWrong();
        new PeopleFaults(world, this).register();
        new IdentityFaults(world, this).register();
    }

    /** What was to come of an earlier event, or a new one. */
    void strike() {
        steps++;
        List<Runnable> now = later.remove(steps);
        if (now != null) {
            now.forEach(Runnable::run);
            return;
        }
        int drawn = world.random.nextInt(total);
        for (Event event : events) {
            drawn -= event.weight();
            if (drawn < 0) {
                world.trace.add(() -> world.clock.instant() + " " + event.name());
                event.happens().run();
                return;
            }
        }
    }

    /** What comes of an event some steps later, instead of another one. */
    void later(String name, int howMuch, Runnable happens) {
        later.computeIfAbsent(steps + howMuch, _ -> new ArrayList<>()).add(() -> {
            world.trace.add(() -> world.clock.instant() + " " + name);
            happens.run();
        });
    }

    void on(String name, int weight, Runnable happens) {
        events.add(new Event(name, weight, happens));
        total += weight;
    }

    private void everydayLife() {
        on("a worker starts", 14, () -> newWorker(_ -> {}));
        on(
                "a worker becomes ready",
                10,
                () -> withWorker((source, worker) -> {
                    world.servers.at(worker.address()).ifPresent(server -> server.blackHole = false);
                    sights(source, worker.address(), ready(source));
                }));
        on(
                "a worker restarts",
                6,
                () -> withWorker((source, worker) -> {
                    if (world.servers.at(worker.address()).isPresent()) {
                        world.servers.restart(worker.address());
                    }
                    sights(source, worker.address(), ready(source));
                }));
        on(
                "a worker stops",
                5,
                () -> withWorker((source, worker) -> {
                    stop(worker.address());
                    sights(source, worker.address(), WorkerHealth.STOPPED);
                }));
        on("a worker goes away with its volume", 6, () -> withWorker(this::takeAway));
        on("a worker comes back with its volume", 6, this::bringBack);
    }

    private void sourcesGoWrong() {
        on("a source answers partly", 4, () -> withSource(source -> source.isPartial("half of it")));
        on("a source fails", 4, () -> withSource(source -> source.isUnavailable("it is away")));
        on("a source works again", 8, () -> withSource(FakeDiscovery::isComplete));
        on("a source shows an old answer", 2, () -> withSource(FakeDiscovery::freezes));
        on("a source looks again", 4, () -> withSource(FakeDiscovery::thaws));
        on(
                "a source looks elsewhere",
                1,
                () -> withSource(source -> {
                    source.workers().forEach(worker -> source.losesSightOf(worker.address()));
                    source.looksIn("place " + world.random.nextInt(3));
                }));
        on(
                "a worker's health flaps",
                4,
                () -> withWorker(
                        (source, worker) -> sights(source, worker.address(), world.oneOf(WorkerHealth.values()))));
        on(
                "a source forgets a worker that runs",
                3,
                () -> withWorker((source, worker) -> source.losesSightOf(worker.address())));
        on(
                "a source remembers a worker",
                5,
                () -> withSource(source -> world.pick(world.servers.addresses())
                        .filter(address -> !address.equals(world.coordinator.address()))
                        .ifPresent(address -> sights(source, address, ready(source)))));
    }

    private void coordinatorGoesWrong() {
        on("the coordinator goes down", 2, world.coordinator::stop);
        on("the coordinator comes up", 8, world.coordinator::start);
        on(
                "a call breaks",
                8,
                () -> world.coordinator.breakCall(
                        1 + world.random.nextInt(4), world.oneOf(FakeCoordinator.Break.values())));
        on("the ledger is dropped", 1, world.coordinator::loseLedger);
        on("the leader's session ends", 2, world.lockDatabase::terminateHolder);
        on("a Roster is killed and started", 2, () -> world.pick(world.rosters).ifPresent(SimulatedRoster::restart));
        on(
                "a Roster is killed and stays away",
                2,
                () -> world.pick(world.rosters)
                        .filter(_ -> world.rosters.size() > 1)
                        .ifPresent(roster -> roster.isAwayFor(Duration.ofMinutes(1))));
        on("another session holds the lock", 1, () -> world.coordinator.isLockedByAnother(true));
        on("the lock is free", 4, () -> world.coordinator.isLockedByAnother(false));
        on("metadata falls behind", 2, () -> withNode(node -> world.coordinator.setMetadataSynced(node.id(), false)));
        on("metadata catches up", 5, () -> withNode(node -> world.coordinator.setMetadataSynced(node.id(), true)));
        on("the coordinator is backed up", 2, () -> backup = world.coordinator.backup());
        on("the coordinator fails over to its standby", 2, world::coordinatorFailsOver);
        on("the coordinator is restored", 2, () -> {
            if (backup != null) {
                backup.run();
                world.rosters.forEach(SimulatedRoster::losesItsSession);
                world.laws.rowsAreGone();
            }
        });
    }

    void newWorker(Consumer<FakeServer> asItIs) {
        if (world.servers.addresses().size() < MOST_WORKERS) {
            HostPort address = world.freshAddress();
            asItIs.accept(world.servers.blank(address));
            withSource(source ->
                    sights(source, address, world.random.nextBoolean() ? ready(source) : WorkerHealth.STARTING));
        }
    }

    void takeAway(FakeDiscovery source, Worker worker) {
        HostPort address = worker.address();
        world.servers.at(address).ifPresent(server -> {
            world.attic.put(address, server);
            world.servers.remove(address);
        });
        source.losesSightOf(address);
    }

    private void bringBack() {
        world.pick(world.attic.keySet().stream().sorted().toList()).ifPresent(address -> {
            if (world.servers.at(address).isEmpty()) {
                FakeServer server = world.attic.remove(address);
                if (server != null && !server.running) {
                    world.servers.put(address, server);
                    world.servers.restart(address);
                }
                withSource(source -> sights(source, address, ready(source)));
            }
        });
    }

    void stop(HostPort address) {
        if (world.servers.at(address).isPresent()) {
            world.servers.stop(address);
        }
    }

    /** Also that it is its own server that answers there, since nobody could tell what another one would make of it. */
    boolean isUp(Node node) {
        return node.isCoordinator()
                || !node.isActive()
                || world.servers
                        .reachable(node.address())
                        .filter(server -> world.laws.isItsOwn(node, server))
                        .isPresent();
    }

    WorkerHealth ready(FakeDiscovery source) {
        return source == world.sources.getFirst() ? WorkerHealth.READY : WorkerHealth.UNKNOWN;
    }

    void sights(FakeDiscovery source, HostPort address, WorkerHealth health) {
        source.losesNudges(world.chance(5));
        source.sights(address, health);
    }

    void withSource(Consumer<FakeDiscovery> happens) {
        world.pick(world.sources).ifPresent(happens);
    }

    void withWorker(BiConsumer<FakeDiscovery, Worker> happens) {
        withSource(source -> world.pick(source.workers()).ifPresent(worker -> happens.accept(source, worker)));
    }

    void withNode(Consumer<Node> happens) {
        world.pick(world.coordinator.look().nodes().stream()
                        .filter(node -> !node.isCoordinator())
                        .toList())
                .ifPresent(happens);
    }

    /** Time passes. */
    void rest() {
        int kind = world.random.nextInt(10);
        if (kind < 6) {
            world.clock.advance(Duration.ofMillis(world.random.nextInt(3000)));
        } else if (kind < 9) {
            world.clock.advance(Duration.ofSeconds(world.random.nextInt(40)));
        } else {
            world.clock.advance(Duration.ofSeconds(world.random.nextInt(400)));
        }
    }
}
