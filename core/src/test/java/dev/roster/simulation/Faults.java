package dev.roster.simulation;

import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.RebalanceJob;
import dev.roster.discovery.FakeDiscovery;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeServer;
import dev.roster.ledger.Intent;
import dev.roster.plan.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happens to the world, drawn at random: everyday life, failures, and people. */
final class Faults {

    private static final int MOST_WORKERS = 10;

    private final World world;
    private final List<Event> events = new ArrayList<>();
    private final Map<Integer, List<Runnable>> later = new HashMap<>();
    private int steps;
    private int total;
    private int tables;
    private @Nullable Runnable backup;

    private record Event(String name, int weight, Runnable happens) {}

    Faults(World world) {
        this.world = world;
        everydayLife();
        serversGoWrong();
        standbysLive();
        sourcesGoWrong();
        coordinatorGoesWrong();
        peopleDoThings();
        peopleOrder();
        anotherManagerActs();
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

    private void peopleOrder() {
        on("a person orders something", 6, () -> {
            Intent.Kind kind = world.pick(List.of(Intent.Kind.values())).orElseThrow();
            Order order = kind == Intent.Kind.REBALANCE
                    ? new Order.Rebalance(Intent.TransferMode.AUTO, "operator")
                    : new Order.Give(kind, someName(), Intent.TransferMode.AUTO, "operator");
            world.pick(world.rosters).ifPresent(roster -> roster.hear(order));
        });
        on(
                "a person gives a worker up",
                6,
                () -> world.pick(world.coordinator.look().nodes()).ifPresent(node -> {
                    String target = world.pick(world.sources)
                            .flatMap(source -> world.pick(source.workers()))
                            .map(worker -> worker.address().toString())
                            .orElse("nobody");
                    Order order = new Order.Give(
                            Intent.Kind.REPLACE,
                            node.address().toString(),
                            Intent.TransferMode.AUTO,
                            Optional.of(world.chance(4) ? node.address().toString() : target),
                            true,
                            "operator");
                    world.laws.lossAccepted(node.id());
                    world.pick(world.rosters).ifPresent(roster -> roster.hear(order));
                }));
        on(
                "a person drains a node with shards",
                3,
                () -> withNode(node -> {
                    if (world.coordinator.look().placementsOf(node.group()).distributed() > 0) {
                        hears(new Order.Give(
                                Intent.Kind.DRAIN, node.address().toString(), Intent.TransferMode.AUTO, "operator"));
                    }
                }));
        on(
                "a person gives a lost worker up for an empty one",
                3,
                () -> withNode(node -> {
                    boolean lost = world.servers.reachable(node.address()).isEmpty()
                            && world.coordinator
                                    .look()
                                    .placementsOf(node.group())
                                    .hasSoleCopies();
                    HostPort empty = world.freshAddress();
                    if (lost) {
                        world.servers.blank(empty);
                        withSource(source -> sights(source, empty, ready(source)));
                        world.laws.lossAccepted(node.id());
                        hears(new Order.Give(
                                Intent.Kind.REPLACE,
                                node.address().toString(),
                                Intent.TransferMode.AUTO,
                                Optional.of(empty.toString()),
                                true,
                                "operator"));
                    }
                }));
        on("a person cancels", 3, () -> {
            Order cancel = new Order.Cancel(someName(), "colleague");
            world.pick(world.rosters).ifPresent(roster -> roster.hear(cancel));
        });
        on(
                "a person stops the rebalance",
                1,
                () -> world.pick(world.rosters).ifPresent(roster -> roster.hear(new Order.StopRebalance("colleague"))));
        on(
                "a person accepts the coordinator",
                1,
                () -> world.pick(world.rosters)
                        .ifPresent(roster -> roster.hear(new Order.AcceptCoordinator("colleague"))));
        on("a shard is moved in the background", 12, () -> {
            if (world.coordinator.look().nodes().stream().allMatch(this::isUp)) {
                world.coordinator.moveOneShard();
            }
        });
        on(
                "a background job is given up",
                3,
                () -> world.coordinator.endRebalance(RebalanceJob.State.FAILED, Optional.of("no slot left")));
        on(
                "somebody stops a background job",
                1,
                () -> world.coordinator.endRebalance(RebalanceJob.State.CANCELLED, Optional.empty()));
    }

    private void hears(Order order) {
        world.pick(world.rosters).ifPresent(roster -> roster.hear(order));
    }

    private String someName() {
        return world.pick(world.coordinator.look().nodes())
                .map(node -> node.address().toString())
                .orElse("nobody");
    }

    private void serversGoWrong() {
        on("a server dies", 3, () -> withWorker((_, worker) -> stop(worker.address())));
        on(
                "a server hangs",
                2,
                () -> withWorker((_, worker) ->
                        world.servers.at(worker.address()).ifPresent(server -> server.blackHole = !server.blackHole)));
        on(
                "a server refuses the login",
                1,
                () -> withWorker((_, worker) -> world.servers
                        .at(worker.address())
                        .ifPresent(server -> server.refusesLogin = !server.refusesLogin)));
        on(
                "a volume is thrown away",
                3,
                () -> withWorker((source, worker) -> {
                    world.servers.at(worker.address()).ifPresent(server -> world.attic.put(worker.address(), server));
                    world.servers.blank(worker.address());
                    sights(source, worker.address(), ready(source));
                }));
        on(
                "a worker moves to another address",
                2,
                () -> withWorker((source, worker) -> {
                    if (world.servers.at(worker.address()).isPresent()) {
                        HostPort to = world.freshAddress();
                        world.servers.move(worker.address(), to);
                        source.losesSightOf(worker.address());
                        sights(source, to, ready(source));
                    }
                }));
        on(
                "a volume is copied to a second worker",
                2,
                () -> withWorker((source, worker) -> {
                    if (world.servers.at(worker.address()).isPresent()) {
                        HostPort to = world.freshAddress();
                        world.servers.cloneTo(worker.address(), to);
                        sights(source, to, ready(source));
                    }
                }));
        on(
                "a standby of a worker starts",
                3,
                () -> withWorker((source, worker) -> world.servers
                        .reachable(worker.address())
                        .filter(server -> !server.inRecovery)
                        .ifPresent(_ -> {
                            HostPort to = world.freshAddress();
                            world.servers.cloneTo(worker.address(), to).inRecovery = true;
                            sights(source, to, ready(source));
                        })));
        on(
                "a standby is promoted, its primary dead or not",
                4,
                () -> world.pick(standbys()).ifPresent(standby -> {
                    replicate(standby);
                    standby.promote();
                }));
        on(
                "a primary fails over to its standby",
                5,
                () -> world.pick(standbys()).ifPresent(standby -> {
                    replicate(standby);
                    world.coordinator.look().nodes().stream()
                            .map(Node::address)
                            .filter(address -> isPrimaryOf(address, standby))
                            .forEach(this::stop);
                    standby.promote();
                }));
        on(
                "rows are written",
                8,
                () -> withNode(node -> world.servers
                        .reachable(node.address())
                        .filter(server -> !server.inRecovery)
                        .ifPresent(server -> server.lsn += 0x1000)));
        on(
                "a copy of a worker as of earlier comes up",
                2,
                () -> withWorker((source, worker) -> {
                    if (world.servers.at(worker.address()).isPresent()) {
                        HostPort to = world.freshAddress();
                        FakeServer copy = world.servers.cloneTo(worker.address(), to);
                        copy.lsn -= 0x800;
                        copy.promote();
                        sights(source, to, ready(source));
                    }
                }));
        on(
                "a server gets a second name",
                2,
                () -> withWorker((_, worker) -> {
                    if (world.servers.at(worker.address()).isPresent()) {
                        HostPort also = world.freshAddress();
                        world.servers.alias(worker.address(), also);
                        world.pick(world.sources).ifPresent(source -> sights(source, also, ready(source)));
                    }
                }));
        on(
                "another cluster's worker is sighted",
                2,
                () -> newWorker(server -> {
                    server.coordinatorIdentifier = Optional.of("9009");
                    server.localGroup = new GroupId(3);
                    server.nodes = 4;
                }));
        on(
                "a worker has a table of that name already",
                2,
                () -> newWorker(server -> world.pick(List.copyOf(world.coordinator.tables()))
                        .ifPresent(table -> server.localTables.put(table, 50))));
        on("the coordinator is sighted as a worker", 1, () -> {
            HostPort also = world.freshAddress();
            world.servers.alias(world.coordinator.address(), also);
            world.pick(world.sources).ifPresent(source -> sights(source, also, ready(source)));
        });
    }

    private void standbysLive() {
        on(
                "a member gets a standby",
                4,
                () -> withNode(node -> world.servers
                        .reachable(node.address())
                        .filter(server -> !server.inRecovery && !node.isCoordinator())
                        .ifPresent(_ -> {
                            HostPort to = world.freshAddress();
                            world.servers.cloneTo(node.address(), to).inRecovery = true;
                            world.pick(world.sources).ifPresent(source -> sights(source, to, ready(source)));
                        })));
        on("standbys catch up", 4, () -> standbys().forEach(this::replicate));
        on(
                "a group fails over to its secondary",
                3,
                () -> withSecondary(node -> world.servers
                        .reachable(node.address())
                        .filter(server -> server.inRecovery)
                        .ifPresent(standby -> {
                            replicate(standby);
                            world.coordinator.look().nodes().stream()
                                    .map(Node::address)
                                    .filter(address -> isPrimaryOf(address, standby))
                                    .forEach(this::stop);
                            standby.promote();
                        })));
        on(
                "an old primary comes back as a standby",
                4,
                () -> withSecondary(node -> world.servers
                        .at(node.address())
                        .filter(server -> !server.running && !server.inRecovery)
                        .ifPresent(server -> {
                            server.inRecovery = true;
                            world.servers.addresses().stream()
                                    .filter(address -> isPrimaryOf(address, server))
                                    .flatMap(address -> world.servers.reachable(address).stream())
                                    .findFirst()
                                    .ifPresent(primary -> server.timeline = primary.timeline);
                            replicate(server);
                            world.servers.restart(node.address());
                        })));
        on(
                "a secondary goes away with its volume",
                3,
                () -> withSecondary(node -> world.sources.forEach(source -> source.workers().stream()
                        .filter(worker -> worker.address().equals(node.address()))
                        .toList()
                        .forEach(worker -> takeAway(source, worker)))));
    }

    private void withSecondary(Consumer<Node> happens) {
        world.pick(world.coordinator.look().nodes().stream()
                        .filter(node -> node.role() == NodeRole.SECONDARY)
                        .toList())
                .ifPresent(happens);
    }

    List<FakeServer> standbys() {
        return world.servers.addresses().stream()
                .flatMap(address -> world.servers.reachable(address).stream())
                .filter(server -> server.inRecovery)
                .distinct()
                .toList();
    }

    boolean isPrimaryOf(HostPort address, FakeServer standby) {
        return world.servers
                .at(address)
                .filter(server -> server != standby && !server.inRecovery && server.identity.equals(standby.identity))
                .isPresent();
    }

    /** A standby has all that its primary wrote; nobody else writes while it is promoted. */
    void replicate(FakeServer standby) {
        world.servers.addresses().stream()
                .filter(address -> isPrimaryOf(address, standby))
                .flatMap(address -> world.servers.at(address).stream())
                .filter(primary -> primary.timeline == standby.timeline && primary.lsn >= standby.lsn)
                .findFirst()
                .ifPresent(primary -> {
                    standby.lsn = primary.lsn;
                    standby.localGroup = primary.localGroup;
                    standby.nodes = primary.nodes;
                    standby.coordinatorIdentifier = primary.coordinatorIdentifier;
                    standby.shards.clear();
                    standby.shards.putAll(primary.shards);
                    standby.ownPlacements.clear();
                    standby.ownPlacements.addAll(primary.ownPlacements);
                });
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

    private void peopleDoThings() {
        on(
                "a table is distributed",
                8,
                () -> ddl(table ->
                        world.coordinator.distribute(table, 1 + world.random.nextInt(4), world.chance(3) ? 2 : 1)));
        on("a reference table is made", 2, () -> ddl(world.coordinator::reference));
        on(
                "a node is drained by hand",
                2,
                () -> withNode(from -> withNode(to -> {
                    if (!from.id().equals(to.id()) && isUp(from) && isUp(to)) {
                        world.coordinator.moveShards(from, to);
                    }
                })));
        on("a node is added by hand", 2, () -> {
            if (world.servers.addresses().size() < MOST_WORKERS
                    && world.coordinator.look().nodes().stream().allMatch(this::isUp)) {
                HostPort address = world.freshAddress();
                world.servers.blank(address);
                world.laws.madeByHand(world.coordinator.addByHand(address));
                if (world.random.nextBoolean()) {
                    world.pick(world.sources).ifPresent(source -> sights(source, address, ready(source)));
                }
            }
        });
        on(
                "a node is disabled by hand",
                1,
                () -> withNode(node -> {
                    if (!world.coordinator.look().placementsOf(node.group()).hasSoleCopies()) {
                        world.coordinator.setActive(node.id(), false);
                    }
                }));
    }

    private void anotherManagerActs() {
        on(
                "another manager moves a row",
                2,
                () -> withNode(node -> {
                    HostPort to = world.freshAddress();
                    world.coordinator.put(new Node(
                            node.id(),
                            node.group(),
                            to,
                            node.role(),
                            node.cluster(),
                            node.isActive(),
                            node.hasMetadata(),
                            node.metadataSynced(),
                            node.shouldHaveShards(),
                            node.isClone()));
                }));
        on(
                "another manager removes an empty node",
                2,
                () -> withNode(node -> {
                    if (world.coordinator.look().placementsOf(node.group()).isEmptyEnoughToRemove()) {
                        world.coordinator.removeByHand(node.address());
                    }
                }));
    }

    private void ddl(Consumer<String> create) {
        boolean allUp = world.coordinator.look().nodes().stream().allMatch(this::isUp);
        if (allUp && tables < 6) {
            tables++;
            create.accept("public.t" + tables);
        }
    }

    private void newWorker(Consumer<FakeServer> asItIs) {
        if (world.servers.addresses().size() < MOST_WORKERS) {
            HostPort address = world.freshAddress();
            asItIs.accept(world.servers.blank(address));
            withSource(source ->
                    sights(source, address, world.random.nextBoolean() ? ready(source) : WorkerHealth.STARTING));
        }
    }

    private void takeAway(FakeDiscovery source, Worker worker) {
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
    private boolean isUp(Node node) {
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
