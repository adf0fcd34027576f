package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sightings;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What must be remembered between passes because one look cannot tell it. A value: each pass makes the next one from what it
 * observed. Lost at a restart, after which every clock starts anew, which is the safe side.
 *
 * @param absentSince since when each member's address has been missing from every complete sighting of its scope without a
 *     sign of life; a member is removed only after a probe later than this failed, so an older probe is due again
 * @param newIdentity the other identity first seen at a member's address, and when; forgotten when the old one answers or a
 *     third appears
 * @param unsyncedSince since when a row has been active without {@code metadatasynced}
 * @param silentSince since when a node's address has given no sign of life to probes
 * @param answering who answered last at the address of each sighted worker without a node
 * @param massDepartures scopes of which many members went at once, where absence is no proof
 * @param keptOutAbsentSince since when a server that a person drained or removed has been missing from complete sightings, by
 *     the order's {@link dev.roster.ledger.Intent#subject}
 * @param watches what was last heard of each primary's own server, and how often it has failed since
 */
public record Memory(
        Map<HostPort, Instant> absentSince,
        Map<NodeId, SeenIdentity> newIdentity,
        Map<NodeId, Instant> unsyncedSince,
        Map<HostPort, Instant> silentSince,
        Map<HostPort, Answering> answering,
        Map<Scope, MassDeparture> massDepartures,
        Map<String, Instant> keptOutAbsentSince,
        Map<NodeId, Watch> watches) {

    /** What is remembered at start: nothing. */
    public static final Memory NONE =
            new Memory(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    /** How far apart two probes must be to show that an identity has come to stay (rows 10 and 22). */
    static final Duration TWO_PROBES = Duration.ofSeconds(5);

    public Memory {
        absentSince = Map.copyOf(absentSince);
        newIdentity = Map.copyOf(newIdentity);
        unsyncedSince = Map.copyOf(unsyncedSince);
        silentSince = Map.copyOf(silentSince);
        answering = Map.copyOf(answering);
        massDepartures = Map.copyOf(massDepartures);
        keptOutAbsentSince = Map.copyOf(keptOutAbsentSince);
        watches = Map.copyOf(watches);
    }

    /**
     * What is remembered after this look; called once in each pass, before planning, so that the plan knows what began now.
     *
     * @param cluster what the coordinator said
     * @param sightings what the sources said, merged
     * @param probes the latest probe of each address
     * @param settings which absence is a departure
     * @param now the time of the pass
     */
    public Memory next(
            ClusterSnapshot cluster,
            Sightings sightings,
            Map<HostPort, ProbeResult> probes,
            PlanSettings settings,
            Instant now) {
        return new Remembering(this, cluster, sightings, probes, settings, now).next();
    }

    /** Whether this other identity has answered at a member's address in two probes far enough apart. */
    boolean hasComeToStay(NodeId node, Identity other) {
        return Optional.ofNullable(newIdentity.get(node))
                .filter(stranger -> stranger.identity().equals(other))
                .filter(SeenIdentity::isConfirmed)
                .isPresent();
    }

    /**
     * An identity, when it was first seen there, and when last.
     *
     * @param identity the identity
     * @param firstSeen the time of the first probe that showed it
     * @param lastSeen the time of the latest
     */
    public record SeenIdentity(Identity identity, Instant firstSeen, Instant lastSeen) {

        /** Whether two probes far enough apart showed it. */
        boolean isConfirmed() {
            return !lastSeen.isBefore(firstSeen.plus(TWO_PROBES));
        }
    }

    /**
     * Who answers at an address, and who answered there the probe before it changed.
     *
     * @param current the identity of the latest probe
     * @param before the identity that answered until then, while the change is not older than two probes; two servers may
     *     answer under one name
     */
    public record Answering(SeenIdentity current, Optional<Identity> before) {}

    /**
     * A primary's own server: its last good answer, and its failures since.
     *
     * @param address where the row stood
     * @param good the last answer as the writable server of its data; empty if this process never had one
     * @param tries how many probes in a row gave no sign of life
     * @param firstTry the first of them
     * @param lastTry the latest of them, or the latest look
     * @param twins where its data was seen writable beside it, which the ledger may not know yet
     */
    public record Watch(
            HostPort address,
            Optional<Member.LastSeen> good,
            int tries,
            Instant firstTry,
            Instant lastTry,
            Set<HostPort> twins) {

        public Watch {
            twins = Set.copyOf(twins);
        }

        /** Whether it failed often and long enough that it is not only being restarted. */
        boolean isGivenUp() {
            return tries >= 3 && !lastTry.isBefore(firstTry.plus(TWO_PROBES));
        }
    }

    /**
     * Many members of a scope went at once.
     *
     * @param since when that was noticed
     * @param gone their registered addresses, also of those that returned since
     */
    public record MassDeparture(Instant since, Set<HostPort> gone) {

        public MassDeparture {
            gone = Set.copyOf(gone);
        }
    }
}
