package dev.roster.simulation;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.FakeDiscovery;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeServer;
import dev.roster.identity.Identity;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What happens to a member's data as a whole: it changes places, comes back older, fails over, or is somebody else's. */
final class IdentityFaults {

    /** So many steps a server takes to start, with passes in between. */
    private static final int A_START = 3;

    private final World world;
    private final Faults faults;
    private final Standbys standbys;

    IdentityFaults(World world, Faults faults) {
        this.world = world;
        this.faults = faults;
        this.standbys = new Standbys(world);
    }

    void register() {
        faults.on("two workers swap their addresses", 4, this::swap);
        faults.on("a copy as of earlier comes up while its member restarts", 3, this::staleCopyDuringRestart);
        faults.on("a known standby is promoted beside its primary, which then restarts", 3, this::promotedBesides);
        faults.on("a lost primary comes back as a standby", 4, this::rejoin);
        faults.on("a primary fails over to a standby that nobody has sighted", 2, this::unseenStandby);
        faults.on("two standbys start, and one is promoted when the primary dies", 2, this::twoStandbys);
        faults.on("a worker gets a major upgrade", 2, this::majorUpgrade);
        faults.on("a staging worker with the same tables starts behind a member's name", 2, this::staging);
        faults.on("a standby is registered as a secondary by hand", 2, this::registerStandby);
    }

    private void swap() {
        withPrimary((one, first) -> withPrimary((two, second) -> {
            if (first == second || first.running != second.running) {
                return;
            }
            world.servers.put(one.address(), second);
            world.servers.put(two.address(), first);
            if (world.random.nextBoolean()) {
                world.servers.restart(one.address());
                world.servers.restart(two.address());
            }
            if (world.random.nextBoolean()) {
                otherwiseNamed(one.address());
                otherwiseNamed(two.address());
            }
        }));
    }

    /** The source that sighted it by its address sights it by another name. */
    private void otherwiseNamed(HostPort address) {
        HostPort name = world.freshAddress();
        world.servers.alias(address, name);
        sightedBy(address).ifPresent(source -> {
            source.losesSightOf(address);
            faults.sights(source, name, faults.ready(source));
        });
    }

    private void staleCopyDuringRestart() {
        withPrimary((node, server) -> {
            HostPort to = world.freshAddress();
            FakeServer copy = world.servers.cloneTo(node.address(), to);
            copy.lsn -= 0x800;
            if (world.random.nextBoolean()) {
                copy.promote();
            }
            server.running = false;
            sightedBy(node.address()).ifPresent(source -> {
                faults.sights(source, node.address(), WorkerHealth.RESTARTING);
                faults.sights(source, to, faults.ready(source));
            });
            comesBack(node.address());
        });
    }

    private void promotedBesides() {
        world.pick(standbys.running())
                .ifPresent(standby -> world.coordinator.look().nodes().stream()
                        .map(Node::address)
                        .filter(address -> standbys.isPrimaryOf(address, standby))
                        .findFirst()
                        .ifPresent(primary -> {
                            standbys.replicate(standby);
                            standby.promote();
                            faults.later("its primary stops", 2, () -> {
                                faults.stop(primary);
                                comesBack(primary);
                            });
                        }));
    }

    private void comesBack(HostPort address) {
        faults.later("the member at " + address + " is back", A_START, () -> {
            if (world.servers.at(address).isPresent()) {
                world.servers.restart(address);
                sightedBy(address).ifPresent(source -> faults.sights(source, address, faults.ready(source)));
            }
        });
    }

    private void rejoin() {
        List<HostPort> lost = world.servers.addresses().stream()
                .filter(address ->
                        world.servers.at(address).filter(it -> !it.running).isPresent())
                .toList();
        world.pick(lost).ifPresent(address -> {
            FakeServer old = world.servers.at(address).orElseThrow();
            world.servers.addresses().stream()
                    .flatMap(other -> world.servers.reachable(other).stream())
                    .filter(other -> !other.inRecovery && other.identity.equals(old.identity))
                    .filter(other -> other.timeline > old.timeline)
                    .findFirst()
                    .ifPresent(primary -> {
                        FakeServer standby = world.servers.cloneTo(addressOf(primary), address);
                        standby.inRecovery = true;
                        faults.withSource(source -> faults.sights(source, address, faults.ready(source)));
                    });
        });
    }

    private HostPort addressOf(FakeServer server) {
        return world.servers.addresses().stream()
                .filter(address -> world.servers.at(address).orElseThrow() == server)
                .findFirst()
                .orElseThrow();
    }

    private void unseenStandby() {
        withPrimary((node, server) -> {
            HostPort to = world.freshAddress();
            world.servers.cloneTo(node.address(), to).promote();
            server.running = false;
            faults.withSource(source -> faults.sights(source, to, faults.ready(source)));
        });
    }

    private void twoStandbys() {
        withPrimary((node, server) -> {
            HostPort promoted = world.freshAddress();
            HostPort other = world.freshAddress();
            for (HostPort to : List.of(promoted, other)) {
                world.servers.cloneTo(node.address(), to).inRecovery = true;
                faults.withSource(source -> faults.sights(source, to, faults.ready(source)));
            }
            faults.later("the first of two standbys is promoted", A_START, () -> {
                server.running = false;
                world.servers.reachable(promoted).filter(it -> it.inRecovery).ifPresent(standby -> {
                    standbys.replicate(standby);
                    standby.promote();
                });
            });
        });
    }

    /** A new data directory with the same rows. */
    private void majorUpgrade() {
        withPrimary((node, server) -> {
            HostPort elsewhere = world.freshAddress();
            FakeServer made = world.servers.blank(elsewhere);
            world.servers.remove(elsewhere);
            server.identity = new Identity(made.identity.systemIdentifier(), server.identity.serverId());
            server.timeline = 1;
            server.forks.clear();
            server.lsn = 0x2000000;
            world.servers.restart(node.address());
        });
    }

    private void staging() {
        withPrimary((node, server) -> {
            world.attic.put(node.address(), server);
            FakeServer other = world.servers.blank(node.address());
            server.running = false;
            other.localGroup = node.group();
            other.nodes = 4;
            other.coordinatorIdentifier = Optional.of("9009");
            other.shards.putAll(server.shards);
            other.ownPlacements.addAll(server.ownPlacements);
        });
    }

    private void registerStandby() {
        List<HostPort> unregistered = world.servers.addresses().stream()
                .filter(address -> world.servers
                        .reachable(address)
                        .filter(it -> it.inRecovery)
                        .isPresent())
                .filter(address -> world.coordinator.node(address).isEmpty())
                .toList();
        world.pick(unregistered).ifPresent(address -> {
            FakeServer standby = world.servers.at(address).orElseThrow();
            world.coordinator.look().nodes().stream()
                    .filter(node -> node.isActivePrimary() && node.group().equals(standby.localGroup))
                    .filter(node -> !node.isCoordinator() && standbys.isPrimaryOf(node.address(), standby))
                    .findFirst()
                    .ifPresent(node -> {
                        Node secondary = new Node(
                                new NodeId(world.nextSecondary()),
                                node.group(),
                                address,
                                NodeRole.SECONDARY,
                                node.cluster(),
                                true,
                                false,
                                false,
                                false,
                                false);
                        world.coordinator.put(secondary);
                        world.laws.madeByHand(secondary);
                    });
        });
    }

    private Optional<FakeDiscovery> sightedBy(HostPort address) {
        return world.sources.stream()
                .filter(source -> source.workers().stream()
                        .anyMatch(worker -> worker.address().equals(address)))
                .findFirst();
    }

    /** A primary's row and the server at its address. */
    private void withPrimary(BiConsumer<Node, FakeServer> happens) {
        faults.withNode(node -> world.servers
                .at(node.address())
                .filter(_ -> node.role() == NodeRole.PRIMARY)
                .ifPresent(server -> happens.accept(node, server)));
    }
}
