package dev.roster.simulation;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.identity.FakeServer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What happens to single servers, their volumes and their standbys. */
final class ServerFaults {

    private final World world;
    private final Faults faults;
    private final Standbys standbys;

    ServerFaults(World world, Faults faults) {
        this.world = world;
        this.faults = faults;
        this.standbys = new Standbys(world);
    }

    void register() {
        serversGoWrong();
        standbysLive();
    }

    private void serversGoWrong() {
        faults.on("a server dies", 3, () -> faults.withWorker((_, worker) -> faults.stop(worker.address())));
        faults.on(
                "a server hangs",
                2,
                () -> faults.withWorker((_, worker) ->
                        world.servers.at(worker.address()).ifPresent(server -> server.blackHole = !server.blackHole)));
        faults.on(
                "a server refuses the login",
                1,
                () -> faults.withWorker((_, worker) -> world.servers
                        .at(worker.address())
                        .ifPresent(server -> server.refusesLogin = !server.refusesLogin)));
        faults.on(
                "a volume is thrown away",
                3,
                () -> faults.withWorker((source, worker) -> {
                    world.servers.at(worker.address()).ifPresent(server -> world.attic.put(worker.address(), server));
                    world.servers.blank(worker.address());
                    faults.sights(source, worker.address(), faults.ready(source));
                }));
        faults.on(
                "a worker moves to another address",
                2,
                () -> faults.withWorker((source, worker) -> {
                    if (world.servers.at(worker.address()).isPresent()) {
                        HostPort to = world.freshAddress();
                        world.servers.move(worker.address(), to);
                        source.losesSightOf(worker.address());
                        faults.sights(source, to, faults.ready(source));
                    }
                }));
        faults.on(
                "a volume is copied to a second worker",
                2,
                () -> faults.withWorker((source, worker) -> {
                    if (world.servers.at(worker.address()).isPresent()) {
                        HostPort to = world.freshAddress();
                        world.servers.cloneTo(worker.address(), to);
                        faults.sights(source, to, faults.ready(source));
                    }
                }));
        faults.on(
                "a standby of a worker starts",
                3,
                () -> faults.withWorker((source, worker) -> world.servers
                        .reachable(worker.address())
                        .filter(server -> !server.inRecovery)
                        .ifPresent(_ -> {
                            HostPort to = world.freshAddress();
                            world.servers.cloneTo(worker.address(), to).inRecovery = true;
                            faults.sights(source, to, faults.ready(source));
                        })));
        faults.on(
                "a standby is promoted, its primary dead or not",
                4,
                () -> world.pick(standbys.running()).ifPresent(standby -> {
                    standbys.replicate(standby);
                    standby.promote();
                }));
        faults.on(
                "a primary fails over to its standby",
                5,
                () -> world.pick(standbys.running()).ifPresent(standby -> {
                    standbys.replicate(standby);
                    world.coordinator.look().nodes().stream()
                            .map(Node::address)
                            .filter(address -> standbys.isPrimaryOf(address, standby))
                            .forEach(faults::stop);
                    standby.promote();
                }));
        faults.on(
                "rows are written",
                8,
                () -> faults.withNode(node -> world.servers
                        .reachable(node.address())
                        .filter(server -> !server.inRecovery)
                        .ifPresent(server -> server.lsn += 0x1000)));
        faults.on(
                "a copy of a worker as of earlier comes up",
                2,
                () -> faults.withWorker((source, worker) -> {
                    if (world.servers.at(worker.address()).isPresent()) {
                        HostPort to = world.freshAddress();
                        FakeServer copy = world.servers.cloneTo(worker.address(), to);
                        copy.lsn -= 0x800;
                        copy.promote();
                        faults.sights(source, to, faults.ready(source));
                    }
                }));
        faults.on(
                "a server gets a second name",
                2,
                () -> faults.withWorker((_, worker) -> {
                    if (world.servers.at(worker.address()).isPresent()) {
                        HostPort also = world.freshAddress();
                        world.servers.alias(worker.address(), also);
                        world.pick(world.sources)
                                .ifPresent(source -> faults.sights(source, also, faults.ready(source)));
                    }
                }));
        faults.on(
                "another cluster's worker is sighted",
                2,
                () -> faults.newWorker(server -> {
                    server.coordinatorIdentifier = Optional.of("9009");
                    server.localGroup = new GroupId(3);
                    server.nodes = 4;
                }));
        faults.on(
                "a worker has a table of that name already",
                2,
                () -> faults.newWorker(server -> world.pick(List.copyOf(world.coordinator.tables()))
                        .ifPresent(table -> server.localTables.put(table, 50))));
        faults.on("the coordinator is sighted as a worker", 1, () -> {
            HostPort also = world.freshAddress();
            world.servers.alias(world.coordinator.address(), also);
            world.pick(world.sources).ifPresent(source -> faults.sights(source, also, faults.ready(source)));
        });
    }

    private void standbysLive() {
        faults.on(
                "a member gets a standby",
                4,
                () -> faults.withNode(node -> world.servers
                        .reachable(node.address())
                        .filter(server -> !server.inRecovery && !node.isCoordinator())
                        .ifPresent(_ -> {
                            HostPort to = world.freshAddress();
                            world.servers.cloneTo(node.address(), to).inRecovery = true;
                            world.pick(world.sources)
                                    .ifPresent(source -> faults.sights(source, to, faults.ready(source)));
                        })));
        faults.on("standbys catch up", 4, () -> standbys.running().forEach(standbys::replicate));
        faults.on(
                "a group fails over to its secondary",
                3,
                () -> withSecondary(node -> world.servers
                        .reachable(node.address())
                        .filter(server -> server.inRecovery)
                        .ifPresent(standby -> {
                            standbys.replicate(standby);
                            world.coordinator.look().nodes().stream()
                                    .map(Node::address)
                                    .filter(address -> standbys.isPrimaryOf(address, standby))
                                    .forEach(faults::stop);
                            standby.promote();
                        })));
        faults.on(
                "an old primary comes back as a standby",
                4,
                () -> withSecondary(node -> world.servers
                        .at(node.address())
                        .filter(server -> !server.running && !server.inRecovery)
                        .ifPresent(server -> {
                            server.inRecovery = true;
                            world.servers.addresses().stream()
                                    .filter(address -> standbys.isPrimaryOf(address, server))
                                    .flatMap(address -> world.servers.reachable(address).stream())
                                    .findFirst()
                                    .ifPresent(primary -> server.timeline = primary.timeline);
                            standbys.replicate(server);
                            world.servers.restart(node.address());
                        })));
        faults.on(
                "a secondary goes away with its volume",
                3,
                () -> withSecondary(node -> world.sources.forEach(source -> source.workers().stream()
                        .filter(worker -> worker.address().equals(node.address()))
                        .toList()
                        .forEach(worker -> faults.takeAway(source, worker)))));
    }

    private void withSecondary(Consumer<Node> happens) {
        world.pick(world.coordinator.look().nodes().stream()
                        .filter(node -> node.role() == NodeRole.SECONDARY)
                        .toList())
                .ifPresent(happens);
    }
}
