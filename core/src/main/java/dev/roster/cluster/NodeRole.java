package dev.roster.cluster;

/** {@code pg_dist_node.noderole}. */
public enum NodeRole {
    /** The writable server of its group. */
    PRIMARY,
    /** A standby that Citus may read from, if told to. */
    SECONDARY,
    /** Any role this version of Roster does not know; never touched. */
    UNAVAILABLE
}
