package dev.roster.citus;

import dev.roster.cluster.Node;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The two steps of a drain on one transaction. */
final class DrainChange {

    private final Session session;

    DrainChange(Session session) {
        this.session = session;
    }

    NodeChange.Result start(Action.StartDrain action, NodeCalls.Before before) throws SQLException {
        Optional<NodeChange.Result> changed = NodeChange.changed(action.node(), before);
        if (changed.isPresent()) {
            return changed.get();
        }
        Optional<Long> job =
                DrainCalls.start(session, action.node(), action.order().mode());
        return new NodeChange.Result.Done(action.node().id(), action.node().group(), job);
    }

    NodeChange.Result stop(Action.StopDrain action, NodeCalls.Before before) throws SQLException {
        return action.restore() ? restore(action, before) : stopJob(action);
    }

    /** Citus stops whatever runs, so it is asked only while that is the drain's own job. */
    private NodeChange.Result stopJob(Action.StopDrain action) throws SQLException {
        Node node = action.node();
        boolean runs = RebalanceQuery.read(session, List.of()).stream()
                .anyMatch(job ->
                        action.order().job().filter(own -> own == job.id()).isPresent());
        if (!runs) {
            return new NodeChange.Result.Already("The drain of " + node.address() + " has no job that runs");
        }
        DrainCalls.stop(session);
        return new NodeChange.Result.Done(node.id(), node.group());
    }

    private NodeChange.Result restore(Action.StopDrain action, NodeCalls.Before before) throws SQLException {
        Node planned = action.node();
        boolean wanted = action.order().shouldHaveShards();
        Optional<Node> row = before.with(planned.id());
        if (row.isEmpty()) {
            return new NodeChange.Result.Outdated("Node " + planned.address() + " is gone by now");
        }
        if (row.get().shouldHaveShards() == wanted) {
            return new NodeChange.Result.Already("Node " + planned.address() + " takes shards as before already");
        }
        NodeCalls.setShouldHaveShards(session, row.get().address(), wanted);
        return new NodeChange.Result.Done(planned.id(), planned.group());
    }
}
