package dev.roster.ledger;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.Scope;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A node that Roster knows as its own concern.
 *
 * @param node {@code nodeid} of its row
 * @param group its group
 * @param address where it was last known
 * @param identity whose data it is; empty after blind adding ({@code probe.mode=off}) until a probe could be made
 * @param origin how it became a member
 * @param scope where it was last sighted; empty if it never was
 * @param since when it became a member
 * @param lastSeen what its server last said of itself
 * @param disabledByRoster whether Roster made its row inactive; erased once the row is seen active
 * @param aliases other addresses at which discovery has sighted the same running server; a member is not gone while a source
 *     knows one of them in any state
 * @param standbys where its standbys were seen while it was writable
 * @param twins where its data was seen writable beside it; while there is one it is not followed by itself
 */
public record Member(
        NodeId node,
        GroupId group,
        HostPort address,
        Optional<Identity> identity,
        Origin origin,
        Optional<Scope> scope,
        Instant since,
        Optional<LastSeen> lastSeen,
        boolean disabledByRoster,
        Set<HostPort> aliases,
        Set<HostPort> standbys,
        Set<HostPort> twins) {

    public Member {
        aliases = Set.copyOf(aliases);
        standbys = Set.copyOf(standbys);
        twins = Set.copyOf(twins);
    }

    /** A member of which no copy was ever seen. */
    public Member(
            NodeId node,
            GroupId group,
            HostPort address,
            Optional<Identity> identity,
            Origin origin,
            Optional<Scope> scope,
            Instant since,
            Optional<LastSeen> lastSeen,
            boolean disabledByRoster,
            Set<HostPort> aliases) {
        this(
                node,
                group,
                address,
                identity,
                origin,
                scope,
                since,
                lastSeen,
                disabledByRoster,
                aliases,
                Set.of(),
                Set.of());
    }

    /**
     * Whether this answer, at the member's address, comes from a server in its place that has none of its data: another server's
     * data, or an empty one of the same image. Servers of one image share their identifier, so an empty one has to have been
     * started later than the member was last seen to run; the member itself, started again, would have its tables.
     *
     * @param report the answer, with the facts of a candidate
     */
    public boolean isReplacedBy(ServerReport report) {
        return identity.map(known -> !known.sameData(report.identity()) || (report.isBlank() && startedLater(report)))
                .orElse(false);
    }

    /** Whether the server that answers was started after the member was last seen; false if it never was. */
    public boolean startedLater(ServerReport report) {
        return lastSeen.filter(seen -> report.startTime().isAfter(seen.startTime()))
                .isPresent();
    }

    /** Whether the server that answers has the member's data; false if the ledger does not know whose data that is. */
    public boolean hasDataOf(ServerReport report) {
        return identity.filter(report.identity()::sameData).isPresent();
    }

    /** Whether the server that answers has the member's data, as far as the ledger knows whose that is. */
    public boolean mayHaveDataOf(ServerReport report) {
        return identity.isEmpty() || hasDataOf(report);
    }

    /** The same member with these copies. */
    public Member withCopies(Set<HostPort> standbysNow, Set<HostPort> twinsNow) {
        return new Member(
                node,
                group,
                address,
                identity,
                origin,
                scope,
                since,
                lastSeen,
                disabledByRoster,
                aliases,
                standbysNow,
                twinsNow);
    }

    /** The same member with or without the mark that Roster made its row inactive. */
    public Member withDisabledByRoster(boolean disabled) {
        return new Member(
                node, group, address, identity, origin, scope, since, lastSeen, disabled, aliases, standbys, twins);
    }

    /** The same member, to whose row somebody else gave another address; where its server is remains to be seen. */
    public Member registeredAt(HostPort to) {
        return new Member(
                node, group, to, identity, origin, scope, since, lastSeen, disabledByRoster, aliases, standbys, twins);
    }

    /** The same member at another address, where its own server answered this. */
    public Member movedTo(HostPort to, ServerReport report) {
        return new Member(
                node,
                group,
                to,
                Optional.of(report.identity()),
                origin,
                scope,
                since,
                Optional.of(LastSeen.of(report)),
                disabledByRoster,
                Set.of(),
                without(standbys, to),
                Set.of());
    }

    /** The same member at another address, where nobody was asked. */
    public Member movedTo(HostPort to) {
        return new Member(
                node, group, to, identity, origin, scope, since, Optional.empty(), disabledByRoster, Set.of());
    }

    private static Set<HostPort> without(Set<HostPort> addresses, HostPort one) {
        Set<HostPort> others = new HashSet<>(addresses);
        others.remove(one);
        return others;
    }

    /**
     * The state of a member's server when it last answered, written only when more than its LSN changed.
     *
     * @param startTime its start
     * @param inRecovery whether it was a standby
     * @param timeline its timeline
     * @param lsn its LSN as text
     */
    public record LastSeen(Instant startTime, boolean inRecovery, int timeline, String lsn) {

        /** What this answer shows. */
        public static LastSeen of(ServerReport report) {
            return new LastSeen(report.startTime(), report.inRecovery(), report.timeline(), report.lsn());
        }
    }
}
