package dev.roster.citus;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.Placements;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.Identity;
import dev.roster.ledger.Member;
import dev.roster.ledger.Rebuilt;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * The actions on one transaction: what is checked, what is called, what is verified. Nothing is written to the ledger here,
 * and nothing committed.
 */
final class NodeChange {

    private final Session session;
    private final ErrorCatalogue catalogue;
    private final IdentityQuestions questions;
    private final CoordinatorSettings.Limits limits;

    NodeChange(
            Session session, ErrorCatalogue catalogue, IdentityQuestions questions, CoordinatorSettings.Limits limits) {
        this.session = session;
        this.catalogue = catalogue;
        this.questions = questions;
        this.limits = limits;
    }

    /** What came of an action, as far as this transaction goes. */
    sealed interface Result {

        /**
         * Done; the row's id and group afterwards, or before it was removed, the job that was started for it, and what a person
         * should know of it.
         */
        record Done(NodeId node, GroupId group, Optional<Long> job, Optional<String> remark) implements Result {
            Done(NodeId node, GroupId group) {
                this(node, group, Optional.empty(), Optional.empty());
            }

            Done(NodeId node, GroupId group, Optional<Long> job) {
                this(node, group, job, Optional.empty());
            }
        }

        /** A row that was added and is still to be verified, and what its server has to be. */
        record Added(
                NodeId node,
                HostPort address,
                Optional<Identity> identity,
                Optional<String> comparedWith,
                Optional<Boolean> shouldHaveShards)
                implements Result {}

        /** Of a removal only the first step is done, which is worth to be kept; and why not the rest. */
        record OnlyDisabled(Member member, Refusal why) implements Result {}

        /** A step towards the shards of a lost server. */
        record Rebuild(Rebuilt rebuilt) implements Result {}

        /** True already. */
        record Already(String sentence) implements Result {}

        /** Not done, since what it was planned for has changed. */
        record Outdated(String sentence) implements Result {}
    }

    /** Checks and calls; what it added is not verified yet. */
    Result make(Action action, NodeCalls.Before before) throws SQLException, RefusedException {
        return switch (action) {
            case Action.SetCoordinatorAddress set -> new CoordinatorAddressChange(session, catalogue).make(set, before);
            case Action.AddNode add -> add(add, before);
            case Action.RegisterSecondary register -> new SecondaryChange(session).register(register, before);
            case Action.AdoptNode adopt -> adopt(adopt, before);
            case Action.ActivateNode activate -> activate(activate, before);
            case Action.RemoveNode remove -> remove(remove, before);
            case Action.ReplaceEmptyNode replace -> replace(replace, before);
            case Action.DisableNode disable -> disable(disable, before);
            case Action.UpdateNodes update -> new AddressChange(session).make(update, before);
            case Action.StartDrain start -> new DrainChange(session).start(start, before);
            case Action.StopDrain stop -> new DrainChange(session).stop(stop, before);
            case Action.StartRebalance start -> new RebalanceChange(session).start(start);
            case Action.StopRebalance stop -> new RebalanceChange(session).stop(stop);
            case Action.TakeOver takeOver -> new ReplaceChange(session, questions, limits).takeOver(takeOver, before);
            case Action.RebuildShards rebuild -> new ReplaceChange(session, questions, limits).rebuild(rebuild, before);
        };
    }

    /** Verifies all that was added. */
    List<Result> verified(List<Result> results) throws SQLException, RefusedException {
        return new AddedNodes(session, questions).verified(results);
    }

    /** An add without its verification, which {@link #verified} does for all adds of the transaction at once. */
    Result add(Action.AddNode action, NodeCalls.Before before) throws SQLException {
        Optional<Node> row = before.at(action.address());
        if (row.isPresent() && row.get().isActive()) {
            return new Result.Already("Node " + row.get().address() + " is there already, as group "
                    + row.get().group());
        }
        if (row.isPresent()) {
            return new Result.Outdated("Node " + row.get().address() + " is there by now, but inactive");
        }
        action.identity().ifPresent(_ -> questions.ask(action.address()));
        NodeId node = NodeCalls.add(session, action.address(), action.worker().group());
        return new Result.Added(
                node, action.address(), action.identity(), action.comparedWith(), action.shouldHaveShards());
    }

    private Result adopt(Action.AdoptNode action, NodeCalls.Before before) {
        Optional<Result> changed = changed(action.node(), before);
        return changed.orElseGet(
                () -> new Result.Done(action.node().id(), action.node().group()));
    }

    private Result activate(Action.ActivateNode action, NodeCalls.Before before) throws SQLException, RefusedException {
        Optional<Node> row = before.with(action.node().id());
        if (row.isPresent() && row.get().isActive()) {
            return new Result.Already("Node " + action.address() + " is active already");
        }
        Optional<Result> changed = changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        if (action.member().identity().isPresent()) {
            // Asked before the call too: it would already bring this cluster's tables to a foreign server.
            Identity expected = action.member().identity().get();
            AddedNodes.requireIdentity(action.address(), expected, NodeCalls.identityOf(session, action.address()));
        }
        NodeCalls.activate(session, action.node().address());
        return new Result.Done(action.node().id(), action.node().group());
    }

    private Result remove(Action.RemoveNode action, NodeCalls.Before before) throws SQLException, RefusedException {
        if (action.node().isCoordinator()) {
            throw NodeRefusals.because(
                    action.address(),
                    Situation.IS_COORDINATOR,
                    "it is the coordinator's own row",
                    "nothing; Roster never removes the coordinator");
        }
        if (before.with(action.node().id()).isEmpty()) {
            return new Result.Already("Node " + action.address() + " is gone already");
        }
        Optional<Result> changed = changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        Node row = before.with(action.node().id()).orElseThrow(() -> NodeRefusals.noRow(action.address()));
        if (action.isOfSecondary()) {
            NodeCalls.remove(session, row.address());
            return new Result.Done(row.id(), row.group());
        }
        if (action.order().isEmpty()) {
            requireEmpty(row, before);
        } else {
            requireNoSoleCopies(row, before);
        }
        List<String> leftovers = leftovers(row, before);
        if (!action.serverIsDead()) {
            requireNone(leftovers, row.address(), action.member().identity());
        }
        if (action.serverIsDead() && row.isActive() && before.hasReferenceTables()) {
            // Only this order never contacts the dead server (docs/citus.md section 4).
            NodeCalls.disable(session, row.address(), true);
        }
        NodeCalls.remove(session, row.address());
        return new Result.Done(
                row.id(),
                row.group(),
                Optional.empty(),
                Optional.of(leftovers).filter(tables -> !tables.isEmpty()).map(NodeRefusals::leftBehind));
    }

    /**
     * The first step for one of several dead nodes while there are reference tables: none of them can be removed before the
     * others are disabled, each in a transaction of its own (docs/citus.md section 4).
     *
     * @param why what keeps the removal itself from being made
     */
    Result disableBeforeRemoval(Action.RemoveNode action, Refusal why, NodeCalls.Before before)
            throws SQLException, RefusedException {
        Optional<Result> changed = changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        Node row = before.with(action.node().id()).orElseThrow(() -> NodeRefusals.noRow(action.address()));
        if (action.isOfSecondary() || !row.isActive() || before.isFirstWorker(row.id())) {
            return new Result.Outdated("Node " + row.address() + " has to wait for the other dead ones");
        }
        requireEmpty(row, before);
        NodeCalls.disable(session, row.address(), false);
        return new Result.OnlyDisabled(action.member(), why);
    }

    private Result replace(Action.ReplaceEmptyNode action, NodeCalls.Before before)
            throws SQLException, RefusedException {
        Optional<Result> changed = changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        Node old = before.with(action.node().id()).orElseThrow(() -> NodeRefusals.noRow(action.address()));
        requireEmpty(old, before);
        requireNone(leftovers(old, before), old.address(), Optional.of(action.identity()));
        NodeCalls.remove(session, old.address());
        HostPort address = action.worker().address();
        questions.ask(address);
        NodeId node = NodeCalls.add(session, address, action.worker().group());
        return new Result.Added(
                node,
                address,
                Optional.of(action.identity()),
                action.comparedWith(),
                Optional.of(old.shouldHaveShards()));
    }

    private Result disable(Action.DisableNode action, NodeCalls.Before before) throws SQLException, RefusedException {
        Optional<Node> row = before.with(action.node().id());
        if (row.isPresent() && !row.get().isActive()) {
            return new Result.Already("Node " + action.address() + " is inactive already");
        }
        Optional<Result> changed = changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        requireNoSoleCopies(action.node(), before);
        NodeCalls.disable(
                session,
                action.node().address(),
                before.isFirstWorker(action.node().id()));
        return new Result.Done(action.node().id(), action.node().group());
    }

    /** Whether the row is no longer the one that the plan was made for. */
    static Optional<Result> changed(Node planned, NodeCalls.Before before) {
        Optional<Node> row = before.with(planned.id());
        if (row.isEmpty()) {
            return Optional.of(new Result.Outdated("Node " + planned.address() + " is gone by now"));
        }
        Node now = row.get();
        boolean same = now.address().equals(planned.address())
                && now.group().equals(planned.group())
                && now.role() == planned.role()
                && now.isActive() == planned.isActive()
                && now.isClone() == planned.isClone();
        return same
                ? Optional.empty()
                : Optional.of(new Result.Outdated("The row of node " + planned.address() + " has changed by now"));
    }

    private List<String> leftovers(Node row, NodeCalls.Before before) throws SQLException {
        return before.keepsLeftovers() ? Leftovers.of(session, row.group()) : List.of();
    }

    /** Citus drops tables on whatever server answers at the row's address, so that has to be the right one. */
    private void requireNone(List<String> leftovers, HostPort address, Optional<Identity> expected)
            throws SQLException, RefusedException {
        if (leftovers.isEmpty()) {
            return;
        }
        if (expected.isPresent()) {
            AddedNodes.requireIdentity(address, expected.get(), NodeCalls.identityOf(session, address));
        }
        throw NodeRefusals.leftovers(address, leftovers);
    }

    private static void requireNoSoleCopies(Node row, NodeCalls.Before before) throws RefusedException {
        Placements carried = before.placements(row.group());
        if (carried.hasSoleCopies()) {
            throw NodeRefusals.soleCopies(row.address(), carried);
        }
    }

    private static void requireEmpty(Node row, NodeCalls.Before before) throws RefusedException {
        Placements carried = before.placements(row.group());
        if (!carried.isEmptyEnoughToRemove()) {
            throw NodeRefusals.soleCopies(row.address(), carried);
        }
    }
}
