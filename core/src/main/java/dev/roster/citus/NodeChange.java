package dev.roster.citus;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.execute.Refusal;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.Identity;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The actions on one transaction: what is checked, what is called, what is verified. Nothing is written to the ledger here,
 * and nothing committed.
 */
final class NodeChange {

    private final Session session;
    private final ErrorCatalogue catalogue;

    NodeChange(Session session, ErrorCatalogue catalogue) {
        this.session = session;
        this.catalogue = catalogue;
    }

    /** What came of an action, as far as this transaction goes. */
    sealed interface Result {

        /** Done; the row's id and group afterwards, or before it was removed. */
        record Done(NodeId node, GroupId group, boolean onlyDisabled) implements Result {
            Done(NodeId node, GroupId group) {
                this(node, group, false);
            }
        }

        /** True already. */
        record Already(String sentence) implements Result {}

        /** Not done, since what it was planned for has changed. */
        record Outdated(String sentence) implements Result {}
    }

    Result setCoordinatorAddress(Action.SetCoordinatorAddress action, NodeCalls.Before before)
            throws SQLException, RefusedException {
        Optional<HostPort> registered = before.coordinator().map(Node::address);
        if (registered.equals(Optional.of(action.address()))) {
            return new Result.Already("The coordinator is registered as " + action.address() + " already");
        }
        if (!registered.equals(action.previous())) {
            return new Result.Outdated("The coordinator's address is "
                    + registered.map(HostPort::toString).orElse("not registered") + " by now");
        }
        NodeCalls.setCoordinatorHost(session, action.address());
        session.forgetWarnings();
        NodeCalls.After after = NodeCalls.after(session, List.of(), List.of(action.address()));
        Optional<Identity> said = after.identity(action.address());
        String own = Json.required(before.self(), "system");
        if (said.isPresent() && !said.get().systemIdentifier().equals(own)) {
            throw refused(
                    action.address(),
                    Situation.BAD_ADDRESS,
                    "another server answers there than this coordinator",
                    "set ROSTER_COORDINATOR_ADVERTISED to the address at which workers reach the coordinator");
        }
        if (said.isEmpty() && !NodeCalls.canConnect(session, action.address()) && !refusesLoginOnly(action.address())) {
            String words = session.warnings().isEmpty()
                    ? "no answer"
                    : session.warnings().getLast().message();
            throw refused(
                    action.address(),
                    Situation.BAD_ADDRESS,
                    "the coordinator does not reach itself there (" + words + ")",
                    "set ROSTER_COORDINATOR_ADVERTISED to the address at which workers reach the coordinator");
        }
        NodeId node = NodeCalls.before(session, List.of(), List.of())
                .coordinator()
                .map(Node::id)
                .orElseThrow(() -> new SQLException("the coordinator has no row after it was set", "XX000"));
        return new Result.Done(node, GroupId.COORDINATOR);
    }

    /** A refused login shows that somebody answers there, and Citus itself needs that login only for some commands. */
    private boolean refusesLoginOnly(HostPort address) {
        if (session.warnings().isEmpty()) {
            return false;
        }
        Warned last = session.warnings().getLast();
        Refusal why = catalogue.refusal(
                address, "a connection", new SQLException(last.message(), last.sqlState()), session.warnings());
        return why.situation() == Situation.LOGIN_REFUSED;
    }

    /** An add without its verification, which {@link #verifyAdded} does for all adds of the transaction at once. */
    Result add(Action.AddNode action, NodeCalls.Before before) throws SQLException {
        Optional<Node> row = before.at(action.address());
        if (row.isPresent() && row.get().isActive()) {
            return new Result.Already("Node " + row.get().address() + " is there already, as group "
                    + row.get().group());
        }
        if (row.isPresent()) {
            return new Result.Outdated("Node " + row.get().address() + " is there by now, but inactive");
        }
        NodeId node = NodeCalls.add(session, action.address(), action.worker().group());
        return new Result.Done(node, new GroupId(0));
    }

    /** A row that this transaction added, and what its server has to be. */
    record Added(
            NodeId node,
            HostPort address,
            Optional<Identity> identity,
            Optional<String> comparedWith,
            Optional<Boolean> shouldHaveShards) {

        Added(NodeId node, Action.AddNode add) {
            this(node, add.address(), add.identity(), add.comparedWith(), add.shouldHaveShards());
        }
    }

    /**
     * Asks the servers behind the new rows who they are; another than the one probed, or other tables than those it was
     * compared with, roll everything back, with them the drop of a local table that Citus made.
     */
    List<Result.Done> verifyAdded(List<Added> added) throws SQLException, RefusedException {
        NodeCalls.After after = NodeCalls.after(
                session,
                added.stream().map(Added::node).toList(),
                added.stream()
                        .filter(each -> each.identity().isPresent())
                        .map(Added::address)
                        .toList());
        List<Result.Done> done = new ArrayList<>();
        for (Added each : added) {
            HostPort address = each.address();
            if (each.identity().isPresent()) {
                requireIdentity(address, each.identity().get(), after.identity(address));
            }
            requireSameTables(each, after);
            Node row = after.with(each.node()).orElseThrow(() -> noRow(address));
            if (!row.isActive()
                    || row.role() != NodeRole.PRIMARY
                    || !row.address().equals(address)) {
                throw refused(
                        address,
                        Situation.OTHER,
                        "its new row is not as expected (" + row + ")",
                        "look at pg_dist_node");
            }
            Optional<Boolean> property = each.shouldHaveShards();
            if (property.isPresent() && property.get() != row.shouldHaveShards()) {
                NodeCalls.setShouldHaveShards(session, address, property.get());
            }
            done.add(new Result.Done(row.id(), row.group()));
        }
        return done;
    }

    Result adopt(Action.AdoptNode action, NodeCalls.Before before) {
        Optional<Result> changed = changed(action.node(), before);
        return changed.orElseGet(
                () -> new Result.Done(action.node().id(), action.node().group()));
    }

    Result activate(Action.ActivateNode action, NodeCalls.Before before) throws SQLException, RefusedException {
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
            NodeCalls.After now = NodeCalls.after(session, List.of(), List.of(action.address()));
            requireIdentity(action.address(), expected, now.identity(action.address()));
        }
        NodeCalls.activate(session, action.node().address());
        return new Result.Done(action.node().id(), action.node().group());
    }

    Result remove(Action.RemoveNode action, NodeCalls.Before before) throws SQLException, RefusedException {
        if (action.node().isCoordinator()) {
            throw refused(
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
        Node row = before.with(action.node().id()).orElseThrow(() -> noRow(action.address()));
        requireEmpty(row, before);
        if (action.serverIsDead() && row.isActive() && before.hasReferenceTables()) {
            // Only this order never contacts the dead server (CITUS.md section 4).
            NodeCalls.disable(session, row.address(), true);
        }
        NodeCalls.remove(session, row.address());
        return new Result.Done(row.id(), row.group());
    }

    /**
     * The first step for one of several dead nodes while there are reference tables: none of them can be removed before the
     * others are disabled, each in a transaction of its own (CITUS.md section 4).
     */
    Result disableBeforeRemoval(Action.RemoveNode action, NodeCalls.Before before)
            throws SQLException, RefusedException {
        Optional<Result> changed = changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        Node row = before.with(action.node().id()).orElseThrow(() -> noRow(action.address()));
        if (!row.isActive() || before.isFirstWorker(row.id())) {
            return new Result.Outdated("Node " + row.address() + " has to wait for the other dead ones");
        }
        requireEmpty(row, before);
        NodeCalls.disable(session, row.address(), false);
        return new Result.Done(row.id(), row.group(), true);
    }

    Result replace(Action.ReplaceEmptyNode action, NodeCalls.Before before) throws SQLException, RefusedException {
        Optional<Result> changed = changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        Node old = before.with(action.node().id()).orElseThrow(() -> noRow(action.address()));
        requireEmpty(old, before);
        NodeCalls.remove(session, old.address());
        HostPort address = action.worker().address();
        NodeId node = NodeCalls.add(session, address, action.worker().group());
        return verifyAdded(List.of(new Added(
                        node,
                        address,
                        Optional.of(action.identity()),
                        action.comparedWith(),
                        Optional.of(old.shouldHaveShards()))))
                .getFirst();
    }

    Result disable(Action.DisableNode action, NodeCalls.Before before) throws SQLException, RefusedException {
        Optional<Node> row = before.with(action.node().id());
        if (row.isPresent() && !row.get().isActive()) {
            return new Result.Already("Node " + action.address() + " is inactive already");
        }
        Optional<Result> changed = changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        if (before.placements(action.node().group()).hasSoleCopies()) {
            throw soleCopies(action.address(), before.placements(action.node().group()));
        }
        NodeCalls.disable(
                session,
                action.node().address(),
                before.isFirstWorker(action.node().id()));
        return new Result.Done(action.node().id(), action.node().group());
    }

    /** Whether the row is no longer the one that the plan was made for. */
    private static Optional<Result> changed(Node planned, NodeCalls.Before before) {
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

    private static void requireEmpty(Node row, NodeCalls.Before before) throws RefusedException {
        Placements carried = before.placements(row.group());
        if (!carried.isEmptyEnoughToRemove()) {
            throw soleCopies(row.address(), carried);
        }
    }

    private static RefusedException soleCopies(HostPort address, Placements carried) {
        int sole = carried.soleDistributed() + carried.soleReference();
        return refused(
                address,
                Situation.SOLE_PLACEMENT,
                "it holds " + carried.distributed() + " distributed placements, and of " + sole
                        + " shards the only copy",
                "move its shards away first: SELECT citus_drain_node('"
                        + address.host().replace("'", "''") + "', " + address.port() + ");");
    }

    private static void requireIdentity(HostPort address, Identity expected, Optional<Identity> said)
            throws RefusedException {
        if (said.isEmpty()) {
            throw refused(
                    address,
                    Situation.NODE_UNREACHABLE,
                    "the server there could not be asked who it is",
                    "nothing to do if it is starting; else look at its log");
        }
        boolean sameServerId = expected.serverId().isEmpty()
                || said.get().serverId().isEmpty()
                || expected.serverId().equals(said.get().serverId());
        if (!expected.sameData(said.get()) || !sameServerId) {
            throw refused(
                    address,
                    Situation.IDENTITY_CHANGED,
                    "the server there is " + said.get() + " and not " + expected
                            + " as expected, so nothing was changed",
                    "nothing to do, it is probed again; if this lasts, two servers answer under this name");
        }
    }

    private static void requireSameTables(Added added, NodeCalls.After after) throws RefusedException {
        if (added.comparedWith()
                .filter(names -> !names.equals(after.tableNames()))
                .isPresent()) {
            throw refused(
                    added.address(),
                    Situation.TABLES_CHANGED,
                    "the cluster's tables changed since the server there was asked for tables of the same names",
                    "nothing to do, it is asked again");
        }
    }

    private static RefusedException noRow(HostPort address) {
        return refused(address, Situation.OTHER, "its row is missing", "look at pg_dist_node");
    }

    private static RefusedException refused(HostPort address, Situation situation, String seen, String remedy) {
        return new RefusedException(new Refusal(situation, address + ": " + seen, remedy, "", Optional.empty()));
    }
}
