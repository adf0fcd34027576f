package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ProbeRequest.Depth;
import dev.roster.identity.ServerReport;
import dev.roster.plan.Action;
import dev.roster.plan.Action.Found;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A standby that becomes a secondary, on one transaction. {@code citus_add_secondary_node} takes any address for it and asks
 * nobody there, so the standby and its primary are asked here, both at once.
 */
final class SecondaryChange {

    private final Session session;

    SecondaryChange(Session session) {
        this.session = session;
    }

    NodeChange.Result register(Action.RegisterSecondary action, NodeCalls.Before before)
            throws SQLException, RefusedException {
        Optional<Node> row = before.at(action.address());
        if (row.isPresent()) {
            return isSecondary(row.get(), action)
                    ? new NodeChange.Result.Already("Standby " + action.address() + " is a secondary of group "
                            + row.get().group() + " already")
                    : new NodeChange.Result.Outdated("Node " + action.address() + " is there by now");
        }
        Optional<NodeChange.Result> changed = NodeChange.changed(action.primary(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        Optional<NodeChange.Result> outdated = judged(action);
        if (outdated.isPresent()) {
            return outdated.get();
        }
        NodeId node = NodeCalls.addSecondary(
                session, action.address(), action.primary().address());
        boolean asWanted = NodeCalls.after(session, List.of(node))
                .with(node)
                .filter(made -> made.address().equals(action.address()) && isSecondary(made, action))
                .isPresent();
        if (!asWanted) {
            throw NodeRefusals.because(
                    action.address(),
                    Situation.OTHER,
                    "its row is not that of a secondary of group "
                            + action.primary().group() + " afterwards",
                    "look at pg_dist_node");
        }
        return new NodeChange.Result.Done(node, action.primary().group());
    }

    private static boolean isSecondary(Node row, Action.RegisterSecondary action) {
        return row.role() == NodeRole.SECONDARY
                && row.group().equals(action.primary().group());
    }

    /** Whether both are still what was judged: the primary writable, the standby in recovery with its data. */
    private Optional<NodeChange.Result> judged(Action.RegisterSecondary action) throws SQLException, RefusedException {
        HostPort address = action.address();
        HostPort primary = action.primary().address();
        Found found = action.server();
        Map<HostPort, ServerReport> answers = NodeCalls.ask(
                session,
                List.of(
                        new ProbeRequest(address, Depth.MEMBER, found.relation()),
                        new ProbeRequest(primary, Depth.MEMBER, Optional.empty())));
        Optional<ServerReport> answer = Optional.ofNullable(answers.get(address));
        AddedNodes.requireIdentity(address, found.report().identity(), answer.map(ServerReport::identity));
        ServerReport standby = answer.orElseThrow();
        ServerReport writable = answers.get(primary);
        if (writable == null || writable.inRecovery() || !writable.identity().sameData(standby.identity())) {
            throw NodeRefusals.because(
                    primary,
                    Situation.NODE_UNREACHABLE,
                    "it does not answer as the writable server with the data of " + address,
                    "nothing to do, both are judged anew");
        }
        if (!standby.inRecovery()) {
            return Optional.of(new NodeChange.Result.Outdated(address + " is in recovery no more"));
        }
        if (!standby.localGroup().equals(action.primary().group())
                || !standby.relationPresent().orElse(true)) {
            throw NodeRefusals.because(
                    address,
                    Situation.NOT_THE_DATA,
                    "it has not the shards of group " + action.primary().group(),
                    "look what it is; nothing was changed");
        }
        return Optional.empty();
    }
}
