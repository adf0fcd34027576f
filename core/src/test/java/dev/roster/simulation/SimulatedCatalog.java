package dev.roster.simulation;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.DrainPreview;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.LossPreview;
import dev.roster.cluster.MetadataComparison;
import dev.roster.cluster.MoveLook;
import dev.roster.cluster.Node;
import dev.roster.cluster.RebalanceJob;
import dev.roster.cluster.RebalancePreview;
import dev.roster.execute.Outcome;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.Action;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One Roster's way to the coordinator: calls take time, another Roster's whole pass may come between two of them, and each
 * action is judged by the laws before it is sent.
 */
final class SimulatedCatalog implements CoordinatorCatalog {

    private final World world;
    private final SimulatedRoster owner;
    private @Nullable ClusterSnapshot latest;
    private int changes;

    SimulatedCatalog(World world, SimulatedRoster owner) {
        this.world = world;
        this.owner = owner;
    }

    /** How many transactions were sent so far. */
    int changes() {
        return changes;
    }

    @Override
    public ClusterSnapshot snapshot() throws CoordinatorUnavailable {
        ClusterSnapshot snapshot = world.coordinator.snapshot();
        latest = snapshot;
        return snapshot;
    }

    @Override
    public Outcome perform(Action action) throws CoordinatorUnavailable {
        between();
        judge(action);
        changes++;
        meanwhile(action);
        Outcome outcome = world.coordinator.perform(sent(action));
        if (outcome instanceof Outcome.Done) {
            world.laws.done(action);
            world.met.done(action);
        }
        return outcome;
    }

    @Override
    public List<Outcome> addTogether(List<Action.AddNode> adds) throws CoordinatorUnavailable {
        between();
        adds.forEach(this::judge);
        changes++;
        return world.coordinator.addTogether(adds);
    }

    @Override
    public void record(List<LedgerChange> notes) throws CoordinatorUnavailable {
        if (!notes.isEmpty()) {
            changes++;
            world.trace.add(() -> "writes " + notes);
        }
        ClusterSnapshot seen = latest;
        if (seen != null) {
            world.laws.written(notes, seen);
        }
        world.coordinator.record(notes);
    }

    @Override
    public DrainPreview previewDrain(Node node) throws CoordinatorUnavailable {
        return world.coordinator.previewDrain(node);
    }

    @Override
    public Map<Long, Long> shardSizes(Set<Long> shards) throws CoordinatorUnavailable {
        return world.coordinator.shardSizes(shards);
    }

    @Override
    public RebalancePreview previewRebalance() throws CoordinatorUnavailable {
        return world.coordinator.previewRebalance();
    }

    @Override
    public MoveLook lookAt(RebalanceJob job) throws CoordinatorUnavailable {
        return world.coordinator.lookAt(job);
    }

    @Override
    public LossPreview previewLoss(Node node) throws CoordinatorUnavailable {
        return world.coordinator.previewLoss(node);
    }

    @Override
    public MetadataComparison compareMetadata(Collection<HostPort> members, Collection<HostPort> former)
            throws CoordinatorUnavailable {
        MetadataComparison comparison = world.coordinator.compareMetadata(members, former);
        world.laws.compared(owner, comparison);
        if (!comparison.newer().isEmpty()) {
            world.met.met(Met.Deed.COORDINATOR_DOUBTED);
        }
        world.trace.add(() -> "compares " + comparison);
        return comparison;
    }

    @Override
    public List<JournalEntry> journal(JournalQuery query) throws CoordinatorUnavailable {
        return world.coordinator.journal(query);
    }

    /** An engine that does not ask again sends the bare call of Citus, which asks nobody. */
    private Action sent(Action action) {
        if (world.engine.asksAgain() || !(action instanceof Action.UpdateNodes update)) {
            return action;
        }
        List<Action.Move> unasked = update.moves().stream()
                .map(move -> new Action.Move(move.node(), move.member(), move.to(), Optional.empty()))
                .toList();
        return new Action.UpdateNodes(unasked, update.forceAfter(), update.order(), update.reason());
    }

    /** Whoever a row is to follow away from comes back at the worst moment. */
    private void meanwhile(Action action) {
        if (world.faulty && action instanceof Action.UpdateNodes update && world.chance(4)) {
            HostPort old = update.moves().getFirst().node().address();
            if (world.servers.at(old).filter(server -> !server.running).isPresent()) {
                world.trace.add(() -> old + " comes back while its row is about to follow");
                world.servers.restart(old);
            }
        }
    }

    private void judge(Action action) {
        ClusterSnapshot snapshot = latest;
        if (snapshot == null) {
            throw new Violation("acted without a snapshot");
        }
        if (!owner.leads()) {
            throw new Violation("acts without leading: " + action);
        }
        world.laws.judge(action, snapshot);
        world.laws.judge(owner, action, snapshot);
    }

    /** What may come between two calls. */
    private void between() {
        if (!world.faulty) {
            return;
        }
        if (world.chance(20)) {
            world.clock.advance(Duration.ofMillis(world.random.nextInt(3000)));
        }
        for (SimulatedRoster other : world.rosters) {
            if (other != owner && !other.isRunning() && !other.isAway() && world.chance(3)) {
                other.pass();
            }
        }
    }
}
