package dev.roster.preflight;

import dev.roster.cluster.CoordinatorUnavailable;

/** Asks the coordinator and, through it, every node. Changes nothing; every wait is bounded. */
@FunctionalInterface
public interface Inspection {

    /**
     * What they say now.
     *
     * @throws CoordinatorUnavailable if the coordinator itself cannot be asked
     */
    Facts look() throws CoordinatorUnavailable;
}
