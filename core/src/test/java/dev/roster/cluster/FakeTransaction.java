package dev.roster.cluster;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.FakeServer;
import dev.roster.identity.FakeServers;
import dev.roster.identity.Identity;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.Intent;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.ledger.Rebuilt;
import dev.roster.plan.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Carries out one action, or several adds, on a copy of the cluster, by the rules of {@code pg_dist_node} and of Citus' node
 * functions. What happens to the servers is kept until the commit.
 */
final class FakeTransaction {

    private final FakeCluster cluster;
    private final FakeServers servers;
    private final FakeServer coordinator;
    private final Instant now;
    private final List<Runnable> onCommit = new ArrayList<>();
    private final List<String> damage = new ArrayList<>();

    FakeTransaction(FakeCluster copy, FakeServers servers, FakeServer coordinator, Instant now) {
        this.cluster = copy;
        this.servers = servers;
        this.coordinator = coordinator;
        this.now = now;
    }

    /** The cluster as it is after the commit. */
    FakeCluster commit() {
        onCommit.forEach(Runnable::run);
        return cluster;
    }

    /** What would be lost by the commit. */
    List<String> damage() {
        return damage;
    }

    Outcome perform(Action action) {
        Optional<Intent> order = orderOf(action);
        if (order.filter(it -> !stands(it)).isPresent()) {
            return new Outcome.Outdated(action, "The order was cancelled meanwhile");
        }
        return switch (action) {
            case Action.SetCoordinatorAddress set -> setCoordinatorAddress(set);
            case Action.AddNode add -> add(add);
            case Action.RegisterSecondary register -> register(register);
            case Action.AdoptNode adopt -> adopt(adopt);
            case Action.ActivateNode activate -> activate(activate);
            case Action.RemoveNode remove -> remove(remove);
            case Action.ReplaceEmptyNode replace -> replace(replace);
            case Action.DisableNode disable -> disable(disable);
            case Action.UpdateNodes update -> update(update);
            case Action.StartDrain start -> startDrain(start);
            case Action.StopDrain stop -> stopDrain(stop);
            case Action.StartRebalance start -> startRebalance(start);
            case Action.StopRebalance stop -> stopRebalance(stop);
            case Action.TakeOver takeOver -> takeOver(takeOver);
            case Action.RebuildShards rebuild -> rebuild(rebuild);
        };
    }

    /** What replacing would lose. */
    LossPreview previewLoss(Node node) {
        Map<String, int[]> tables = new TreeMap<>();
        int copied = 0;
        for (FakeShards.Shard shard : cluster.shards.all().values()) {
            int[] counts = tables.computeIfAbsent(shard.table(), _ -> new int[2]);
            counts[1]++;
            if (shard.groups().contains(node.group())) {
                boolean elsewhere = shard.groups().stream()
                        .anyMatch(group -> !group.equals(node.group()) && cluster.isActive(group));
                copied += elsewhere ? 1 : 0;
                counts[0] += elsewhere ? 0 : 1;
            }
        }
        return new LossPreview(
                tables.entrySet().stream()
                        .filter(entry -> entry.getValue()[0] > 0)
                        .map(entry ->
                                new LossPreview.LostTable(entry.getKey(), entry.getValue()[0], entry.getValue()[1]))
                        .toList(),
                copied,
                Optional.empty());
    }

    /** What draining would do; nothing of it is committed. */
    DrainPreview preview(Node node) {
        FakeDrains drains = new FakeDrains(cluster);
        cluster.nodes.computeIfPresent(node.id(), (_, row) -> withShards(row, false));
        return new DrainPreview(
                drains.hasTarget() ? drains.moves() : List.of(),
                drains.tablesWithoutIdentity(node),
                servers.reachable(node.address()).map(_ -> "logical"),
                drains.hasTarget()
                        ? Optional.empty()
                        : Optional.of(new DrainPreview.Hindrance("no other node takes shards", "add a worker first")));
    }

    private Outcome setCoordinatorAddress(Action.SetCoordinatorAddress set) {
        Optional<Node> row =
                cluster.nodes.values().stream().filter(Node::isCoordinator).findFirst();
        if (row.filter(node -> node.address().equals(set.address())).isPresent()) {
            return alreadyTrue(set, "The coordinator is registered as " + set.address() + " already");
        }
        if (!row.map(Node::address).equals(set.previous())) {
            return new Outcome.Outdated(set, "Somebody else changed the coordinator's address meanwhile");
        }
        if (set.previous()
                .filter(_ -> !set.previousIsOfNoUse())
                .flatMap(servers::reachable)
                .filter(there -> there == coordinator)
                .isPresent()) {
            return new Outcome.Outdated(set, "The coordinator still answers where its row points");
        }
        if (set.previous()
                .filter(_ -> !set.previousIsOfNoUse())
                .flatMap(servers::reachable)
                .filter(there -> there.refusesLogin)
                .isPresent()) {
            return refused(
                    set, Situation.LOGIN_REFUSED, "", "who answers where its row points refuses the login", null);
        }
        if (servers.reachable(set.address())
                .filter(there -> there == coordinator)
                .isEmpty()) {
            return refused(set, Situation.BAD_ADDRESS, "", "the coordinator does not answer there", null);
        }
        Optional<Outcome> blocked = blocked(set, _ -> false);
        if (blocked.isPresent()) {
            return blocked.get();
        }
        Node written = row.map(node -> moved(node, set.address()))
                .orElseGet(() -> cluster.insert(set.address(), GroupId.COORDINATOR, false));
        cluster.nodes.put(written.id(), written);
        return done(set, written);
    }

    private Outcome add(Action.AddNode add) {
        Optional<Node> existing = cluster.nodeAt(add.address());
        if (existing.isPresent()) {
            return existing.get().isActive()
                    ? alreadyTrue(add, add.address() + " has a row already")
                    : new Outcome.Outdated(add, add.address() + " has a row already, an inactive one");
        }
        return added(
                add,
                add.identity(),
                add.comparedWith(),
                add.worker().group(),
                add.shouldHaveShards().orElse(true));
    }

    /** Citus asks the secondary nothing; Roster asks it and its primary. */
    private Outcome register(Action.RegisterSecondary register) {
        Optional<Node> existing = cluster.nodeAt(register.address());
        if (existing.isPresent()) {
            return existing.get().role() == NodeRole.SECONDARY
                            && existing.get().group().equals(register.primary().group())
                    ? alreadyTrue(register, register.address() + " is a secondary already")
                    : new Outcome.Outdated(register, register.address() + " has a row already");
        }
        Node primary = cluster.nodes.get(register.primary().id());
        if (primary == null
                || !primary.address().equals(register.primary().address())
                || primary.role() != NodeRole.PRIMARY
                || !primary.isActive()) {
            return new Outcome.Outdated(
                    register, "The row of " + register.primary().address() + " changed meanwhile");
        }
        Optional<FakeServer> standby = servers.reachable(register.address());
        if (standby.isEmpty()) {
            return refused(register, Situation.NODE_UNREACHABLE, "", "it could not be asked who it is", null);
        }
        if (standby.filter(server ->
                        server.identity.equals(register.server().report().identity()))
                .isEmpty()) {
            return refused(register, Situation.IDENTITY_CHANGED, "", "another server answers", null);
        }
        if (servers.reachable(primary.address())
                .filter(server -> !server.inRecovery && server.identity.sameData(standby.get().identity))
                .isEmpty()) {
            return refused(register, Situation.NODE_UNREACHABLE, "", "its primary is not writable", null);
        }
        if (!standby.get().inRecovery) {
            return new Outcome.Outdated(register, register.address() + " is in recovery no more");
        }
        boolean lacksRelation = register.server()
                .relation()
                .filter(relation -> !standby.get().shards.containsKey(relation))
                .isPresent();
        if (!standby.get().localGroup.equals(primary.group()) || lacksRelation) {
            return refused(register, Situation.NOT_THE_DATA, "", "it lacks the shards", null);
        }
        Optional<Outcome> blocked = blocked(register, _ -> false);
        return blocked.orElseGet(() -> done(register, cluster.insertSecondary(register.address(), primary)));
    }

    private Outcome added(
            Action action,
            Optional<Identity> probed,
            Optional<String> comparedWith,
            Optional<GroupId> wanted,
            boolean shouldHaveShards) {
        HostPort address = action.address();
        Optional<Outcome> blocked = blocked(action, node -> node.address().equals(address));
        if (blocked.isPresent()) {
            return blocked.get();
        }
        FakeServer server = servers.at(address).orElse(null);
        if (server == null || !server.isReachable()) {
            return refused(action, Situation.NODE_UNREACHABLE, "08006", "it does not answer the coordinator", null);
        }
        Optional<Outcome> unfit = unfit(action, server);
        if (unfit.isPresent()) {
            return unfit.get();
        }
        if (wanted.filter(cluster::hasPrimary).isPresent()) {
            return refused(
                    action, Situation.OTHER, "XX000", "group " + wanted.get() + " already has a primary node", null);
        }
        if (probed.isPresent() && !server.identity.equals(probed.get())) {
            return refused(action, Situation.IDENTITY_CHANGED, "", "another server answers than the one probed", null);
        }
        if (comparedWith.filter(names -> !names.equals(cluster.tableNames())).isPresent()) {
            return refused(action, Situation.TABLES_CHANGED, "", "the tables changed since the probe", null);
        }
        Node row = cluster.insert(address, wanted.orElseGet(cluster::nextGroup), shouldHaveShards);
        takeOver(server, row);
        return done(action, row);
    }

    private Optional<Outcome> unfit(Action action, FakeServer server) {
        HostPort address = action.address();
        if (server == coordinator) {
            return Optional.of(refused(action, Situation.IS_COORDINATOR, "XX000", "node cannot add itself", null));
        }
        Optional<Node> other = cluster.nodes.values().stream()
                .filter(node -> !node.address().equals(address) && !node.isCoordinator())
                .filter(node -> servers.at(node.address())
                        .filter(known -> known == server)
                        .isPresent())
                .findFirst();
        if (other.isPresent()) {
            return Optional.of(refused(
                    action,
                    Situation.ALREADY_REGISTERED_OTHERWISE,
                    "40P01",
                    "it is registered as " + other.get().address() + " already",
                    null));
        }
        boolean loopbackCoordinator = cluster.nodes.values().stream()
                .anyMatch(node -> node.isCoordinator() && node.address().isLoopback());
        if (loopbackCoordinator && !address.isLoopback()) {
            return Optional.of(refused(
                    action, Situation.COORDINATOR_IS_LOOPBACK, "XX000", "the coordinator is a loopback name", null));
        }
        if (server.refusesLogin) {
            return Optional.of(refused(action, Situation.LOGIN_REFUSED, "08006", "it refuses the login", null));
        }
        if (server.lacksDatabase) {
            return Optional.of(refused(action, Situation.DATABASE_MISSING, "08006", "it lacks the database", null));
        }
        if (server.extension.isEmpty()) {
            return Optional.of(refused(action, Situation.EXTENSION_UNFIT, "42883", "it lacks the extension", null));
        }
        if (!server.extension.equals(coordinator.extension)) {
            return Optional.of(refused(action, Situation.EXTENSION_UNFIT, "42703", "its extension is older", null));
        }
        if (server.inRecovery) {
            return Optional.of(refused(action, Situation.READ_ONLY, "25006", "it is a standby", null));
        }
        return Optional.empty();
    }

    /** Citus asks nobody: what the server was and had before is overwritten. */
    private void takeOver(FakeServer server, Node row) {
        String mine = coordinator.identity.systemIdentifier();
        server.coordinatorIdentifier
                .filter(other -> !other.equals(mine))
                .ifPresent(other -> damage.add("took over " + row.address() + ", a worker of the cluster of " + other));
        if (!server.ownPlacements.isEmpty()) {
            damage.add("added " + row.address() + ", which carries shards " + server.ownPlacements);
        }
        server.localTables.keySet().stream()
                .filter(cluster.shards.tables()::contains)
                .forEach(table -> damage.add("dropped the local table " + table + " of " + row.address()));
        onCommit.add(() -> {
            server.coordinatorIdentifier = Optional.of(mine);
            server.localGroup = row.group();
            server.nodes = cluster.nodes.size();
            server.localTables.keySet().removeAll(cluster.shards.tables());
        });
    }

    private Outcome adopt(Action.AdoptNode adopt) {
        Node row = cluster.nodes.get(adopt.node().id());
        if (row == null || !row.address().equals(adopt.address())) {
            return new Outcome.Outdated(adopt, "The row of " + adopt.address() + " changed meanwhile");
        }
        if (cluster.ledger.snapshot().member(row.id()).isPresent()) {
            return alreadyTrue(adopt, adopt.address() + " is a member already");
        }
        return done(adopt, row);
    }

    private Outcome activate(Action.ActivateNode activate) {
        Node row = cluster.nodes.get(activate.node().id());
        if (row == null || !row.address().equals(activate.address())) {
            return new Outcome.Outdated(activate, "The row of " + activate.address() + " changed meanwhile");
        }
        if (row.isActive()) {
            return alreadyTrue(activate, activate.address() + " is active already");
        }
        Optional<Outcome> blocked = blocked(activate, node -> node.id().equals(row.id()));
        if (blocked.isPresent()) {
            return blocked.get();
        }
        Optional<FakeServer> server = servers.reachable(row.address());
        if (server.isEmpty()) {
            return refused(activate, Situation.NODE_UNREACHABLE, "08006", "it does not answer the coordinator", null);
        }
        if (activate.member()
                .identity()
                .filter(identity -> !identity.equals(server.get().identity))
                .isPresent()) {
            return refused(activate, Situation.IDENTITY_CHANGED, "", "another server answers", null);
        }
        Placements placements = cluster.placementsOf(row.group());
        if (activate.order().isEmpty() && placements.distributed() > placements.soleDistributed()) {
            damage.add("activating " + row.address() + " dropped its replicated copies");
        }
        Node active = active(row, true);
        cluster.nodes.put(row.id(), active);
        return done(activate, active);
    }

    private Outcome remove(Action.RemoveNode remove) {
        List<String> leftovers = cluster.shards.leftoversOf(remove.node().group());
        Optional<Outcome> refused = removed(remove, remove.node(), remove.serverIsDead());
        if (refused.isPresent()) {
            return refused.get();
        }
        Outcome done = done(remove, remove.node());
        return leftovers.isEmpty() || remove.isOfSecondary()
                ? done
                : new Outcome.Done(
                        remove,
                        Bookkeeping.sentence(remove, remove.node().group()),
                        List.of("Citus moves none of these shards any more: " + leftovers));
    }

    private Outcome replace(Action.ReplaceEmptyNode replace) {
        Node old = replace.node();
        Optional<Outcome> refused = removed(replace, old, false);
        return refused.orElseGet(() -> added(
                replace,
                Optional.of(replace.identity()),
                replace.comparedWith(),
                replace.worker().group().filter(group -> !group.equals(old.group())),
                old.shouldHaveShards()));
    }

    /** Deletes the row, or says why not. */
    private Optional<Outcome> removed(Action action, Node expected, boolean disableFirst) {
        Node row = cluster.nodes.get(expected.id());
        if (row == null) {
            return Optional.of(alreadyTrue(action, expected.address() + " has no row any more"));
        }
        if (!row.address().equals(expected.address())) {
            return Optional.of(new Outcome.Outdated(action, "The row of " + expected.address() + " changed meanwhile"));
        }
        if (row.isCoordinator()) {
            return Optional.of(refused(action, Situation.IS_COORDINATOR, "", "it is the coordinator's row", null));
        }
        if (row.role() == NodeRole.SECONDARY) {
            Optional<Outcome> blocked = blocked(action, _ -> false);
            if (blocked.isEmpty()) {
                cluster.nodes.remove(row.id());
            }
            return blocked;
        }
        Placements carried = cluster.placementsOf(row.group());
        boolean ordered =
                action instanceof Action.RemoveNode remove && remove.order().isPresent();
        if (ordered ? carried.hasSoleCopies() : !carried.isEmptyEnoughToRemove()) {
            return Optional.of(
                    refused(action, Situation.SOLE_PLACEMENT, "XX000", "it holds the only placement of a shard", null));
        }
        List<String> leftovers = cluster.shards.leftoversOf(row.group());
        if (!disableFirst && !leftovers.isEmpty()) {
            return Optional.of(leftovers(action, row, leftovers));
        }
        Optional<Outcome> blocked = blocked(action, node -> node.id().equals(row.id()));
        if (blocked.isPresent()) {
            return blocked;
        }
        boolean dead = servers.reachable(row.address()).isEmpty();
        if (dead && !disableFirst && row.isActive() && cluster.shards.hasReferenceTables()) {
            return Optional.of(refused(
                    action,
                    Situation.NODE_UNREACHABLE,
                    "08006",
                    "it does not answer and reference tables exist",
                    null));
        }
        cluster.nodes.remove(row.id());
        cluster.shards.dropPlacements(row.group(), shard -> ordered || shard.reference());
        servers.at(row.address()).ifPresent(server -> onCommit.add(server.ownPlacements::clear));
        return Optional.empty();
    }

    /** Citus would drop them on whoever answers. */
    private Outcome leftovers(Action action, Node row, List<String> leftovers) {
        Optional<Identity> expected = switch (action) {
            case Action.RemoveNode remove -> remove.member().identity();
            case Action.ReplaceEmptyNode replace -> Optional.of(replace.identity());
            default -> Optional.empty();
        };
        Optional<FakeServer> there = servers.reachable(row.address());
        if (there.isEmpty() && expected.isPresent()) {
            return refused(action, Situation.NODE_UNREACHABLE, "", "it could not be asked who it is", null);
        }
        return expected.filter(known -> !there.get().identity.equals(known)).isPresent()
                ? refused(action, Situation.IDENTITY_CHANGED, "", "another server answers", null)
                : refused(action, Situation.LEFTOVERS, "", "Citus has still to drop " + leftovers + " there", null);
    }

    /**
     * Of several dead nodes each is disabled before the first can be removed, in a transaction of its own (docs/citus.md section
     * 4).
     *
     * @param why what the removal was refused for
     * @return the answer if that step could be taken
     */
    Optional<Outcome> disabledBeforeRemoval(Action.RemoveNode remove, Refusal why) {
        Node row = cluster.nodes.get(remove.node().id());
        if (row == null || row.role() == NodeRole.SECONDARY || !row.isActive() || isFirstWorker(row)) {
            return Optional.empty();
        }
        cluster.nodes.put(row.id(), active(row, false));
        cluster.ledger
                .snapshot()
                .member(row.id())
                .map(member -> new LedgerChange.PutMember(member.withDisabledByRoster(true)))
                .ifPresent(cluster.ledger::apply);
        return Optional.of(new Outcome.Refused(
                remove,
                new Refusal(
                        why.situation(),
                        row.address()
                                + " is disabled now and will be removed once the other dead members are disabled too",
                        why.remedy(),
                        why.sqlState(),
                        why.culprit())));
    }

    private boolean isFirstWorker(Node row) {
        return cluster.nodes.values().stream()
                .filter(node -> node.isActivePrimary() && !node.isCoordinator())
                .map(Node::address)
                .min(HostPort::compareTo)
                .filter(row.address()::equals)
                .isPresent();
    }

    private Outcome disable(Action.DisableNode disable) {
        Node row = cluster.nodes.get(disable.node().id());
        if (row == null || !row.address().equals(disable.address())) {
            return new Outcome.Outdated(disable, "The row of " + disable.address() + " changed meanwhile");
        }
        if (!row.isActive()) {
            return alreadyTrue(disable, disable.address() + " is inactive already");
        }
        if (cluster.placementsOf(row.group()).hasSoleCopies()) {
            return refused(disable, Situation.SOLE_PLACEMENT, "XX000", "it holds the only copy of a shard", null);
        }
        if (isFirstWorker(row)) {
            Optional<Outcome> blocked = blocked(disable, node -> node.id().equals(row.id()));
            if (blocked.isPresent()) {
                return blocked.get();
            }
        }
        Node inactive = active(row, false);
        cluster.nodes.put(row.id(), inactive);
        return done(disable, inactive);
    }

    private static Optional<Intent> orderOf(Action action) {
        return switch (action) {
            case Action.ActivateNode activate -> activate.order();
            case Action.RemoveNode remove -> remove.order();
            case Action.UpdateNodes update -> update.order();
            case Action.StartDrain start -> Optional.of(start.order());
            case Action.StartRebalance start -> Optional.of(start.order());
            case Action.TakeOver takeOver -> Optional.of(takeOver.order());
            case Action.RebuildShards rebuild -> Optional.of(rebuild.order());
            default -> Optional.empty();
        };
    }

    private boolean stands(Intent order) {
        return cluster.ledger.snapshot().intents().stream()
                .anyMatch(known -> known.subject().equals(order.subject()) && known.stage() != Intent.Stage.CANCELLED);
    }

    private Outcome update(Action.UpdateNodes update) {
        for (Action.Move move : update.moves()) {
            Node row = cluster.nodes.get(move.node().id());
            if (row == null
                    || !row.address().equals(move.node().address())
                    || row.role() != move.node().role()
                    || row.isActive() != move.node().isActive()) {
                return row != null && row.address().equals(move.to())
                        ? alreadyTrue(update, row.address() + " is its address already")
                        : new Outcome.Outdated(
                                update, "The row of " + move.node().address() + " changed meanwhile");
            }
            boolean taken = cluster.nodeAt(move.to())
                    .filter(owner ->
                            update.nodes().stream().noneMatch(node -> node.id().equals(owner.id())))
                    .isPresent();
            if (taken) {
                return refused(
                        update, Situation.ALREADY_REGISTERED_OTHERWISE, "", "another node has that address", null);
            }
            Optional<Outcome> wrong = move.server().flatMap(found -> wrongServer(update, move, found));
            if (wrong.isPresent()) {
                return wrong.get();
            }
        }
        for (Action.Move move : update.moves()) {
            cluster.nodes.computeIfPresent(move.node().id(), (_, row) -> moved(row, move.to()));
        }
        return done(update, update.moves().getFirst().node());
    }

    /** Citus asks nobody; Roster does. */
    private Optional<Outcome> wrongServer(Action action, Action.Move move, Action.Found found) {
        Optional<FakeServer> there = servers.reachable(move.to());
        if (there.isEmpty()) {
            return Optional.of(refused(action, Situation.NODE_UNREACHABLE, "", "nobody answers there", null));
        }
        FakeServer server = there.get();
        if (!server.identity.equals(found.report().identity())) {
            return Optional.of(refused(action, Situation.IDENTITY_CHANGED, "", "another server answers there", null));
        }
        if (!server.startTime.equals(found.report().startTime())) {
            return Optional.of(new Outcome.Outdated(action, "The server was restarted meanwhile"));
        }
        if (server.inRecovery != (move.node().role() == NodeRole.SECONDARY)) {
            return Optional.of(refused(action, Situation.READ_ONLY, "", "it is in recovery", null));
        }
        boolean lacksRelation = found.relation()
                .filter(relation -> !server.shards.containsKey(relation))
                .isPresent();
        if (!server.localGroup.equals(move.node().group()) || lacksRelation) {
            return Optional.of(refused(
                    action,
                    Situation.NOT_THE_DATA,
                    "",
                    "it lacks " + found.relation().orElse("the group"),
                    null));
        }
        boolean twin = servers.reachable(move.node().address())
                .filter(old -> old != server
                        && !old.inRecovery
                        && old.identity.equals(server.identity)
                        && old.localGroup.equals(server.localGroup))
                .isPresent();
        return twin
                ? Optional.of(refused(action, Situation.TWIN, "", "the old server answers as writable", null))
                : Optional.empty();
    }

    /** {@code citus_update_node} asks nobody; the rest of it is Roster's own care. */
    private Outcome takeOver(Action.TakeOver action) {
        Node row = cluster.nodes.get(action.node().id());
        if (row == null || !row.address().equals(action.address())) {
            return new Outcome.Outdated(action, "The row of " + action.address() + " changed meanwhile");
        }
        if (!cluster.placementsOf(row.group()).hasSoleCopies()) {
            return new Outcome.Outdated(action, action.address() + " holds no only copy any more");
        }
        HostPort target = action.worker().address();
        boolean back = !action.staysInPlace()
                && servers.reachable(action.address())
                        .filter(server -> !isReplacedBy(action.member(), server))
                        .isPresent();
        boolean itself = action.staysInPlace()
                && servers.reachable(action.address())
                        .filter(server -> action.member()
                                        .identity()
                                        .filter(server.identity::sameData)
                                        .isPresent()
                                && !startedLater(action.member(), server))
                        .isPresent();
        if (back || itself) {
            return refused(action, Situation.IDENTITY_CHANGED, "", "its server answers again", null);
        }
        if (action.others().stream()
                .flatMap(other -> servers.reachable(other).stream())
                .anyMatch(other -> hasDataOf(action, other))) {
            return refused(action, Situation.IDENTITY_CHANGED, "", "another server has its data", null);
        }
        Optional<FakeServer> server = servers.reachable(target);
        if (server.isEmpty()) {
            return refused(action, Situation.NODE_UNREACHABLE, "08006", target + " does not answer", null);
        }
        if (!isEmpty(action, server.get())) {
            return refused(action, Situation.IDENTITY_CHANGED, "", target + " is not empty", null);
        }
        if (!server.get().identity.equals(action.identity())) {
            return refused(action, Situation.IDENTITY_CHANGED, "", "another server answers than the one probed", null);
        }
        if (action.comparedWith()
                .filter(names -> !names.equals(cluster.tableNames()))
                .isPresent()) {
            return refused(action, Situation.TABLES_CHANGED, "", "the tables changed since the probe", null);
        }
        Optional<Node> other = cluster.nodeAt(target).filter(node -> !node.id().equals(row.id()));
        if (other.isPresent()) {
            return refused(action, Situation.OTHER, "55000", "there is already another node at " + target, null);
        }
        Node moved = moved(row, target);
        cluster.nodes.put(moved.id(), moved);
        takeOver(server.get(), moved);
        return done(action, moved);
    }

    private static boolean isReplacedBy(Member member, FakeServer server) {
        boolean blank = server.localGroup.equals(GroupId.COORDINATOR) && server.nodes == 0 && server.shards.isEmpty();
        return member.identity()
                .map(known -> !known.sameData(server.identity) || (blank && startedLater(member, server)))
                .orElse(false);
    }

    private static boolean startedLater(Member member, FakeServer server) {
        return member.lastSeen()
                .filter(seen -> server.startTime.isAfter(seen.startTime()))
                .isPresent();
    }

    private static boolean hasDataOf(Action.TakeOver action, FakeServer server) {
        return server.localGroup.equals(action.node().group())
                && action.member().identity().map(server.identity::equals).orElse(true);
    }

    private boolean isEmpty(Action.TakeOver action, FakeServer server) {
        boolean sentTheNodes =
                action.staysInPlace() && server.localGroup.equals(action.node().group());
        return server.shards.isEmpty()
                && server.ownPlacements.isEmpty()
                && server.localTables.keySet().stream().noneMatch(cluster.shards.tables()::contains)
                && (sentTheNodes || (server.localGroup.equals(GroupId.COORDINATOR) && server.nodes == 0));
    }

    /** First the tables and the reference tables' shards, then the others; a shard without another copy comes empty. */
    private Outcome rebuild(Action.RebuildShards action) {
        Node row = cluster.nodes.get(action.node().id());
        if (row == null || !row.address().equals(action.address())) {
            return new Outcome.Outdated(action, "The row of " + action.address() + " changed meanwhile");
        }
        Optional<FakeServer> server = servers.reachable(row.address());
        if (server.isEmpty()) {
            return refused(action, Situation.NODE_UNREACHABLE, "08006", "it does not answer the coordinator", null);
        }
        if (action.member()
                .identity()
                .filter(known -> !known.equals(server.get().identity))
                .isPresent()) {
            return refused(action, Situation.IDENTITY_CHANGED, "", "another server answers", null);
        }
        Map<String, FakeShards.Shard> missing = new TreeMap<>();
        int total = 0;
        for (Map.Entry<String, FakeShards.Shard> entry : cluster.shards.all().entrySet()) {
            if (entry.getValue().groups().contains(row.group())) {
                total++;
                if (!server.get().shards.containsKey(entry.getKey())) {
                    missing.put(entry.getKey(), entry.getValue());
                }
            }
        }
        if (missing.size() == total && total > 0) {
            Optional<Outcome> blocked = blocked(action, node -> node.id().equals(row.id()));
            if (blocked.isPresent()) {
                return blocked.get();
            }
        }
        boolean references = missing.values().stream().anyMatch(FakeShards.Shard::reference);
        if (references) {
            missing.values().removeIf(shard -> !shard.reference());
        }
        missing.forEach((relation, shard) -> onCommit.add(() -> fill(server.get(), row, relation, shard)));
        Rebuilt rebuilt = new Rebuilt(missing.size(), total, missing.size() + " shards were made", missing.isEmpty());
        Bookkeeping.rebuilt(action, rebuilt, now).forEach(cluster.ledger::apply);
        return new Outcome.Done(action, Bookkeeping.sentence(action, rebuilt), List.of());
    }

    private void fill(FakeServer server, Node row, String relation, FakeShards.Shard shard) {
        int rows = shard.groups().stream()
                .filter(group -> !group.equals(row.group()))
                .flatMap(group -> cluster.nodes.values().stream()
                        .filter(node -> node.group().equals(group)))
                .flatMap(node -> servers.at(node.address()).stream())
                .mapToInt(holder -> holder.shards.getOrDefault(relation, 0))
                .max()
                .orElse(0);
        server.shards.put(relation, rows);
        if (!shard.reference()) {
            server.ownPlacements.add(relation);
        }
    }

    private Outcome startDrain(Action.StartDrain start) {
        Node row = cluster.nodes.get(start.node().id());
        if (row == null || !row.address().equals(start.address())) {
            return new Outcome.Outdated(start, "The row of " + start.address() + " changed meanwhile");
        }
        Optional<Outcome> blocked = blocked(start, _ -> false);
        if (blocked.isPresent()) {
            return blocked.get();
        }
        if (cluster.rebalances.active().isPresent()) {
            return refused(start, Situation.REBALANCE_RUNNING, "XX000", "a rebalance is already running", null);
        }
        cluster.nodes.put(row.id(), withShards(row, false));
        FakeDrains drains = new FakeDrains(cluster);
        if (!cluster.shards.all().isEmpty() && !drains.hasTarget()) {
            return refused(start, Situation.NO_TARGET, "XX000", "no other node takes shards", null);
        }
        if (start.order().mode() == Intent.TransferMode.AUTO
                && !drains.tablesWithoutIdentity(row).isEmpty()) {
            return refused(start, Situation.NO_REPLICA_IDENTITY, "0A000", "a table has no primary key", null);
        }
        List<DrainPreview.Move> moves = drains.moves();
        Optional<Long> job = moves.isEmpty()
                ? Optional.empty()
                : Optional.of(cluster.rebalances.start(moves).id());
        Bookkeeping.done(start, row.id(), row.group(), job, now).forEach(cluster.ledger::apply);
        return new Outcome.Done(start, Bookkeeping.sentence(start, row.group()), List.of());
    }

    /** What rebalancing would do. */
    RebalancePreview rebalancePreview() {
        List<DrainPreview.Move> moves = new FakeDrains(cluster).rebalanceMoves();
        Map<HostPort, String> levels = new TreeMap<>();
        moves.forEach(move -> servers.reachable(move.source()).ifPresent(_ -> levels.put(move.source(), "logical")));
        return new RebalancePreview(moves, unmovable(moves), levels, Optional.empty());
    }

    private List<String> unmovable(List<DrainPreview.Move> moves) {
        return moves.stream()
                .map(DrainPreview.Move::table)
                .filter(cluster.tablesWithoutIdentity::contains)
                .distinct()
                .toList();
    }

    private Outcome startRebalance(Action.StartRebalance start) {
        Optional<Outcome> blocked = blocked(start, _ -> false);
        if (blocked.isPresent()) {
            return blocked.get();
        }
        if (cluster.rebalances.active().isPresent()) {
            return refused(start, Situation.REBALANCE_RUNNING, "XX000", "a rebalance is already running", null);
        }
        List<DrainPreview.Move> moves = new FakeDrains(cluster).rebalanceMoves();
        if (start.order().mode() == Intent.TransferMode.AUTO
                && !unmovable(moves).isEmpty()) {
            return refused(start, Situation.NO_REPLICA_IDENTITY, "0A000", "a table has no primary key", null);
        }
        if (moves.isEmpty()) {
            return alreadyTrue(start, Bookkeeping.NOTHING_TO_MOVE);
        }
        Optional<Long> job = Optional.of(cluster.rebalances.start(moves).id());
        Bookkeeping.done(start, new NodeId(0), GroupId.COORDINATOR, job, now).forEach(cluster.ledger::apply);
        return new Outcome.Done(start, Bookkeeping.sentence(start, GroupId.COORDINATOR), List.of());
    }

    private Outcome stopRebalance(Action.StopRebalance stop) {
        boolean own = cluster.rebalances
                .active()
                .filter(job -> stop.order().job().filter(id -> id == job.id()).isPresent())
                .isPresent();
        if (!own) {
            return alreadyTrue(stop, "no job of it runs");
        }
        cluster.rebalances.end(RebalanceJob.State.CANCELLED, Optional.empty());
        Bookkeeping.done(stop, new NodeId(0), GroupId.COORDINATOR, now).forEach(cluster.ledger::apply);
        return new Outcome.Done(stop, Bookkeeping.sentence(stop, GroupId.COORDINATOR), List.of());
    }

    private Outcome stopDrain(Action.StopDrain stop) {
        if (!stop.restore()) {
            boolean own = cluster.rebalances
                    .active()
                    .filter(job ->
                            stop.order().job().filter(id -> id == job.id()).isPresent())
                    .isPresent();
            if (!own) {
                return alreadyTrue(stop, "no job of it runs");
            }
            cluster.rebalances.end(RebalanceJob.State.CANCELLED, Optional.empty());
            return done(stop, stop.node());
        }
        Node row = cluster.nodes.get(stop.node().id());
        if (row == null) {
            return new Outcome.Outdated(stop, "The row of " + stop.address() + " is gone");
        }
        if (row.shouldHaveShards() == stop.order().shouldHaveShards()) {
            return alreadyTrue(stop, "it takes shards as before already");
        }
        Optional<Outcome> blocked = blocked(stop, _ -> false);
        if (blocked.isPresent()) {
            return blocked.get();
        }
        cluster.nodes.put(row.id(), withShards(row, stop.order().shouldHaveShards()));
        return done(stop, row);
    }

    /** Almost every change has to reach every active node; the first that cannot be reached is named. */
    private Optional<Outcome> blocked(Action action, Predicate<Node> spared) {
        for (Node node : cluster.nodes.values()) {
            if (node.isActivePrimary() && !node.isCoordinator() && !spared.test(node)) {
                if (servers.reachable(node.address()).isEmpty()) {
                    return Optional.of(refused(
                            action,
                            Situation.OTHER_NODE_UNREACHABLE,
                            "08006",
                            node.address() + " does not answer",
                            node.address()));
                }
                if (!node.metadataSynced()) {
                    return Optional.of(refused(
                            action,
                            Situation.METADATA_OUT_OF_SYNC,
                            "55000",
                            node.address() + " is out of sync",
                            node.address()));
                }
            }
        }
        return Optional.empty();
    }

    private Outcome done(Action action, Node row) {
        Bookkeeping.done(action, row.id(), row.group(), now).forEach(cluster.ledger::apply);
        return new Outcome.Done(action, Bookkeeping.sentence(action, row.group()), List.of());
    }

    private Outcome alreadyTrue(Action action, String sentence) {
        Bookkeeping.alreadyTrue(action, now).forEach(cluster.ledger::apply);
        return new Outcome.AlreadyTrue(action, sentence);
    }

    private static Outcome refused(
            Action action, Situation situation, String sqlState, String why, @Nullable HostPort culprit) {
        return new Outcome.Refused(
                action,
                new Refusal(
                        situation,
                        "Could not " + action.kind() + " " + action.address() + ": " + why,
                        "mend that and wait",
                        sqlState,
                        Optional.ofNullable(culprit)));
    }

    private static Node moved(Node node, HostPort address) {
        return new Node(
                node.id(),
                node.group(),
                address,
                node.role(),
                node.cluster(),
                node.isActive(),
                node.hasMetadata(),
                node.metadataSynced(),
                node.shouldHaveShards(),
                node.isClone());
    }

    private static Node withShards(Node node, boolean shouldHaveShards) {
        return new Node(
                node.id(),
                node.group(),
                node.address(),
                node.role(),
                node.cluster(),
                node.isActive(),
                node.hasMetadata(),
                node.metadataSynced(),
                shouldHaveShards,
                node.isClone());
    }

    static Node active(Node node, boolean isActive) {
        return new Node(
                node.id(),
                node.group(),
                node.address(),
                node.role(),
                node.cluster(),
                isActive,
                node.hasMetadata(),
                node.metadataSynced(),
                node.shouldHaveShards(),
                node.isClone());
    }
}
