package dev.roster.citus;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.NodeId;
import dev.roster.ledger.Bookkeeping;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Starting and stopping a rebalance on one transaction. */
final class RebalanceChange {

    /** A rebalance is about no row; its books name none. */
    private static final NodeId NO_ROW = new NodeId(0);

    private static final String START = """
            SELECT pg_catalog.citus_rebalance_start(shard_transfer_mode := ?::citus.shard_transfer_mode)::text""";

    private final Session session;

    RebalanceChange(Session session) {
        this.session = session;
    }

    NodeChange.Result start(Action.StartRebalance action) throws SQLException {
        Optional<Long> job = Optional.ofNullable(
                        session.text(START, action.order().mode().word()))
                .map(Long::valueOf);
        return job.isEmpty()
                ? new NodeChange.Result.Already(Bookkeeping.NOTHING_TO_MOVE)
                : new NodeChange.Result.Done(NO_ROW, GroupId.COORDINATOR, job);
    }

    /** Citus stops whatever runs, so it is asked only while that is the order's own job. */
    NodeChange.Result stop(Action.StopRebalance action) throws SQLException {
        Optional<Long> own = action.order().job();
        boolean runs = RebalanceQuery.read(session, List.of()).stream()
                .anyMatch(job -> own.filter(id -> id == job.id()).isPresent());
        if (!runs) {
            return new NodeChange.Result.Already("The rebalance has no job that runs");
        }
        DrainCalls.stop(session);
        return new NodeChange.Result.Done(NO_ROW, GroupId.COORDINATOR);
    }
}
