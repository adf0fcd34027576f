package dev.roster.app.engine;

import dev.roster.app.settings.RosterSettings;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.execute.Outcome;
import dev.roster.identity.ServerProbe;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.Action;
import dev.roster.reconcile.LeaderLock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The coordinator, as the engine works with it.
 *
 * @param catalog reads and changes it
 * @param probe asks servers what they are
 * @param leaderLock who acts
 * @param connections what is closed last
 */
record CoordinatorPorts(
        CoordinatorCatalog catalog, ServerProbe probe, LeaderLock leaderLock, CoordinatorConnections connections)
        implements AutoCloseable {

    static CoordinatorPorts citus(RosterSettings settings) {
        CoordinatorConnections connections = new CoordinatorConnections(settings.coordinator());
        return new CoordinatorPorts(
                new NoCatalog(settings.coordinator().toString()), _ -> Map.of(), new NoLock(), connections);
    }

    @Override
    public void close() {
        leaderLock.close();
        connections.close();
    }

    private record NoLock() implements LeaderLock {
        @Override
        public boolean tryAcquire() {
            return false;
        }

        @Override
        public boolean isHeld() {
            return false;
        }

        @Override
        public Optional<String> holder() {
            return Optional.empty();
        }

        @Override
        public void close() {}
    }

    private record NoCatalog(String coordinator) implements CoordinatorCatalog {
        @Override
        public ClusterSnapshot snapshot() throws CoordinatorUnavailable {
            throw new CoordinatorUnavailable(
                    "Coordinator at " + coordinator + " not asked", "wait for the adapter", null, null);
        }

        @Override
        public Outcome perform(Action action) throws CoordinatorUnavailable {
            throw new CoordinatorUnavailable("not asked", "wait for the adapter", null, null);
        }

        @Override
        public List<Outcome> addTogether(List<Action.AddNode> adds) throws CoordinatorUnavailable {
            throw new CoordinatorUnavailable("not asked", "wait for the adapter", null, null);
        }

        @Override
        public void record(List<LedgerChange> changes) {}

        @Override
        public List<JournalEntry> journal(JournalQuery query) throws CoordinatorUnavailable {
            throw new CoordinatorUnavailable("not asked", "wait for the adapter", null, null);
        }
    }
}
