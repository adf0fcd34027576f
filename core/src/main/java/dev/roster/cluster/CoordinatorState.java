package dev.roster.cluster;

import java.time.Instant;
import java.util.Optional;

/**
 * The coordinator as it described itself in the statement that read the snapshot.
 *
 * @param dialed the address Roster reached it by
 * @param database the database of this cluster
 * @param systemIdentifier its {@code pg_control_system()} identifier
 * @param startTime its {@code pg_postmaster_start_time()}: with the identifier it names this running server, which tells it
 *     from a worker made from the same image; empty if it could not be told
 * @param citusVersion {@code extversion} of the extension, such as {@code 13.2-1}
 * @param registered the address of the coordinator's own row in {@code pg_dist_node}; empty while it has none
 * @param hasReferenceTables whether the cluster has reference tables, which change how a dead node is removed
 * @param hasTables whether the cluster has any Citus table
 */
public record CoordinatorState(
        HostPort dialed,
        String database,
        String systemIdentifier,
        Optional<Instant> startTime,
        String citusVersion,
        Optional<HostPort> registered,
        boolean hasReferenceTables,
        boolean hasTables) {}
