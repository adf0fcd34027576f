package dev.roster.simulation;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.Intent;
import dev.roster.plan.Order;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What people do with the cluster, what they order, and what another manager does beside Roster. */
final class PeopleFaults {

    private final World world;
    private final Faults faults;
    private int tables;

    PeopleFaults(World world, Faults faults) {
        this.world = world;
        this.faults = faults;
    }

    void register() {
        peopleDoThings();
        peopleOrder();
        anotherManagerActs();
    }

    private void peopleDoThings() {
        faults.on(
                "a table is distributed",
                8,
                () -> ddl(table ->
                        world.coordinator.distribute(table, 1 + world.random.nextInt(4), world.chance(3) ? 2 : 1)));
        faults.on("a reference table is made", 2, () -> ddl(world.coordinator::reference));
        faults.on(
                "a node is drained by hand",
                2,
                () -> faults.withNode(from -> faults.withNode(to -> {
                    if (!from.group().equals(to.group()) && faults.isUp(from) && faults.isUp(to)) {
                        world.coordinator.moveShards(from, to);
                    }
                })));
        faults.on("a node is added by hand", 2, () -> {
            if (world.servers.addresses().size() < Faults.MOST_WORKERS
                    && world.coordinator.look().nodes().stream().allMatch(faults::isUp)) {
                HostPort address = world.freshAddress();
                world.servers.blank(address);
                world.laws.madeByHand(world.coordinator.addByHand(address));
                if (world.random.nextBoolean()) {
                    world.pick(world.sources).ifPresent(source -> faults.sights(source, address, faults.ready(source)));
                }
            }
        });
        faults.on(
                "a node is disabled by hand",
                1,
                () -> faults.withNode(node -> {
                    if (!world.coordinator.look().placementsOf(node.group()).hasSoleCopies()) {
                        world.coordinator.setActive(node.id(), false);
                    }
                }));
    }

    private void peopleOrder() {
        faults.on("a person orders something", 6, () -> {
            Intent.Kind kind = world.pick(List.of(Intent.Kind.values())).orElseThrow();
            Order order = kind == Intent.Kind.REBALANCE
                    ? new Order.Rebalance(Intent.TransferMode.AUTO, "operator")
                    : new Order.Give(kind, someName(), Intent.TransferMode.AUTO, "operator");
            world.pick(world.rosters).ifPresent(roster -> roster.hear(order));
        });
        faults.on(
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
        faults.on(
                "a person drains a node with shards",
                3,
                () -> faults.withNode(node -> {
                    if (world.coordinator.look().placementsOf(node.group()).distributed() > 0) {
                        hears(new Order.Give(
                                Intent.Kind.DRAIN, node.address().toString(), Intent.TransferMode.AUTO, "operator"));
                    }
                }));
        faults.on(
                "a person gives a lost worker up for an empty one",
                3,
                () -> faults.withNode(node -> {
                    boolean lost = world.servers.reachable(node.address()).isEmpty()
                            && world.coordinator
                                    .look()
                                    .placementsOf(node.group())
                                    .hasSoleCopies();
                    HostPort empty = world.freshAddress();
                    if (lost) {
                        world.servers.blank(empty);
                        faults.withSource(source -> faults.sights(source, empty, faults.ready(source)));
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
        faults.on("a person cancels", 3, () -> {
            Order cancel = new Order.Cancel(someName(), "colleague");
            world.pick(world.rosters).ifPresent(roster -> roster.hear(cancel));
        });
        faults.on(
                "a person stops the rebalance",
                1,
                () -> world.pick(world.rosters).ifPresent(roster -> roster.hear(new Order.StopRebalance("colleague"))));
        faults.on(
                "a person accepts the coordinator",
                1,
                () -> world.pick(world.rosters)
                        .ifPresent(roster -> roster.hear(new Order.AcceptCoordinator("colleague"))));
        faults.on("a shard is moved in the background", 12, () -> {
            if (world.coordinator.look().nodes().stream().allMatch(faults::isUp)) {
                world.coordinator.moveOneShard();
            }
        });
        faults.on(
                "a background job is given up",
                3,
                () -> world.coordinator.endRebalance(RebalanceJob.State.FAILED, Optional.of("no slot left")));
        faults.on(
                "somebody stops a background job",
                1,
                () -> world.coordinator.endRebalance(RebalanceJob.State.CANCELLED, Optional.empty()));
    }

    private void anotherManagerActs() {
        faults.on(
                "another manager moves a row",
                2,
                () -> faults.withNode(node -> {
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
        faults.on(
                "another manager removes an empty node",
                2,
                () -> faults.withNode(node -> {
                    if (world.coordinator.look().placementsOf(node.group()).isEmptyEnoughToRemove()) {
                        world.coordinator.removeByHand(node.address());
                    }
                }));
    }

    private void ddl(Consumer<String> create) {
        boolean allUp = world.coordinator.look().nodes().stream().allMatch(faults::isUp);
        if (allUp && tables < 6) {
            tables++;
            create.accept("public.t" + tables);
        }
    }

    private void hears(Order order) {
        world.pick(world.rosters).ifPresent(roster -> roster.hear(order));
    }

    private String someName() {
        return world.pick(world.coordinator.look().nodes())
                .map(node -> node.address().toString())
                .orElse("nobody");
    }
}
