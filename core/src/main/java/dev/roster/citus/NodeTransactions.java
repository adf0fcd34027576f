package dev.roster.citus;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.execute.Outcome;
import dev.roster.execute.Refusal;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.Intent;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Transactions that change nodes. Each takes its turn by the advisory lock, looks at what stands, makes the calls, verifies
 * them, writes the ledger's rows, and commits (law 6).
 */
final class NodeTransactions {

    private final Transactions transactions;
    private final Coordinator coordinator;
    private final CoordinatorFaults faults;
    private final ErrorCatalogue catalogue;
    private final Ledger ledger;
    private final InstantSource clock;
    private final Supplier<Optional<String>> expected;
    private final CoordinatorSettings.Limits limits;

    /**
     * @param expected the system identifier of the coordinator that plans are made for, once one was seen
     */
    NodeTransactions(
            Transactions transactions,
            CoordinatorSettings settings,
            Ledger ledger,
            InstantSource clock,
            Supplier<Optional<String>> expected) {
        this.transactions = transactions;
        this.faults = new CoordinatorFaults(settings);
        this.coordinator = new Coordinator(faults, settings);
        this.catalogue = new ErrorCatalogue(settings);
        this.ledger = ledger;
        this.clock = clock;
        this.expected = expected;
        this.limits = settings.limits();
    }

    /** What is done about one action, by the calls of Citus. */
    @FunctionalInterface
    interface Step<A extends Action> {
        NodeChange.Result take(NodeChange change, A action, NodeCalls.Before before)
                throws SQLException, RefusedException;
    }

    /**
     * Carries out the actions in one transaction, in order.
     *
     * @param actions at least one
     * @return one outcome for each in order; or one refusal, that of the action that failed, with nothing changed
     * @throws CoordinatorUnavailable if the connection was lost
     */
    <A extends Action> List<Outcome> carryOut(List<A> actions, Step<A> step) throws CoordinatorUnavailable {
        return new Attempt<>(actions, step).carryOut();
    }

    /** One transaction. */
    private final class Attempt<A extends Action> {

        private final List<A> actions;
        private final Step<A> step;
        private final List<LedgerChange> books = new ArrayList<>();
        private final List<Warned> warned = new ArrayList<>();
        private A current;
        private @Nullable LockHolders holders;

        Attempt(List<A> actions, Step<A> step) {
            this.actions = actions;
            this.step = step;
            this.current = actions.getFirst();
        }

        List<Outcome> carryOut() throws CoordinatorUnavailable {
            try {
                ledger.prepare(transactions);
                List<Outcome> outcomes = transactions.change(this::in);
                ledger.committed(books);
                return outcomes;
            } catch (RefusedException e) {
                return List.of(new Outcome.Refused(current, e.refusal()));
            } catch (SQLException e) {
                if (!ServerWords.sessionSurvives(e)) {
                    throw faults.lost(e);
                }
                Refusal refusal = catalogue.refusal(current.address(), current.kind(), e, warned);
                LockHolders known = holders;
                return List.of(new Outcome.Refused(current, known == null ? refusal : known.named(refusal)));
            }
        }

        private List<Outcome> in(Session session) throws SQLException, CoordinatorUnavailable, RefusedException {
            try (LockHolders looking = LockHolders.of(session, transactions, limits.lock())) {
                holders = looking;
                NodeCalls.takeTurn(session);
                NodeCalls.Before before = NodeCalls.before(session, rows(), addresses());
                coordinator.require(session, before.self());
                String system = Json.required(before.self(), "system");
                if (expected.get().filter(known -> !known.equals(system)).isPresent()) {
                    return all("The coordinator is another server by now");
                }
                for (A action : actions) {
                    Optional<Intent> order = orderOf(action);
                    if (order.isPresent() && !ledger.stands(session, order.get())) {
                        return all("The order was cancelled meanwhile");
                    }
                }
                session.forgetWarnings();
                List<Outcome> outcomes = booked(session, changed(session, before));
                ledger.write(session, books);
                return outcomes;
            } finally {
                warned.addAll(session.warnings());
            }
        }

        private List<NodeChange.Result> changed(Session session, NodeCalls.Before before)
                throws SQLException, RefusedException {
            try (IdentityQuestions questions = new IdentityQuestions(transactions)) {
                NodeChange change = new NodeChange(session, catalogue, questions, limits);
                List<NodeChange.Result> results = new ArrayList<>();
                for (A action : actions) {
                    current = action;
                    results.add(step.take(change, action, before));
                }
                return change.verified(results);
            }
        }

        private List<Outcome> booked(Session session, List<NodeChange.Result> results) {
            List<Outcome> outcomes = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                outcomes.add(book(session, actions.get(i), results.get(i)));
            }
            return outcomes;
        }

        private Outcome book(Session session, A action, NodeChange.Result result) {
            return switch (result) {
                case NodeChange.Result.Added _ -> throw new IllegalStateException("an add was not verified: " + action);
                case NodeChange.Result.Done done -> {
                    books.addAll(Bookkeeping.done(action, done.node(), done.group(), done.job(), clock.instant()));
                    yield new Outcome.Done(
                            action,
                            Bookkeeping.sentence(action, done.group()),
                            actions.size() > 1 ? List.of() : remarks(session, done));
                }
                case NodeChange.Result.OnlyDisabled only -> {
                    books.add(new LedgerChange.PutMember(only.member().withDisabledByRoster(true)));
                    yield new Outcome.Refused(action, only.why());
                }
                case NodeChange.Result.Rebuild step -> {
                    if (!(action instanceof Action.RebuildShards rebuild)) {
                        throw new IllegalStateException("only a replacement rebuilds shards: " + action);
                    }
                    books.addAll(Bookkeeping.rebuilt(rebuild, step.rebuilt(), clock.instant()));
                    yield new Outcome.Done(action, Bookkeeping.sentence(rebuild, step.rebuilt()), List.of());
                }
                case NodeChange.Result.Already already -> {
                    books.addAll(Bookkeeping.alreadyTrue(action, clock.instant()));
                    yield new Outcome.AlreadyTrue(action, already.sentence());
                }
                case NodeChange.Result.Outdated outdated -> new Outcome.Outdated(action, outdated.sentence());
            };
        }

        private static List<String> remarks(Session session, NodeChange.Result.Done done) {
            return Stream.concat(
                            done.remark().stream(), session.warnings().stream().map(Warned::message))
                    .toList();
        }

        private List<Outcome> all(String outdated) {
            return actions.stream()
                    .map(action -> (Outcome) new Outcome.Outdated(action, outdated))
                    .toList();
        }

        private List<NodeId> rows() {
            return actions.stream().flatMap(action -> rowsOf(action).stream()).toList();
        }

        private List<HostPort> addresses() {
            return actions.stream()
                    .flatMap(action -> addressesOf(action).stream())
                    .toList();
        }
    }

    private static List<NodeId> rowsOf(Action action) {
        return switch (action) {
            case Action.SetCoordinatorAddress _, Action.AddNode _, Action.StartRebalance _, Action.StopRebalance _ ->
                List.of();
            case Action.RegisterSecondary register -> List.of(register.primary().id());
            case Action.AdoptNode adopt -> List.of(adopt.node().id());
            case Action.ActivateNode activate -> List.of(activate.node().id());
            case Action.RemoveNode remove -> List.of(remove.node().id());
            case Action.ReplaceEmptyNode replace -> List.of(replace.node().id());
            case Action.DisableNode disable -> List.of(disable.node().id());
            case Action.UpdateNodes update ->
                update.nodes().stream().map(Node::id).toList();
            case Action.StartDrain start -> List.of(start.node().id());
            case Action.StopDrain stop -> List.of(stop.node().id());
            case Action.TakeOver takeOver -> List.of(takeOver.node().id());
            case Action.RebuildShards rebuild -> List.of(rebuild.node().id());
        };
    }

    private static List<HostPort> addressesOf(Action action) {
        return action instanceof Action.UpdateNodes update
                ? update.moves().stream().map(Action.Move::to).toList()
                : List.of(action.address());
    }

    /** What has to stand for the action to be taken; a drain is stopped whatever became of its order. */
    private static Optional<Intent> orderOf(Action action) {
        return switch (action) {
            case Action.ActivateNode activate -> activate.order();
            case Action.RemoveNode remove -> remove.order();
            case Action.UpdateNodes update -> update.order();
            case Action.StartDrain start -> Optional.of(start.order());
            case Action.StartRebalance start -> Optional.of(start.order());
            case Action.TakeOver takeOver -> Optional.of(takeOver.order());
            case Action.RebuildShards rebuild -> Optional.of(rebuild.order());
            case Action.SetCoordinatorAddress _,
                    Action.AddNode _,
                    Action.RegisterSecondary _,
                    Action.AdoptNode _,
                    Action.ReplaceEmptyNode _,
                    Action.DisableNode _,
                    Action.StopDrain _,
                    Action.StopRebalance _ -> Optional.empty();
        };
    }
}
