package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.JournalEntry;
import dev.roster.ledger.JournalQuery;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The coordinator by JDBC. One statement reads it; each action is one transaction: the advisory lock, the checks, one
 * documented Citus call, the verification, the ledger's rows, the commit.
 *
 * <p>Used by one thread at a time, except {@link #journal}.
 */
public final class CitusCatalog implements CoordinatorCatalog {

    private final CoordinatorSettings settings;
    private final InstantSource clock;
    private final Transactions transactions;
    private final CoordinatorFaults faults;
    private final ErrorCatalogue catalogue;
    private final Coordinator coordinator;
    private final Ledger ledger;

    /** The coordinator that the last snapshot came from; plans are made for it alone. */
    private volatile @Nullable String expected;

    /**
     * The adapter for one coordinator; connects to nothing yet.
     *
     * @param source connections to the coordinator, pooled or not
     * @param settings where it is and how long to wait
     * @param clock the time of ledger rows
     */
    public CitusCatalog(DataSource source, CoordinatorSettings settings, InstantSource clock) {
        this(source, settings, clock, LedgerTables.JOURNAL_CAP);
    }

    CitusCatalog(DataSource source, CoordinatorSettings settings, InstantSource clock, int journalCap) {
        this.settings = settings;
        this.clock = clock;
        this.transactions = new Transactions(source, settings);
        this.faults = new CoordinatorFaults(settings);
        this.catalogue = new ErrorCatalogue(settings);
        this.coordinator = new Coordinator(faults, settings);
        this.ledger = switch (settings.ledger()) {
            case DATABASE -> new DatabaseLedger(faults, journalCap);
            case MEMORY -> new MemoryLedger(journalCap);
        };
    }

    @Override
    public ClusterSnapshot snapshot() throws CoordinatorUnavailable {
        try {
            try {
                return look();
            } catch (SQLException e) {
                if (ledger.adaptsTo(e) || createsExtensionFor(e)) {
                    return look();
                }
                throw e;
            }
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("reading refuses nothing", e);
        }
    }

    private ClusterSnapshot look() throws SQLException, CoordinatorUnavailable, RefusedException {
        return transactions.read(session -> {
            JsonNode answer = session.json(ledger.snapshotQuery());
            coordinator.require(session, answer);
            if (!ledger.suits(answer)) {
                answer = session.json(ledger.snapshotQuery());
            }
            expected = Json.required(answer, "system");
            return SnapshotQuery.snapshot(answer, coordinator.dialed(answer), clock.instant(), ledger.read(answer));
        });
    }

    private boolean createsExtensionFor(SQLException error)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        String state = Optional.ofNullable(error.getSQLState()).orElse("");
        if (!settings.createExtension() || !List.of("42P01", "42883").contains(state)) {
            return false;
        }
        return transactions.change(session -> {
            session.text("CREATE EXTENSION IF NOT EXISTS citus");
            return true;
        });
    }

    @Override
    public Outcome perform(Action action) throws CoordinatorUnavailable {
        Outcome outcome = attempt(action);
        if (outcome instanceof Outcome.Refused refused
                && action instanceof Action.RemoveNode remove
                && remove.serverIsDead()
                && waitsForOthers(refused.refusal())) {
            return disableBeforeRemoval(remove, refused);
        }
        return outcome;
    }

    private static boolean waitsForOthers(Refusal refusal) {
        return refusal.situation() == Refusal.Situation.OTHER_NODE_UNREACHABLE
                || refusal.situation() == Refusal.Situation.METADATA_OUT_OF_SYNC;
    }

    private Outcome attempt(Action action) throws CoordinatorUnavailable {
        return inTransaction(action, (change, before) -> switch (action) {
            case Action.SetCoordinatorAddress set -> change.setCoordinatorAddress(set, before);
            case Action.AddNode add -> addOne(change, add, before);
            case Action.AdoptNode adopt -> change.adopt(adopt, before);
            case Action.ActivateNode activate -> change.activate(activate, before);
            case Action.RemoveNode remove -> change.remove(remove, before);
            case Action.ReplaceEmptyNode replace -> change.replace(replace, before);
            case Action.DisableNode disable -> change.disable(disable, before);
        });
    }

    private static NodeChange.Result addOne(NodeChange change, Action.AddNode add, NodeCalls.Before before)
            throws SQLException, RefusedException {
        NodeChange.Result result = change.add(add, before);
        return result instanceof NodeChange.Result.Done done
                ? change.verifyAdded(List.of(new NodeChange.Added(done.node(), add)))
                        .getFirst()
                : result;
    }

    /** The step that one of several dead nodes can take; the removal itself stays refused until the others took theirs. */
    private Outcome disableBeforeRemoval(Action.RemoveNode remove, Outcome.Refused refused)
            throws CoordinatorUnavailable {
        Outcome step = inTransaction(remove, (change, before) -> change.disableBeforeRemoval(remove, before));
        if (!(step instanceof Outcome.Done)) {
            return refused;
        }
        Refusal why = refused.refusal();
        return new Outcome.Refused(
                remove,
                new Refusal(
                        why.situation(),
                        remove.address()
                                + " is disabled now and will be removed once the other dead members are disabled too: "
                                + why.sentence(),
                        why.remedy(),
                        why.sqlState(),
                        why.culprit()));
    }

    @FunctionalInterface
    private interface Step {
        NodeChange.Result take(NodeChange change, NodeCalls.Before before) throws SQLException, RefusedException;
    }

    private Outcome inTransaction(Action action, Step step) throws CoordinatorUnavailable {
        List<Warned> warned = new ArrayList<>();
        try {
            ledger.prepare(transactions);
            List<LedgerChange> books = new ArrayList<>();
            Outcome outcome = transactions.change(session -> {
                try {
                    NodeCalls.takeTurn(session);
                    NodeCalls.Before before = NodeCalls.before(session, idsOf(action), List.of(action.address()));
                    coordinator.require(session, before.self());
                    if (isAnotherCoordinator(before)) {
                        return new Outcome.Outdated(action, "The coordinator is another server by now");
                    }
                    session.forgetWarnings();
                    NodeChange.Result result = step.take(new NodeChange(session, catalogue), before);
                    return book(session, action, result, books);
                } finally {
                    warned.addAll(session.warnings());
                }
            });
            ledger.committed(books);
            return outcome;
        } catch (RefusedException e) {
            return new Outcome.Refused(action, e.refusal());
        } catch (SQLException e) {
            return new Outcome.Refused(action, refusal(action, e, warned));
        }
    }

    @Override
    public List<Outcome> addTogether(List<Action.AddNode> adds) throws CoordinatorUnavailable {
        if (adds.isEmpty()) {
            return List.of();
        }
        return new JointAdd(adds).perform();
    }

    @Override
    public void record(List<LedgerChange> changes) throws CoordinatorUnavailable {
        if (changes.isEmpty()) {
            return;
        }
        try {
            ledger.prepare(transactions);
            transactions.change(session -> {
                ledger.write(session, changes);
                return true;
            });
            ledger.committed(changes);
        } catch (SQLException e) {
            throw faults.ledger(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("the ledger refuses nothing", e);
        }
    }

    @Override
    public List<JournalEntry> journal(JournalQuery query) throws CoordinatorUnavailable {
        try {
            return ledger.journal(transactions, query);
        } catch (SQLException e) {
            throw faults.unavailable(e);
        } catch (RefusedException e) {
            throw new IllegalStateException("reading refuses nothing", e);
        }
    }

    private boolean isAnotherCoordinator(NodeCalls.Before before) {
        String known = expected;
        return known != null && !known.equals(Json.required(before.self(), "system"));
    }

    private Outcome book(Session session, Action action, NodeChange.Result result, List<LedgerChange> books)
            throws SQLException {
        Instant now = clock.instant();
        Outcome outcome = switch (result) {
            case NodeChange.Result.Done done -> {
                List<LedgerChange> changes = done.onlyDisabled()
                        ? onlyDisabled(action)
                        : Bookkeeping.done(action, done.node(), done.group(), now);
                books.addAll(changes);
                yield new Outcome.Done(
                        action,
                        Bookkeeping.sentence(action, done.group()),
                        session.warnings().stream().map(Warned::message).toList());
            }
            case NodeChange.Result.Already already -> {
                books.addAll(Bookkeeping.alreadyTrue(action));
                yield new Outcome.AlreadyTrue(action, already.sentence());
            }
            case NodeChange.Result.Outdated outdated -> new Outcome.Outdated(action, outdated.sentence());
        };
        ledger.write(session, books);
        return outcome;
    }

    private static List<LedgerChange> onlyDisabled(Action action) {
        return action instanceof Action.RemoveNode remove
                ? List.of(new LedgerChange.PutMember(remove.member().withDisabledByRoster(true)))
                : List.of();
    }

    private static List<NodeId> idsOf(Action action) {
        return switch (action) {
            case Action.SetCoordinatorAddress _, Action.AddNode _ -> List.of();
            case Action.AdoptNode adopt -> List.of(adopt.node().id());
            case Action.ActivateNode activate -> List.of(activate.node().id());
            case Action.RemoveNode remove -> List.of(remove.node().id());
            case Action.ReplaceEmptyNode replace -> List.of(replace.node().id());
            case Action.DisableNode disable -> List.of(disable.node().id());
        };
    }

    private Refusal refusal(Action action, SQLException error, List<Warned> warned) throws CoordinatorUnavailable {
        if (!ServerWords.sessionSurvives(error)) {
            throw faults.lost(error);
        }
        return catalogue.refusal(action.address(), action.kind(), error, warned);
    }

    /** Several adds in one transaction: all of them, or none and the refusal of the one that failed. */
    private final class JointAdd {

        private final List<Action.AddNode> adds;
        private final List<LedgerChange> books = new ArrayList<>();
        private final List<Warned> warned = new ArrayList<>();
        private Action.AddNode current;

        JointAdd(List<Action.AddNode> adds) {
            this.adds = adds;
            this.current = adds.getFirst();
        }

        List<Outcome> perform() throws CoordinatorUnavailable {
            try {
                ledger.prepare(transactions);
                List<Outcome> outcomes = transactions.change(this::in);
                ledger.committed(books);
                return outcomes;
            } catch (RefusedException e) {
                return List.of(new Outcome.Refused(current, e.refusal()));
            } catch (SQLException e) {
                return List.of(new Outcome.Refused(current, refusal(current, e, warned)));
            }
        }

        private List<Outcome> in(Session session) throws SQLException, CoordinatorUnavailable, RefusedException {
            try {
                NodeCalls.takeTurn(session);
                List<HostPort> addresses =
                        adds.stream().map(Action.AddNode::address).toList();
                NodeCalls.Before before = NodeCalls.before(session, List.of(), addresses);
                coordinator.require(session, before.self());
                if (isAnotherCoordinator(before)) {
                    return adds.stream()
                            .map(add -> (Outcome) new Outcome.Outdated(add, "The coordinator is another server by now"))
                            .toList();
                }
                session.forgetWarnings();
                NodeChange change = new NodeChange(session, catalogue);
                List<NodeChange.Result> results = new ArrayList<>();
                for (Action.AddNode add : adds) {
                    current = add;
                    results.add(change.add(add, before));
                }
                return booked(session, verified(change, results));
            } finally {
                warned.addAll(session.warnings());
            }
        }

        private List<NodeChange.Result> verified(NodeChange change, List<NodeChange.Result> results)
                throws SQLException, RefusedException {
            List<NodeChange.Added> added = new ArrayList<>();
            for (int i = 0; i < adds.size(); i++) {
                if (results.get(i) instanceof NodeChange.Result.Done done) {
                    added.add(new NodeChange.Added(done.node(), adds.get(i)));
                }
            }
            if (added.isEmpty()) {
                return results;
            }
            List<NodeChange.Result.Done> done = change.verifyAdded(added);
            List<NodeChange.Result> all = new ArrayList<>(results);
            for (int i = 0, next = 0; i < all.size(); i++) {
                if (all.get(i) instanceof NodeChange.Result.Done) {
                    all.set(i, done.get(next));
                    next++;
                }
            }
            return all;
        }

        private List<Outcome> booked(Session session, List<NodeChange.Result> results) throws SQLException {
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < adds.size(); i++) {
                Action.AddNode add = adds.get(i);
                outcomes.add(
                        switch (results.get(i)) {
                            case NodeChange.Result.Done done -> {
                                books.addAll(Bookkeeping.done(add, done.node(), done.group(), clock.instant()));
                                yield new Outcome.Done(add, Bookkeeping.sentence(add, done.group()), List.of());
                            }
                            case NodeChange.Result.Already already -> {
                                books.addAll(Bookkeeping.alreadyTrue(add));
                                yield new Outcome.AlreadyTrue(add, already.sentence());
                            }
                            case NodeChange.Result.Outdated outdated -> new Outcome.Outdated(add, outdated.sentence());
                        });
            }
            ledger.write(session, books);
            return outcomes;
        }
    }
}
