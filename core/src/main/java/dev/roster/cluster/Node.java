package dev.roster.cluster;

/**
 * One row of {@code pg_dist_node}. Component names are Citus' own column words where the column is meant.
 *
 * @param id {@code nodeid}
 * @param group {@code groupid}
 * @param address {@code nodename} and {@code nodeport}
 * @param role {@code noderole}
 * @param cluster {@code nodecluster}, usually {@code default}
 * @param isActive the column of that name: the row takes part in queries and node changes
 * @param hasMetadata the column of that name: the server holds a copy of the metadata
 * @param metadataSynced the column of that name: the copy is up to date; an active node without it blocks most node changes (55000)
 * @param shouldHaveShards the column of that name: the rebalancer may place shards here
 * @param isClone {@code nodeisclone}, since Citus 13.2; false where the column does not exist
 */
public record Node(
        NodeId id,
        GroupId group,
        HostPort address,
        NodeRole role,
        String cluster,
        boolean isActive,
        boolean hasMetadata,
        boolean metadataSynced,
        boolean shouldHaveShards,
        boolean isClone) {

    /** Whether the row is the coordinator's own. */
    public boolean isCoordinator() {
        return group.equals(GroupId.COORDINATOR);
    }

    /** Whether the row is an active primary, so that almost every node change of any other node has to reach its server. */
    public boolean isActivePrimary() {
        return isActive && role == NodeRole.PRIMARY;
    }
}
