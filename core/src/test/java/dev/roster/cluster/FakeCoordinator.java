package dev.roster.cluster;

import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.identity.FakeServer;
import dev.roster.identity.FakeServers;
import dev.roster.ledger.FakeLedger;
import dev.roster.ledger.Intent;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.plan.Action;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A coordinator in memory that holds to the rules of {@code pg_dist_node} and of Citus' node functions: one row for an
 * address, one primary for a group, placements that forbid removal, a dead node that blocks the changes of all others, a
 * takeover that nobody is warned of. What a real one would lose in silence is kept in {@link #damage}. Calls can be made to
 * fail or to crash before or after their commit. Not thread-safe.
 */
public final class FakeCoordinator implements CoordinatorCatalog {

    /** Where a call breaks. */
    public enum Break {
        /** Before anything was sent. */
        BEFORE_CALL,
        /** After the work, before the commit: nothing of it remains. */
        BEFORE_COMMIT,
        /** After the commit: everything of it remains, and nobody hears of it. */
        AFTER_COMMIT
    }

    private HostPort address;
    private final FakeServers servers;
    private final InstantSource clock;
    private final FakeServer server;
    private final List<String> damage = new ArrayList<>();
    private final List<Action> performed = new ArrayList<>();
    private FakeCluster cluster = new FakeCluster();
    private int shardsMade;
    private int calls;
    private int comparisons;
    private int breakIn;
    private @Nullable Break breakHow;
    private boolean up = true;
    private Optional<String> locked = Optional.empty();
    private MoveLook look = MoveLook.NOTHING;

    /**
     * A coordinator without nodes.
     *
     * @param address where it is reached
     * @param servers the workers' network; the coordinator puts itself there
     * @param clock the time
     */
    public FakeCoordinator(HostPort address, FakeServers servers, InstantSource clock) {
        this.address = address;
        this.servers = servers;
        this.clock = clock;
        this.server = servers.blank(address);
    }

    /** Where it is reached. */
    public HostPort address() {
        return address;
    }

    /** Its own server. */
    public FakeServer server() {
        return server;
    }

    // ---- the port

    @Override
    public ClusterSnapshot snapshot() throws CoordinatorUnavailable {
        beginCall();
        breakIf(Break.BEFORE_COMMIT);
        breakIf(Break.AFTER_COMMIT);
        return look();
    }

    @Override
    public Outcome perform(Action action) throws CoordinatorUnavailable {
        beginCall();
        performed.add(action);
        FakeTransaction transaction = begin();
        Outcome outcome = isLocked(action) ? lockedOut(action) : transaction.perform(action);
        if (outcome instanceof Outcome.Refused(Action _, Refusal refusal)
                && refusal.situation() == Refusal.Situation.LEFTOVERS) {
            dropLeftovers();
            transaction = begin();
            outcome = transaction.perform(action);
        }
        if (outcome instanceof Outcome.Refused refused) {
            return stepTowards(refused);
        }
        commit(transaction);
        return outcome;
    }

    /** {@code citus_cleanup_orphaned_resources}: for a node that is gone nothing is dropped, and nothing forgotten. */
    private void dropLeftovers() {
        cluster.shards
                .leftovers
                .entrySet()
                .removeIf(entry -> cluster.nodes.values().stream()
                        .filter(node -> node.group().equals(entry.getValue()) && node.role() == NodeRole.PRIMARY)
                        .anyMatch(node -> drop(entry.getKey(), node)));
    }

    private boolean drop(String relation, Node node) {
        FakeServer there = servers.reachable(node.address()).orElse(null);
        if (there == null || there.read.contains(relation)) {
            return false;
        }
        if (there.ownPlacements.contains(relation)) {
            damage.add("dropped " + relation + " of " + node.address() + ", which is no leftover there");
        }
        there.shards.remove(relation);
        return true;
    }

    /** A person deletes the records of nodes that are gone, as the preflight says. */
    public void forgetLeftoversOfNodesThatAreGone() {
        cluster.shards.leftovers.values().removeIf(group -> !cluster.hasPrimary(group));
    }

    /** Nothing is changed, but for the one step that can be taken towards removing one of several dead nodes. */
    private Outcome stepTowards(Outcome.Refused refused) throws CoordinatorUnavailable {
        Refusal.Situation why = refused.refusal().situation();
        boolean others =
                why == Refusal.Situation.OTHER_NODE_UNREACHABLE || why == Refusal.Situation.METADATA_OUT_OF_SYNC;
        if (others && refused.action() instanceof Action.RemoveNode remove && remove.serverIsDead()) {
            FakeTransaction step = begin();
            Optional<Outcome> disabled = step.disabledBeforeRemoval(remove, refused.refusal());
            if (disabled.isPresent()) {
                commit(step);
                return disabled.get();
            }
        }
        breakIf(Break.BEFORE_COMMIT);
        breakIf(Break.AFTER_COMMIT);
        return refused;
    }

    @Override
    public List<Outcome> addTogether(List<Action.AddNode> adds) throws CoordinatorUnavailable {
        beginCall();
        performed.addAll(adds);
        FakeTransaction transaction = begin();
        List<Outcome> outcomes = new ArrayList<>();
        for (Action.AddNode add : adds) {
            Outcome outcome = isLocked(add) ? lockedOut(add) : transaction.perform(add);
            if (outcome instanceof Outcome.Refused) {
                breakIf(Break.BEFORE_COMMIT);
                breakIf(Break.AFTER_COMMIT);
                return List.of(outcome);
            }
            outcomes.add(outcome);
        }
        commit(transaction);
        return outcomes;
    }

    @Override
    public void record(List<LedgerChange> changes) throws CoordinatorUnavailable {
        if (changes.isEmpty()) {
            return;
        }
        beginCall();
        breakIf(Break.BEFORE_COMMIT);
        changes.forEach(cluster.ledger::apply);
        breakIf(Break.AFTER_COMMIT);
    }

    @Override
    public DrainPreview previewDrain(Node node) throws CoordinatorUnavailable {
        requireUp();
        return begin().preview(node);
    }

    /** All alike: as large as an empty table with a primary key. */
    @Override
    public Map<Long, Long> shardSizes(Set<Long> shards) throws CoordinatorUnavailable {
        requireUp();
        return shards.stream().collect(Collectors.toMap(Function.identity(), _ -> 8192L));
    }

    @Override
    public RebalancePreview previewRebalance() throws CoordinatorUnavailable {
        requireUp();
        return begin().rebalancePreview();
    }

    @Override
    public MoveLook lookAt(RebalanceJob job) throws CoordinatorUnavailable {
        requireUp();
        return look;
    }

    @Override
    public LossPreview previewLoss(Node node) throws CoordinatorUnavailable {
        requireUp();
        return begin().previewLoss(node);
    }

    @Override
    public MetadataComparison compareMetadata(Collection<HostPort> members, Collection<HostPort> former)
            throws CoordinatorUnavailable {
        requireUp();
        comparisons++;
        Set<HostPort> answered = new HashSet<>();
        List<MetadataComparison.Newer> newer = new ArrayList<>();
        for (HostPort each : Stream.concat(members.stream(), former.stream()).toList()) {
            FakeServer there = servers.reachable(each)
                    .filter(one -> !one.refusesLogin && !one.lacksDatabase && one.extension.isPresent())
                    .orElse(null);
            if (there == null) {
                continue;
            }
            answered.add(each);
            if (there.coordinatorIdentifier
                    .filter(server.identity.systemIdentifier()::equals)
                    .isPresent()) {
                newer.add(
                        former.contains(each)
                                ? cluster.metadata.neverGiven(each, there, cluster)
                                : cluster.metadata.lacking(each, there, cluster));
            }
        }
        newer.removeIf(each -> each.nodes().count() + each.placements().count() == 0);
        return new MetadataComparison(answered, newer);
    }

    /** What changed goes to the workers. */
    private void spread() {
        cluster.metadata.spread(cluster, servers, server.identity.systemIdentifier());
    }

    /** The newest placement is gone from its catalogs, as after a restore; the workers know it still. */
    public void forgetNewestPlacement() {
        cluster.metadata.forgetNewestPlacement();
    }

    /** A row is gone from its catalogs, as after a restore; the workers know it still. */
    public void forget(HostPort nodeAddress) {
        node(nodeAddress).ifPresent(row -> cluster.nodes.remove(row.id()));
    }

    @Override
    public List<JournalEntry> journal(JournalQuery query) throws CoordinatorUnavailable {
        requireUp();
        return cluster.ledger.journal(query);
    }

    // ---- what a test looks at

    /** What {@link #snapshot} would answer, without counting as a call and whether or not it is up. */
    public ClusterSnapshot look() {
        Map<GroupId, Placements> placements = new HashMap<>();
        for (Node node : cluster.nodes.values()) {
            Placements carried = cluster.placementsOf(node.group());
            if (!carried.equals(Placements.NONE)) {
                placements.put(node.group(), carried);
            }
        }
        CoordinatorState state = new CoordinatorState(
                address,
                "postgres",
                server.identity.systemIdentifier(),
                Optional.of(server.startTime),
                "13.2-1",
                cluster.nodes.values().stream()
                        .filter(Node::isCoordinator)
                        .map(Node::address)
                        .findFirst(),
                cluster.shards.hasReferenceTables(),
                !cluster.shards.all().isEmpty());
        LedgerSnapshot books = cluster.ledger.snapshot();
        ClusterSnapshot seen =
                new ClusterSnapshot(clock.instant(), state, List.copyOf(cluster.nodes.values()), placements, books);
        return seen.with(cluster.rebalances.all().stream()
                .filter(job -> job.state().isActive() || books.jobs().contains(job.id()))
                .toList());
    }

    /** The row of an address. */
    public Optional<Node> node(HostPort nodeAddress) {
        return cluster.nodeAt(nodeAddress);
    }

    /** Names of all distributed and reference tables. */
    public Set<String> tables() {
        return cluster.shards.tables();
    }

    /** What a real coordinator's fingerprint of its table names is for. */
    public String tableNames() {
        return cluster.tableNames();
    }

    /** Names of all shard relations. */
    public Set<String> shardRelations() {
        return cluster.shards.all().keySet();
    }

    /** Shards of which no placement is left. */
    public List<String> lostShards() {
        return cluster.shards.all().entrySet().stream()
                .filter(entry -> entry.getValue().groups().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** What a real coordinator would have lost or overwritten without a word. */
    public List<String> damage() {
        return List.copyOf(damage);
    }

    /** Every action that was asked of it, in order. */
    public List<Action> performed() {
        return List.copyOf(performed);
    }

    /** How many calls were made: each snapshot, action, batch of adds, or write to the ledger. */
    public int calls() {
        return calls;
    }

    /** How often servers were asked what they know of the metadata. */
    public int comparisons() {
        return comparisons;
    }

    // ---- what a test does to it

    /** Distributed tables that logical replication cannot copy. */
    public void lackIdentity(String... tables) {
        cluster.tablesWithoutIdentity.addAll(List.of(tables));
    }

    /** From now on its rebalancer finds the shards balanced, as by their sizes they may be. */
    public void findsShardsBalanced() {
        cluster.content = true;
    }

    /** A person takes back all orders. */
    public void cancelOrders() {
        cluster.ledger.snapshot().intents().stream()
                .map(Intent::subject)
                .map(LedgerChange.CancelIntent::new)
                .forEach(cluster.ledger::apply);
    }

    /** The background job moves one shard; whether one was under way. */
    public boolean moveOneShard() {
        if (cluster.rebalances.active().isEmpty()) {
            return false;
        }
        dropLeftovers();
        String leftover =
                nextRelation().filter(cluster.shards.leftovers::containsKey).orElse(null);
        if (leftover != null) {
            failOneMove("ERROR: shard move failed as the orphaned shard " + leftover
                    + " leftover from the previous move could not be cleaned up");
            return true;
        }
        if (!makesNextMove()) {
            cluster.nodes.values().stream()
                    .filter(node -> node.isActivePrimary() && !node.shouldHaveShards())
                    .filter(node -> cluster.placementsOf(node.group()).distributed() > 0)
                    .findFirst()
                    .ifPresent(this::moveOneShardFrom);
        }
        cluster.rebalances.oneMoveDone();
        return true;
    }

    private Optional<String> nextRelation() {
        return cluster.rebalances
                .next()
                .flatMap(move -> cluster.shards.all().keySet().stream()
                        .filter(relation -> relation.endsWith("_" + move.shard()))
                        .findFirst());
    }

    /** As it was planned, if both ends are still what they were. */
    private boolean makesNextMove() {
        RebalanceJob.Move move = cluster.rebalances.next().orElse(null);
        if (move == null) {
            return false;
        }
        Node from = cluster.nodeAt(move.source()).filter(Node::isActivePrimary).orElse(null);
        Node to = cluster.nodeAt(move.target())
                .filter(node -> node.isActivePrimary() && node.shouldHaveShards())
                .orElse(null);
        Map.Entry<String, FakeShards.Shard> shard = cluster.shards.all().entrySet().stream()
                .filter(entry -> entry.getKey().endsWith("_" + move.shard()))
                .filter(entry -> from != null && entry.getValue().groups().contains(from.group()))
                .filter(entry -> to != null && !entry.getValue().groups().contains(to.group()))
                .findFirst()
                .orElse(null);
        if (shard == null || from == null || to == null) {
            return false;
        }
        moveShard(shard, from, to);
        return true;
    }

    /** The next move of the background job failed with this and is tried again. */
    public void failOneMove(String message) {
        cluster.rebalances.oneMoveFailed(message);
    }

    /** What a closer look at the job under way shows. */
    public void show(MoveLook shown) {
        look = shown;
    }

    private void moveShard(Map.Entry<String, FakeShards.Shard> shard, Node from, Node to) {
        String relation = shard.getKey();
        shard.getValue().groups().remove(from.group());
        shard.getValue().groups().add(to.group());
        servers.at(from.address()).ifPresent(old -> old.ownPlacements.remove(relation));
        cluster.shards.leftovers.put(relation, from.group());
        place(to, relation, false);
        spread();
    }

    private void moveOneShardFrom(Node from) {
        Node to = cluster.nodes.values().stream()
                .filter(node -> node.isActivePrimary() && node.shouldHaveShards() && !node.equals(from))
                .findFirst()
                .orElseThrow();
        cluster.shards.all().entrySet().stream()
                .filter(entry -> !entry.getValue().reference()
                        && entry.getValue().groups().contains(from.group())
                        && !cluster.shards.leftovers.containsKey(entry.getKey()))
                .findFirst()
                .ifPresent(shard -> moveShard(shard, from, to));
    }

    /** The background job under way ends without having moved everything. */
    public void endRebalance(RebalanceJob.State state, Optional<String> message) {
        cluster.rebalances.end(state, message);
    }

    /** Creates a distributed table, its shards dealt out in turn to the active nodes that should have shards. */
    public void distribute(String table, int shards, int copies) {
        List<Node> targets = cluster.nodes.values().stream()
                .filter(node -> node.isActivePrimary() && node.shouldHaveShards() && !node.isCoordinator())
                .toList();
        for (int i = 0; i < shards && !targets.isEmpty(); i++) {
            Set<GroupId> groups = new TreeSet<>();
            String relation = nextRelation(table);
            for (int copy = 0; copy < Math.min(copies, targets.size()); copy++) {
                Node node = targets.get((i + copy) % targets.size());
                groups.add(node.group());
                place(node, relation, false);
            }
            cluster.shards.put(relation, new FakeShards.Shard(table, false, groups));
        }
        spread();
    }

    /** Creates a reference table on every active node. */
    public void reference(String table) {
        String relation = nextRelation(table);
        Set<GroupId> groups = new TreeSet<>();
        groups.add(GroupId.COORDINATOR);
        cluster.nodes.values().stream().filter(Node::isActivePrimary).forEach(node -> {
            groups.add(node.group());
            place(node, relation, true);
        });
        cluster.shards.put(relation, new FakeShards.Shard(table, true, groups));
        spread();
    }

    private String nextRelation(String table) {
        shardsMade++;
        return table + "_" + (102007 + shardsMade);
    }

    private void place(Node node, String relation, boolean reference) {
        servers.at(node.address()).ifPresent(holder -> {
            holder.shards.put(relation, 100);
            holder.lsn += 0x100;
            if (!reference) {
                holder.ownPlacements.add(relation);
            }
        });
    }

    /** A person moves everything distributed from one group to another, shards and rows. */
    public void moveShards(Node from, Node to) {
        cluster.shards.all().entrySet().stream()
                .filter(entry -> !entry.getValue().reference()
                        && entry.getValue().groups().contains(from.group()))
                .forEach(entry -> {
                    dropLeftovers();
                    if (!cluster.shards.leftovers.containsKey(entry.getKey())) {
                        moveShard(entry, from, to);
                    }
                });
    }

    /** A backup of its database; running it restores that. */
    public Runnable backup() {
        FakeCluster copy = cluster.copy();
        return () -> cluster = copy.copy();
    }

    /** Somebody else, or Citus itself, changes whether the row's metadata is in sync. */
    public void setMetadataSynced(NodeId node, boolean synced) {
        cluster.nodes.computeIfPresent(
                node,
                (_, row) -> new Node(
                        row.id(),
                        row.group(),
                        row.address(),
                        row.role(),
                        row.cluster(),
                        row.isActive(),
                        row.hasMetadata(),
                        synced,
                        row.shouldHaveShards(),
                        row.isClone()));
        spread();
    }

    /** A person adds a node by hand. */
    public Node addByHand(HostPort nodeAddress) {
        Node node = cluster.insert(nodeAddress, cluster.nextGroup(), true);
        servers.at(nodeAddress).ifPresent(joined -> {
            joined.localGroup = node.group();
            joined.nodes = cluster.nodes.size();
            joined.coordinatorIdentifier = Optional.of(server.identity.systemIdentifier());
        });
        spread();
        return node;
    }

    /** A person registers the coordinator's own address. */
    public void registerCoordinator(HostPort registered) {
        cluster.insert(registered, GroupId.COORDINATOR, false);
        spread();
    }

    /** Somebody else writes the row: disables it, takes its metadata's freshness, gives it another address. */
    public void put(Node node) {
        cluster.nodes.put(node.id(), node);
        spread();
    }

    /** Somebody else makes the row active or inactive. */
    public void setActive(NodeId node, boolean isActive) {
        cluster.nodes.computeIfPresent(node, (_, row) -> FakeTransaction.active(row, isActive));
        spread();
    }

    /** The ledger's schema is dropped. */
    public void loseLedger() {
        cluster.ledger = new FakeLedger();
    }

    /** A person removes the row. */
    public void removeByHand(HostPort nodeAddress) {
        node(nodeAddress).ifPresent(row -> cluster.nodes.remove(row.id()));
        spread();
    }

    /** Whether another session holds the lock that node changes need. */
    public void isLockedByAnother(boolean isLocked) {
        isLockedBy(isLocked ? Optional.of("a query") : Optional.empty());
    }

    /** The same, and by which query of its. */
    void isLockedBy(Optional<String> query) {
        locked = query;
    }

    /** Goes down; its data stays. */
    public void stop() {
        up = false;
    }

    /** Its standby, which has all that it wrote, is promoted and takes over, at an address of its own. */
    public void failsOver(HostPort to) {
        HostPort from = address;
        servers.put(to, server);
        servers.remove(from);
        servers.restart(to);
        server.promote();
        address = to;
        up = true;
        spread();
    }

    /** Comes up again. */
    public void start() {
        up = true;
    }

    /**
     * Breaks one of the calls to come.
     *
     * @param n which: 1 is the next
     * @param how where it breaks
     */
    public void breakCall(int n, Break how) {
        breakIn = n;
        breakHow = how;
    }

    /** Ends unless it is up. */
    public void requireUp() throws CoordinatorUnavailable {
        if (!up) {
            throw new CoordinatorUnavailable(
                    "Coordinator unreachable at " + address + " (08001)", "start it", "08001", null);
        }
    }

    private void beginCall() throws CoordinatorUnavailable {
        calls++;
        breakIn--;
        requireUp();
        breakIf(Break.BEFORE_CALL);
    }

    private void breakIf(Break where) throws CoordinatorUnavailable {
        if (breakIn == 0 && breakHow == where) {
            breakHow = null;
            throw new CoordinatorUnavailable(
                    "The connection to " + address + " broke (08006)", "look at the coordinator's log", "08006", null);
        }
    }

    /** By force the session is ended. */
    private boolean isLocked(Action action) {
        return locked.isPresent()
                && !(action instanceof Action.UpdateNodes update
                        && update.forceAfter().isPresent());
    }

    private Outcome lockedOut(Action action) {
        return new Outcome.Refused(
                action,
                new Refusal(
                        Refusal.Situation.LOCKED,
                        "Could not " + action.kind() + " " + action.address() + ": another session holds the lock: "
                                + locked.orElse(""),
                        "wait for it",
                        "55P03",
                        Optional.empty()));
    }

    private FakeTransaction begin() {
        return new FakeTransaction(cluster.copy(), servers, server, clock.instant());
    }

    private void commit(FakeTransaction transaction) throws CoordinatorUnavailable {
        breakIf(Break.BEFORE_COMMIT);
        cluster = transaction.commit();
        spread();
        damage.addAll(transaction.damage());
        breakIf(Break.AFTER_COMMIT);
    }
}
