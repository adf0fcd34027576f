package dev.roster.ledger;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import java.time.Instant;
import java.util.Optional;

/**
 * What is remembered of a member that was removed, so that it is known when it comes back.
 *
 * @param node its former {@code nodeid}
 * @param group its former group
 * @param address its last address
 * @param identity whose data it was
 * @param shouldHaveShards the property it had, restored when it is added again
 * @param removedAt when
 * @param removedBy who: {@code roster}, or the person's name for it
 */
public record Tombstone(
        NodeId node,
        GroupId group,
        HostPort address,
        Optional<Identity> identity,
        boolean shouldHaveShards,
        Instant removedAt,
        String removedBy) {

    /**
     * Whether this answer comes from the removed server, still running with the metadata it had as a member: Citus tells a
     * removed node nothing, so such a server can go on writing into the cluster's live shards (docs/citus.md section 4, ghosts).
     *
     * @param report what answers at the removed member's address
     */
    public boolean isGhost(ServerReport report) {
        return report.nodes() > 0
                && identity.map(report.identity()::sameData)
                        .orElse(report.localGroup().equals(group));
    }
}
