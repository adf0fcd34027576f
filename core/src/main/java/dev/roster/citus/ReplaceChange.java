package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.util.Optional;

/** The two parts of a replacement on one transaction. */
final class ReplaceChange {

    private final Session session;
    private final IdentityQuestions questions;
    private final CoordinatorSettings.Limits limits;

    ReplaceChange(Session session, IdentityQuestions questions, CoordinatorSettings.Limits limits) {
        this.session = session;
        this.questions = questions;
        this.limits = limits;
    }

    /** The row leads to the empty server from now on, if it is the one probed and the lost one still does not answer. */
    NodeChange.Result takeOver(Action.TakeOver action, NodeCalls.Before before) throws SQLException, RefusedException {
        Optional<NodeChange.Result> changed = NodeChange.changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        Node row = action.node();
        if (!before.placements(row.group()).hasSoleCopies()) {
            return new NodeChange.Result.Outdated("Node " + row.address() + " holds no only copy of a shard any more");
        }
        HostPort target = action.worker().address();
        new LastLook(session, limits).require(action, Json.required(before.self(), "system"));
        questions.ask(target);
        if (!action.staysInPlace()) {
            ReplaceCalls.update(session, row.id(), target);
        }
        return new NodeChange.Result.Added(
                row.id(), target, Optional.of(action.identity()), action.comparedWith(), Optional.empty());
    }

    NodeChange.Result rebuild(Action.RebuildShards action, NodeCalls.Before before)
            throws SQLException, RefusedException {
        Optional<NodeChange.Result> changed = NodeChange.changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        if (action.member().identity().isPresent()) {
            AddedNodes.requireIdentity(
                    action.address(),
                    action.member().identity().get(),
                    NodeCalls.identityOf(session, action.address()));
        }
        return new NodeChange.Result.Rebuild(new ShardRebuild(session, action.node(), limits).step());
    }
}
