package dev.roster.simulation;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.FakeDiscovery;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeServer;
import dev.roster.identity.Identity;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.PlanSettings;
import java.util.List;
import java.util.Optional;

/** The end of all faults: whoever is needed is put on his feet again, and what is left is for the engine to tidy. */
final class Healing {

    private final World world;

    Healing(World world) {
        this.world = world;
    }

    void heal() {
        world.faulty = false;
        world.trace.add(() -> "---- all faults end");
        world.coordinator.start();
        world.coordinator.breakCall(0, FakeCoordinator.Break.BEFORE_CALL);
        world.coordinator.isLockedByAnother(false);
        world.coordinator.cancelOrders();
        world.coordinator.forgetLeftoversOfNodesThatAreGone();
        for (FakeDiscovery source : world.sources) {
            source.losesNudges(false);
            source.thaws();
            source.isComplete();
            source.workers().forEach(worker -> recover(source, worker));
        }
        ClusterSnapshot cluster = world.coordinator.look();
        for (Node node : cluster.nodes()) {
            world.coordinator.setMetadataSynced(node.id(), true);
            if (!node.isCoordinator() && !canBeTidied(node, cluster)) {
                recover(node.address());
            }
        }
    }

    private void recover(FakeDiscovery source, Worker worker) {
        recover(worker.address());
        if (worker.health() != WorkerHealth.UNKNOWN) {
            source.sights(worker.address(), WorkerHealth.READY);
        }
    }

    private void recover(HostPort address) {
        FakeServer server = world.servers.at(address).orElse(null);
        if (server == null) {
            FakeServer kept = world.attic.get(address);
            if (kept != null && !kept.running) {
                world.servers.put(address, kept);
            } else {
                world.servers.blank(address);
            }
        }
        if (world.servers.reachable(address).isEmpty()) {
            world.servers.restart(address);
        }
        world.servers.at(address).ifPresent(up -> {
            up.blackHole = false;
            up.refusesLogin = false;
        });
    }

    /** Whether Roster will remove it by itself: its own, empty, and gone by proof. */
    private boolean canBeTidied(Node node, ClusterSnapshot cluster) {
        Optional<Member> member = cluster.ledger().member(node.id());
        return member.isPresent()
                && member.get().origin() == Origin.ADDED
                && !isLeftToOthers(member.get(), cluster)
                && world.settings.departure().remove() == PlanSettings.DepartureRemove.CERTAIN
                && cluster.placementsOf(node.group()).isEmptyEnoughToRemove()
                && member.get().aliases().isEmpty()
                && member.get().scope().filter(this::provesAbsence).isPresent()
                && world.sources.stream()
                        .noneMatch(source ->
                                source.workers().stream().anyMatch(worker -> isItself(worker, node, member.get())));
    }

    private static boolean isLeftToOthers(Member member, ClusterSnapshot cluster) {
        return cluster.ledger().interferences().stream()
                .filter(each -> each.assists(cluster.at()))
                .anyMatch(each -> member.identity()
                        .map(Identity::systemIdentifier)
                        .filter(each.system()::equals)
                        .isPresent());
    }

    /** Sighted at its address, or its data elsewhere: a copy keeps the row. */
    private boolean isItself(Worker worker, Node node, Member member) {
        return worker.address().equals(node.address())
                || world.servers
                        .at(worker.address())
                        .map(server -> server.identity)
                        .filter(identity ->
                                member.identity().map(identity::sameData).orElse(true))
                        .isPresent();
    }

    private boolean provesAbsence(Scope scope) {
        return world.sources.stream()
                .anyMatch(source -> source.sighting() instanceof Sighting.Complete complete
                        && complete.absenceIsProof()
                        && complete.scopes().contains(scope));
    }

    /** What must be so once the engine has come to rest. */
    void check() {
        world.laws.check();
        boolean waitsForAPerson = isEveryMemberCopied();
        for (FakeDiscovery source : world.sources) {
            for (Worker worker : source.workers()) {
                FakeServer server = world.servers.reachable(worker.address()).orElse(null);
                if (server != null
                        && !server.inRecovery
                        && isBlank(server)
                        && !isRegistered(server)
                        && !waitsForAPerson) {
                    throw new Violation("the blank worker " + worker.address() + " did not join");
                }
            }
        }
        noSecondaryIsLeftOver();
    }

    /** Whether, as far as anybody sights it, a copy of the whole cluster runs, beside which nothing is changed. */
    private boolean isEveryMemberCopied() {
        ClusterSnapshot cluster = world.coordinator.look();
        List<Node> primaries = cluster.nodes().stream()
                .filter(node -> node.isActivePrimary() && !node.isCoordinator())
                .toList();
        return primaries.size() > 1
                && primaries.stream().anyMatch(node -> isCopied(node, cluster))
                && primaries.stream().allMatch(node -> isCopied(node, cluster) || wasCopied(node, cluster));
    }

    private static boolean wasCopied(Node node, ClusterSnapshot cluster) {
        return cluster.ledger()
                .member(node.id())
                .filter(member -> !member.twins().isEmpty())
                .isPresent();
    }

    private boolean isCopied(Node node, ClusterSnapshot cluster) {
        return world.sources.stream()
                .flatMap(source -> source.workers().stream())
                .map(Worker::address)
                .filter(address -> cluster.nodeAt(address)
                        .filter(row -> row.role() == NodeRole.PRIMARY)
                        .isEmpty())
                .flatMap(address -> world.servers.reachable(address).stream())
                .anyMatch(server -> isCopyOf(node, cluster, server));
    }

    private static boolean isCopyOf(Node node, ClusterSnapshot cluster, FakeServer server) {
        return !server.inRecovery
                && server.localGroup.equals(node.group())
                && cluster.ledger()
                        .member(node.id())
                        .flatMap(Member::identity)
                        .filter(server.identity::sameData)
                        .isPresent();
    }

    private void noSecondaryIsLeftOver() {
        ClusterSnapshot cluster = world.coordinator.look();
        for (Node node : cluster.nodes()) {
            boolean own = cluster.ledger()
                    .member(node.id())
                    .filter(member -> member.origin() == Origin.ADDED && !isLeftToOthers(member, cluster))
                    .isPresent();
            boolean hasPrimary = cluster.nodes().stream()
                    .anyMatch(
                            row -> row.role() == NodeRole.PRIMARY && row.group().equals(node.group()));
            if (node.role() == NodeRole.SECONDARY && own && !hasPrimary) {
                throw new Violation("the secondary " + node.address() + " of a group without a primary is left over");
            }
        }
    }

    private boolean isBlank(FakeServer server) {
        return server.localGroup.value() == 0
                && server.nodes == 0
                && server.localTables.isEmpty()
                && server.shards.isEmpty()
                && server != world.coordinator.server();
    }

    private boolean isRegistered(FakeServer server) {
        Identity identity = server.identity;
        return world.coordinator.look().nodes().stream()
                .map(node -> world.servers.at(node.address()))
                .flatMap(Optional::stream)
                .anyMatch(other -> other == server || other.identity.equals(identity));
    }
}
