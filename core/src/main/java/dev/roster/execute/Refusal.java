package dev.roster.execute;

import dev.roster.cluster.HostPort;
import java.util.Optional;

/**
 * Why an action was refused, as a named situation (docs/citus.md section 10).
 *
 * @param situation the name of the situation
 * @param sentence what was tried and what was seen, for a person
 * @param remedy what a person can do, such as a line to paste
 * @param sqlState the SQLSTATE that tells most: the one of the remote side if it came as a warning; empty if none
 * @param culprit the node that caused it, if it is not the one concerned: another member that does not answer
 */
public record Refusal(
        Situation situation, String sentence, String remedy, String sqlState, Optional<HostPort> culprit) {

    /**
     * Whether another node is the cause, one that does not answer or lacks the metadata still: while that is so Citus refuses
     * every change that needs all nodes, whichever node it is for.
     */
    public boolean isBecauseOfAnotherNode() {
        return switch (situation) {
            case OTHER_NODE_UNREACHABLE, METADATA_OUT_OF_SYNC -> true;
            case NODE_UNREACHABLE,
                    LOGIN_REFUSED,
                    DATABASE_MISSING,
                    EXTENSION_UNFIT,
                    READ_ONLY,
                    IS_COORDINATOR,
                    ALREADY_REGISTERED_OTHERWISE,
                    IDENTITY_CHANGED,
                    NOT_THE_DATA,
                    TWIN,
                    TABLES_CHANGED,
                    SOLE_PLACEMENT,
                    LEFTOVERS,
                    REBALANCE_RUNNING,
                    NO_REPLICA_IDENTITY,
                    NO_TARGET,
                    WAL_LEVEL,
                    COORDINATOR_IS_LOOPBACK,
                    LOCKED,
                    PERMISSION,
                    NOT_THE_COORDINATOR,
                    BAD_ADDRESS,
                    OTHER -> false;
        };
    }

    /** The situations that the error catalogue tells apart. */
    public enum Situation {
        /** The node itself cannot be reached from the coordinator. */
        NODE_UNREACHABLE,
        /** Another active node cannot be reached, and Citus changes no node while that is so. */
        OTHER_NODE_UNREACHABLE,
        /** A node is still to receive the metadata (55000, out of sync). */
        METADATA_OUT_OF_SYNC,
        /** The node refuses the coordinator's login. */
        LOGIN_REFUSED,
        /** The node lacks the database. */
        DATABASE_MISSING,
        /** The node lacks the extension, or has another version of it, or does not preload it. */
        EXTENSION_UNFIT,
        /** The node is a standby or read-only. */
        READ_ONLY,
        /** The node is the coordinator itself. */
        IS_COORDINATOR,
        /** The server is registered under another name already (self-deadlock). */
        ALREADY_REGISTERED_OTHERWISE,
        /** The verification found another server than the one probed. */
        IDENTITY_CHANGED,
        /** The server at a new address is not one that has the node's data: another group, or without its shards. */
        NOT_THE_DATA,
        /** The node's data is writable in two places. */
        TWIN,
        /** The cluster has other tables than those the server was compared with, and one might clash with a local one. */
        TABLES_CHANGED,
        /** The node holds the only copy of a shard. */
        SOLE_PLACEMENT,
        /** On the node's server are tables of shards that moved away, which Citus has still to drop. */
        LEFTOVERS,
        /** Citus moves shards for another rebalance already. */
        REBALANCE_RUNNING,
        /** A table's rows cannot be told apart by logical replication. */
        NO_REPLICA_IDENTITY,
        /** Too few other nodes take shards. */
        NO_TARGET,
        /** A server's {@code wal_level} allows no logical replication. */
        WAL_LEVEL,
        /** The coordinator's own address is a loopback name. */
        COORDINATOR_IS_LOOPBACK,
        /** Somebody else holds a lock, or the statement took too long (55P03, 57014). */
        LOCKED,
        /** The role may not do this (42501, or superuser needed). */
        PERMISSION,
        /** Connected to something that is not the writable coordinator. */
        NOT_THE_COORDINATOR,
        /** Citus refuses the address itself. */
        BAD_ADDRESS,
        /** Anything else; the server's words are in the sentence. */
        OTHER
    }
}
