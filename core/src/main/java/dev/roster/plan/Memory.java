package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.identity.Identity;
import java.time.Instant;
import java.util.Map;

/**
 * What must be remembered between passes because one look cannot tell it. A value: each pass makes the next one from what it
 * observed. Lost at a restart, after which every clock starts anew, which is the safe side.
 *
 * @param absentSince since when each member's address has been missing from every complete sighting of its scope
 * @param newIdentity the other identity first seen at a member's address, and when; forgotten when the old one answers or a
 *     third appears
 * @param unsyncedSince since when a row has been active without {@code metadatasynced}
 * @param silentSince since when a node's address has given no sign of life to probes
 */
public record Memory(
        Map<HostPort, Instant> absentSince,
        Map<NodeId, SeenIdentity> newIdentity,
        Map<NodeId, Instant> unsyncedSince,
        Map<HostPort, Instant> silentSince) {

    /** What is remembered at start: nothing. */
    public static final Memory NONE = new Memory(Map.of(), Map.of(), Map.of(), Map.of());

    public Memory {
        absentSince = Map.copyOf(absentSince);
        newIdentity = Map.copyOf(newIdentity);
        unsyncedSince = Map.copyOf(unsyncedSince);
        silentSince = Map.copyOf(silentSince);
    }

    /**
     * An identity, when it was first seen there, and when last.
     *
     * @param identity the identity
     * @param firstSeen the time of the first probe that showed it
     * @param lastSeen the time of the latest
     */
    public record SeenIdentity(Identity identity, Instant firstSeen, Instant lastSeen) {}
}
