package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.Identity;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The verification of the nodes that a transaction added. Another server than the one probed, or other tables than those it was
 * compared with, roll everything back, with them the drop of a local table that Citus made (docs/citus.md section 12).
 */
final class AddedNodes {

    private final Session session;
    private final IdentityQuestions questions;

    AddedNodes(Session session, IdentityQuestions questions) {
        this.session = session;
        this.questions = questions;
    }

    /** Each {@code Added} verified and thereby {@code Done}; the others as they are. */
    List<NodeChange.Result> verified(List<NodeChange.Result> results) throws SQLException, RefusedException {
        List<NodeChange.Result.Added> added = results.stream()
                .filter(NodeChange.Result.Added.class::isInstance)
                .map(NodeChange.Result.Added.class::cast)
                .toList();
        if (added.isEmpty()) {
            return results;
        }
        NodeCalls.After after = NodeCalls.after(
                session, added.stream().map(NodeChange.Result.Added::node).toList());
        List<NodeChange.Result> verified = new ArrayList<>();
        for (NodeChange.Result each : results) {
            verified.add(each instanceof NodeChange.Result.Added one ? verified(one, after) : each);
        }
        return verified;
    }

    private NodeChange.Result verified(NodeChange.Result.Added added, NodeCalls.After after)
            throws SQLException, RefusedException {
        HostPort address = added.address();
        if (added.identity().isPresent()) {
            requireIdentity(address, added.identity().get(), questions.answer(address));
        }
        requireSameTables(added, after);
        Node row = after.with(added.node()).orElseThrow(() -> NodeRefusals.noRow(address));
        if (!row.isActive() || row.role() != NodeRole.PRIMARY || !row.address().equals(address)) {
            throw NodeRefusals.because(
                    address, Situation.OTHER, "its new row is not as expected (" + row + ")", "look at pg_dist_node");
        }
        Optional<Boolean> property = added.shouldHaveShards();
        if (property.isPresent() && property.get() != row.shouldHaveShards()) {
            NodeCalls.setShouldHaveShards(session, address, property.get());
        }
        return new NodeChange.Result.Done(row.id(), row.group());
    }

    static void requireIdentity(HostPort address, Identity expected, Optional<Identity> said) throws RefusedException {
        if (said.isEmpty()) {
            throw NodeRefusals.because(
                    address,
                    Situation.NODE_UNREACHABLE,
                    "the server there could not be asked who it is",
                    "nothing to do if it is starting; else look at its log");
        }
        boolean sameServerId = expected.serverId().isEmpty()
                || said.get().serverId().isEmpty()
                || expected.serverId().equals(said.get().serverId());
        if (!expected.sameData(said.get()) || !sameServerId) {
            throw NodeRefusals.because(
                    address,
                    Situation.IDENTITY_CHANGED,
                    "the server there is " + said.get() + " and not " + expected
                            + " as expected, so nothing was changed",
                    "nothing to do, it is probed again; if this lasts, two servers answer under this name");
        }
    }

    private static void requireSameTables(NodeChange.Result.Added added, NodeCalls.After after)
            throws RefusedException {
        if (added.comparedWith()
                .filter(names -> !names.equals(after.tableNames()))
                .isPresent()) {
            throw NodeRefusals.because(
                    added.address(),
                    Situation.TABLES_CHANGED,
                    "the cluster's tables changed since the server there was asked for tables of the same names",
                    "nothing to do, it is asked again");
        }
    }
}
