package dev.roster.simulation;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.MetadataComparison;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.FakeDiscovery;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.identity.FakeServer;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.Intent;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.Action;
import dev.roster.plan.PlanSettings;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The laws, as the world can see them: judged before an action is sent, and checked after each step. */
final class Laws {

    private final World world;
    private final FollowLaws following;

    /** Rows a person made, which only a person removes. */
    private final Set<NodeId> handMade = new HashSet<>();

    /** Nodes whose shards a person gave up. */
    private final Set<NodeId> lossesAccepted = new HashSet<>();

    /** Servers of which a Roster was told that they know more than the coordinator. */
    private final Map<SimulatedRoster, Set<HostPort>> newer = new HashMap<>();

    Laws(World world) {
        this.world = world;
        following = new FollowLaws(world);
    }

    void madeByHand(Node node) {
        handMade.add(node.id());
    }

    /** After a restore, ids may be given anew. */
    void rowsAreGone() {
        Set<NodeId> left = new HashSet<>();
        world.coordinator.look().nodes().forEach(node -> left.add(node.id()));
        handMade.retainAll(left);
    }

    /** What a Roster must never order by itself, given what it saw. */
    void written(List<LedgerChange> changes, ClusterSnapshot snapshot) {
        boolean ownRebalance = changes.stream()
                .anyMatch(change -> change instanceof LedgerChange.GiveIntent(Intent intent)
                        && intent.kind() == Intent.Kind.REBALANCE
                        && intent.orderedBy().equals(Bookkeeping.ROSTER));
        if (!ownRebalance) {
            return;
        }
        if (snapshot.activeRebalance().isPresent()) {
            throw new Violation("ordered a rebalance by itself while a job moves shards");
        }
        if (snapshot.ledger().intents().stream().anyMatch(intent -> intent.stage() != Intent.Stage.DONE)) {
            throw new Violation("ordered a rebalance by itself while a person's order stands");
        }
        List<Member> joined = snapshot.ledger().members().stream()
                .filter(member ->
                        member.origin() == Origin.ADDED && !snapshot.ledger().isServed(member.node()))
                .toList();
        if (joined.isEmpty()) {
            throw new Violation("ordered a rebalance by itself though nobody joined since the last one");
        }
        if (joined.stream()
                .anyMatch(member -> member.since().isAfter(snapshot.at().minusSeconds(30)))) {
            throw new Violation("ordered a rebalance by itself while workers join");
        }
    }

    /** What an action must never be, given what its Roster saw. */
    void judge(Action action, ClusterSnapshot snapshot) {
        switch (action) {
            case Action.RemoveNode remove
            when remove.isOfSecondary() -> {
                if (remove.order().isEmpty() && remove.member().origin() != Origin.ADDED) {
                    throw new Violation("asked to remove the adopted secondary " + remove.node());
                }
            }
            case Action.RegisterSecondary register -> {
                mustBeMember(register.primary(), snapshot);
                if (register.primary().isCoordinator()
                        || !register.primary().isActivePrimary()
                        || world.settings.secondaries() != PlanSettings.Secondaries.REGISTER) {
                    throw new Violation("asked for " + register);
                }
            }
            case Action.RemoveNode remove
            when remove.order().isPresent() -> {
                mustBeMember(remove.node(), snapshot);
                if (snapshot.placementsOf(remove.node().group()).hasSoleCopies()) {
                    throw new Violation("a person's order does not allow to lose shards with " + remove.node());
                }
            }
            case Action.RemoveNode remove -> {
                mayGo(remove.node(), remove.member(), snapshot);
                isAbsent(remove.node(), remove.member(), snapshot);
                if (remove.member().origin() != Origin.ADDED) {
                    throw new Violation("asked to remove the adopted node " + remove.node());
                }
            }
            case Action.DisableNode disable -> {
                mustBeMember(disable.node(), snapshot);
                isAbsent(disable.node(), disable.member(), snapshot);
            }
            case Action.ReplaceEmptyNode replace -> mayGo(replace.node(), replace.member(), snapshot);
            case Action.StartDrain start -> {
                if (start.node().isCoordinator()) {
                    throw new Violation("asked to drain the coordinator");
                }
            }
            case Action.TakeOver takeOver -> {
                mustBeMember(takeOver.node(), snapshot);
                if (!lossesAccepted.contains(takeOver.node().id())) {
                    throw new Violation("asked to lose the shards of " + takeOver.node() + ", which nobody ordered");
                }
            }
            case Action.RebuildShards rebuild -> mustBeMember(rebuild.node(), snapshot);
            case Action.SetCoordinatorAddress _,
                    Action.AddNode _,
                    Action.AdoptNode _,
                    Action.ActivateNode _,
                    Action.UpdateNodes _,
                    Action.StopDrain _,
                    Action.StopRebalance _ -> {}
            case Action.StartRebalance _ -> {
                if (snapshot.activeRebalance().isPresent()) {
                    throw new Violation("asked to rebalance while a job moves shards");
                }
                if (snapshot.ledger().drains().stream().anyMatch(drain -> drain.stage() == Intent.Stage.RUNNING)) {
                    throw new Violation("asked to rebalance while a node is drained");
                }
            }
        }
    }

    /** A person accepted that this node's shards are lost. */
    void lossAccepted(NodeId node) {
        lossesAccepted.add(node);
    }

    /** What a Roster was told of the coordinator's age, until it is told otherwise. */
    void compared(SimulatedRoster roster, MetadataComparison comparison) {
        Set<HostPort> news = comparison.newer().stream()
                .filter(newer -> world.coordinator
                        .look()
                        .ledger()
                        .doubt()
                        .filter(accepted -> !accepted.isOpen() && accepted.covers(newer))
                        .isEmpty())
                .map(MetadataComparison.Newer::server)
                .collect(Collectors.toSet());
        Set<HostPort> known = newer.computeIfAbsent(roster, _ -> new HashSet<>());
        known.removeAll(comparison.answered());
        known.addAll(news);
    }

    /** Law 1: on the word of a coordinator of yesterday nothing is done, until a person accepts it. */
    void judge(SimulatedRoster roster, Action action, ClusterSnapshot snapshot) {
        mayNotFight(action, snapshot);
        if (action instanceof Action.UpdateNodes update) {
            following.mayFollow(roster, update);
        }
        if (action instanceof Action.ReplaceEmptyNode replace) {
            following.mayReplace(roster, replace);
        }
        boolean accepted =
                snapshot.ledger().doubt().filter(doubt -> !doubt.isOpen()).isPresent();
        Set<HostPort> known = newer.getOrDefault(roster, Set.of());
        if (snapshot.doubt().isPresent() || (!accepted && !known.isEmpty())) {
            throw new Violation("asked for " + action + " of a coordinator that is older than " + known);
        }
    }

    /** Who changes a member again and again has his way with it, unless a person orders otherwise. */
    private static void mayNotFight(Action action, ClusterSnapshot snapshot) {
        Optional<Member> member = switch (action) {
            case Action.RemoveNode remove when remove.order().isEmpty() -> Optional.of(remove.member());
            case Action.DisableNode disable -> Optional.of(disable.member());
            case Action.ReplaceEmptyNode replace -> Optional.of(replace.member());
            case Action.UpdateNodes update
            when update.order().isEmpty() ->
                update.nodes().stream()
                        .flatMap(node -> snapshot.ledger().member(node.id()).stream())
                        .findFirst();
            default -> Optional.empty();
        };
        Optional<Identity> identity =
                action instanceof Action.AddNode add && add.shouldHaveShards().isPresent()
                        ? add.identity()
                        : member.flatMap(Member::identity);
        if (snapshot.ledger().interferences().stream()
                .filter(each -> each.assists(snapshot.at()))
                .anyMatch(each -> identity.map(Identity::systemIdentifier)
                        .filter(each.system()::equals)
                        .isPresent())) {
            throw new Violation("fights with somebody else by " + action);
        }
    }

    void heard(SimulatedRoster roster, Map<HostPort, ProbeResult> answers) {
        following.heard(roster, answers);
    }

    /** With a new leadership it is compared anew. */
    void comparesAnew(SimulatedRoster roster) {
        newer.remove(roster);
    }

    /** A new process knows nothing of what the old one was told. */
    void forgets(SimulatedRoster roster) {
        comparesAnew(roster);
        following.forgets(roster);
    }

    /** What must be so after an action was carried out. */
    void done(Action action) {
        if (action instanceof Action.UpdateNodes update) {
            update.moves().forEach(following::followed);
        }
        if (action instanceof Action.RegisterSecondary register) {
            Identity data = register.server().report().identity();
            boolean isStandby = world.servers
                    .reachable(register.address())
                    .filter(server -> server.inRecovery && server.identity.sameData(data))
                    .isPresent();
            boolean isWritable = world.servers
                    .reachable(register.primary().address())
                    .filter(server -> !server.inRecovery && server.identity.sameData(data))
                    .isPresent();
            if (!isStandby || !isWritable) {
                throw new Violation("registered " + register.address() + ", which is no standby of "
                        + register.primary().address());
            }
        }
        if (action instanceof Action.TakeOver takeOver) {
            Optional<FakeServer> alive = world.servers
                    .reachable(takeOver.address())
                    .filter(server -> takeOver.member()
                            .identity()
                            .filter(server.identity::equals)
                            .isPresent());
            if (alive.isPresent()) {
                throw new Violation("replaced " + takeOver.node() + ", whose server answers");
            }
        }
        if (action instanceof Action.RemoveNode remove) {
            if (handMade.contains(remove.node().id())
                    && !world.rolesAreMarked
                    && remove.order().isEmpty()) {
                throw new Violation("removed " + remove.node() + ", which a person added");
            }
        }
    }

    private void mayGo(Node node, Member member, ClusterSnapshot snapshot) {
        mustBeMember(node, snapshot);
        if (!snapshot.placementsOf(node.group()).isEmptyEnoughToRemove()) {
            throw new Violation("asked to remove " + node + " of " + member + ", which holds "
                    + snapshot.placementsOf(node.group()));
        }
    }

    private static void mustBeMember(Node node, ClusterSnapshot snapshot) {
        if (node.isCoordinator()) {
            throw new Violation("asked to take away the coordinator's row");
        }
        if (snapshot.ledger().member(node.id()).isEmpty()) {
            throw new Violation("asked to take away " + node + ", which is not a member");
        }
    }

    /** Law 2: a complete sighting of the member's own scope without it, and a server that does not answer. */
    private void isAbsent(Node node, Member member, ClusterSnapshot snapshot) {
        Scope scope = member.scope().orElseThrow(() -> new Violation("asked to remove " + node + ", never sighted"));
        boolean proved = world.sources.stream()
                .map(FakeDiscovery::sighting)
                .anyMatch(sighting -> sighting instanceof Sighting.Complete complete
                        && complete.scopes().contains(scope)
                        && complete.workers().stream()
                                .noneMatch(worker -> worker.address().equals(node.address()))
                        && !complete.alsoPresent().contains(node.address()));
        if (!proved) {
            throw new Violation("asked to take away " + node + " without a complete sighting of " + scope);
        }
        Optional<FakeServer> alive = world.servers
                .reachable(node.address())
                .filter(server ->
                        member.identity().filter(server.identity::equals).isPresent())
                .filter(server -> server.startTime.isBefore(snapshot.at().minusSeconds(10)));
        if (alive.isPresent()) {
            throw new Violation("asked to take away " + node + ", whose server answers");
        }
    }

    /** Whether it is not another member's server, which took the address over. */
    boolean isItsOwn(Node node, FakeServer server) {
        return world.coordinator
                .look()
                .ledger()
                .member(node.id())
                .flatMap(Member::identity)
                .map(server.identity::sameData)
                .orElse(true);
    }

    /** What must hold at any time. */
    void check() {
        if (!world.coordinator.damage().isEmpty()) {
            throw new Violation("damage: " + world.coordinator.damage());
        }
        if (!world.coordinator.lostShards().isEmpty()) {
            throw new Violation("lost shards " + world.coordinator.lostShards());
        }
        Map<FakeServer, HostPort> registered = new HashMap<>();
        for (Node node : world.coordinator.look().nodes()) {
            FakeServer server = world.servers.at(node.address()).orElse(null);
            if (server == null || node.isCoordinator()) {
                continue;
            }
            if (server == world.coordinator.server()) {
                throw new Violation("the coordinator is registered as the worker " + node.address());
            }
            boolean isRosters = !handMade.contains(node.id()) && isItsOwn(node, server);
            HostPort other = isRosters ? registered.put(server, node.address()) : null;
            if (other != null) {
                throw new Violation("one server is registered as " + other + " and as " + node.address());
            }
        }
    }
}
