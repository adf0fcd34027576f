package dev.roster.cluster;

import java.util.List;

/**
 * Asks every node how much it holds. It contacts each of them, so it is never part of a pass and is asked rarely; every wait is
 * bounded, and it changes nothing.
 */
@FunctionalInterface
public interface NodeSizes {

    /**
     * What they say now, one for each row of {@code pg_dist_node}, in the snapshot's order.
     *
     * @throws CoordinatorUnavailable if the coordinator itself cannot be asked
     */
    List<NodeSize> look() throws CoordinatorUnavailable;
}
