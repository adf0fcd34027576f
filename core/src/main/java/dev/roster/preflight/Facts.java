package dev.roster.preflight;

import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.identity.ProbeFailure;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an inspection saw.
 *
 * @param at when
 * @param coordinator the coordinator as every snapshot tells it
 * @param role the role that Roster logs in with, and what it lacks
 * @param here what the coordinator's own server says
 * @param nodes the rows of {@code pg_dist_node}, the coordinator's among them
 * @param distributed how many distributed placements each of them carries
 * @param members the rows that the ledger knows as members; empty if there is no ledger that could tell
 * @param answers what the active nodes said, or why they could not be asked
 * @param shardsWithoutPlacement shards that no node has any more
 * @param orphanedTables tables of shards that moved away from nodes which are gone by now, so that Citus never drops them
 * @param otherDatabases other databases of the coordinator's server in which Citus' daemon runs
 */
public record Facts(
        Instant at,
        CoordinatorState coordinator,
        Role role,
        ServerFacts here,
        List<Node> nodes,
        Map<NodeId, Integer> distributed,
        Optional<Set<NodeId>> members,
        Map<HostPort, Answer> answers,
        List<Long> shardsWithoutPlacement,
        List<String> orphanedTables,
        List<String> otherDatabases) {

    public Facts {
        nodes = List.copyOf(nodes);
        distributed = Map.copyOf(distributed);
        members = members.map(Set::copyOf);
        answers = Map.copyOf(answers);
        shardsWithoutPlacement = List.copyOf(shardsWithoutPlacement);
        orphanedTables = List.copyOf(orphanedTables);
        otherDatabases = List.copyOf(otherDatabases);
    }

    /**
     * The role that Roster logs in with.
     *
     * @param name its name
     * @param isSuperuser whether everything is allowed to it
     * @param denied functions that Roster calls and that it may not execute, with their argument types
     * @param mayKeepLedger whether it may write, or make, the schema {@code roster}
     */
    public record Role(String name, boolean isSuperuser, List<String> denied, boolean mayKeepLedger) {

        public Role {
            denied = List.copyOf(denied);
        }
    }

    /** What came of asking a node through the coordinator. */
    public sealed interface Answer {

        /**
         * It answered.
         *
         * @param server what it says of itself
         * @param unreachable the active nodes that it cannot connect to, itself perhaps among them
         * @param coordinator {@code system_identifier} of whom it takes for the coordinator; empty if it cannot ask
         */
        record Said(ServerFacts server, List<HostPort> unreachable, Optional<String> coordinator) implements Answer {

            public Said {
                unreachable = List.copyOf(unreachable);
            }
        }

        /**
         * It did not.
         *
         * @param cause what kind of failure it is
         * @param why the same in words, as told by Citus or libpq
         */
        record Silent(ProbeFailure cause, String why) implements Answer {}
    }

    /**
     * What a server says of itself.
     *
     * @param citusVersion {@code extversion}; empty without the extension
     * @param walLevel {@code wal_level}
     * @param maxWorkerProcesses {@code max_worker_processes}
     * @param maxPreparedTransactions {@code max_prepared_transactions}
     * @param oldPrepared prepared transactions older than five minutes
     */
    public record ServerFacts(
            Optional<String> citusVersion,
            String walLevel,
            int maxWorkerProcesses,
            int maxPreparedTransactions,
            List<Prepared> oldPrepared) {

        public ServerFacts {
            oldPrepared = List.copyOf(oldPrepared);
        }
    }

    /**
     * A transaction that was prepared and neither committed nor rolled back since.
     *
     * @param gid its name
     * @param since when it was prepared
     */
    public record Prepared(String gid, Instant since) {}
}
