package dev.roster.identity;

import dev.roster.cluster.GroupId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server says of itself, in one answer to one query.
 *
 * @param identity its identity
 * @param startTime {@code pg_postmaster_start_time()}: with the identity, it names one running server under any address
 * @param inRecovery {@code pg_is_in_recovery()}
 * @param readOnly {@code transaction_read_only}
 * @param timeline the current timeline, 0 if it could not be told
 * @param lsn the current or replayed LSN as text, such as {@code 0/3000060}
 * @param localGroup {@code pg_dist_local_group.groupid}; a server that never belonged anywhere says 0
 * @param nodes rows of its own {@code pg_dist_node}
 * @param relationPresent whether the relation that was asked about exists; empty if none was asked about
 * @param candidate the costlier facts that only a possible new member is asked; empty after a short probe
 * @param forks where it left each timeline that it descends from, as its timeline's history file says; empty for a standby,
 *     for a server of the first timeline, and where the role may not read that file
 */
public record ServerReport(
        Identity identity,
        Instant startTime,
        boolean inRecovery,
        boolean readOnly,
        int timeline,
        String lsn,
        GroupId localGroup,
        int nodes,
        Optional<Boolean> relationPresent,
        Optional<Candidate> candidate,
        Map<Integer, String> forks) {

    public ServerReport {
        forks = Map.copyOf(forks);
    }

    /** What a server says of itself whose timeline has no history. */
    public ServerReport(
            Identity identity,
            Instant startTime,
            boolean inRecovery,
            boolean readOnly,
            int timeline,
            String lsn,
            GroupId localGroup,
            int nodes,
            Optional<Boolean> relationPresent,
            Optional<Candidate> candidate) {
        this(
                identity,
                startTime,
                inRecovery,
                readOnly,
                timeline,
                lsn,
                localGroup,
                nodes,
                relationPresent,
                candidate,
                Map.of());
    }

    /** Whether it accepts writes. */
    public boolean isWritable() {
        return !inRecovery && !readOnly;
    }

    /** Whether both answers came from one and the same running server. */
    public boolean sameServer(ServerReport other) {
        return identity.equals(other.identity) && startTime.equals(other.startTime);
    }

    /**
     * Facts that decide whether a server may become a member.
     *
     * @param extensionVersion {@code extversion} of citus; empty if the extension is not in the database
     * @param preloaded whether {@code shared_preload_libraries} names citus
     * @param citusTables rows of its own {@code pg_dist_partition}
     * @param ownDistributedPlacements placements that its own catalog lists for its own local group, without reference
     *     tables
     * @param clashingTables local tables named like a distributed table of this cluster, schema-qualified, a few at most;
     *     {@code citus_add_node} would drop them
     * @param shardNamedRelations relations whose name is that of a Citus table of this cluster and one of its shard ids, a
     *     few at most
     * @param coordinatorIdentifier the system identifier of the coordinator that this server's metadata points to, asked
     *     through that server; empty if it has none or it could not be reached, which proves nothing
     * @param comparedWith a fingerprint of this cluster's table names at that moment: {@code clashingTables} holds only as
     *     long as it is the same
     */
    public record Candidate(
            Optional<String> extensionVersion,
            boolean preloaded,
            int citusTables,
            int ownDistributedPlacements,
            List<String> clashingTables,
            List<String> shardNamedRelations,
            Optional<String> coordinatorIdentifier,
            String comparedWith) {

        public Candidate {
            clashingTables = List.copyOf(clashingTables);
            shardNamedRelations = List.copyOf(shardNamedRelations);
        }
    }

    /** Whether the server belongs nowhere: local group 0, no nodes, no Citus tables, no shard-named relations. */
    public boolean isBlank() {
        return localGroup.equals(GroupId.COORDINATOR)
                && nodes == 0
                && candidate
                        .map(facts -> facts.citusTables() == 0
                                && facts.shardNamedRelations().isEmpty())
                        .orElse(false);
    }
}
