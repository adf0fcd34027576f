package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.Worker;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.ledger.Tombstone;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a pass learnt of members, as ledger rows; nothing where only an LSN moved on, so that a quiet cluster writes nothing. */
final class MemberNotes {

    /** One segment of WAL. */
    private static final long NOTED_EVERY = 16L * 1024 * 1024;

    private final Overview overview;

    MemberNotes(Overview overview) {
        this.overview = overview;
    }

    /** A member sighted, whatever its server says: where it was seen. */
    List<LedgerChange> sighted(Node node, Worker worker, Member member) {
        return put(member, updated(node, worker, member, member.identity(), member.lastSeen(), member.origin()));
    }

    /** A member whose own server answered. */
    List<LedgerChange> answered(Node node, Worker worker, Member member, ServerReport report) {
        boolean own = member.origin() == Origin.ADOPTED
                && worker.roleIsExplicit()
                && worker.address().equals(node.address());
        Member updated = updated(
                node,
                worker,
                member,
                Optional.of(report.identity()),
                Optional.of(lastSeen(member, report)),
                own ? Origin.ADDED : member.origin());
        return own
                ? List.of(
                        new LedgerChange.PutMember(updated),
                        journal(
                                "adopt",
                                node.address(),
                                "Node " + node.address() + " is Roster's own from now on: "
                                        + worker.scope().source() + " sights it under exactly this name as a worker"))
                : put(member, updated);
    }

    /** A member whose server was made anew from the same data: timeline, LSN and start begin anew. */
    List<LedgerChange> reinitialised(Node node, Worker worker, Member member, ServerReport report) {
        Member updated = updated(
                node,
                worker,
                member,
                Optional.of(report.identity()),
                Optional.of(Member.LastSeen.of(report)),
                member.origin());
        return List.of(
                new LedgerChange.PutMember(updated),
                journal(
                        "re-initialised",
                        node.address(),
                        "Node " + node.address() + " was re-initialised with its data: system identifier "
                                + report.identity() + " instead of "
                                + member.identity().map(Identity::toString).orElse("an unknown one")));
    }

    /**
     * A member whose row somebody else removed: forgotten; and buried where its identity is known, so that its server joins
     * again as a former member while discovery sights it. The property its row had is not known any more; Citus' default is
     * assumed.
     */
    List<LedgerChange> vanished(Member member) {
        LedgerChange change = member.identity().isPresent() && !wasSecondary(member)
                ? new LedgerChange.Bury(new Tombstone(
                        member.node(),
                        member.group(),
                        member.address(),
                        member.identity(),
                        true,
                        overview.now,
                        "somebody else"))
                : new LedgerChange.ForgetMember(member.node());
        return List.of(
                change,
                journal(
                        "forget",
                        member.address(),
                        "Node " + member.address() + " of group " + member.group()
                                + " is no longer in pg_dist_node: somebody else removed it"));
    }

    /** A secondary has the identity of its primary, which nobody shall take for a former member. */
    private boolean wasSecondary(Member member) {
        return member.lastSeen().filter(Member.LastSeen::inRecovery).isPresent()
                || overview.primaryOf(member.group())
                        .flatMap(primary -> overview.member(primary.id()))
                        .flatMap(Member::identity)
                        .filter(data -> member.identity().filter(data::sameData).isPresent())
                        .isPresent();
    }

    private Member updated(
            Node node,
            Worker worker,
            Member member,
            Optional<Identity> identity,
            Optional<Member.LastSeen> lastSeen,
            Origin origin) {
        return new Member(
                node.id(),
                node.group(),
                node.address(),
                identity,
                origin,
                Optional.of(worker.scope()),
                member.since(),
                lastSeen,
                member.disabledByRoster() && !node.isActive(),
                aliases(node, member),
                member.standbys(),
                member.twins());
    }

    /** Kept until the name is seen to be another server's: a source may know the name still when the server is down. */
    private Set<HostPort> aliases(Node node, Member member) {
        List<Worker> living = overview.aliasesOf(node);
        if (living.isEmpty() && member.aliases().isEmpty()) {
            return Set.of();
        }
        Set<HostPort> names = new HashSet<>(member.aliases());
        names.remove(node.address());
        names.removeIf(name -> overview.answer(name).isPresent());
        living.forEach(worker -> names.add(worker.address()));
        return names;
    }

    private static Member.LastSeen lastSeen(Member member, ServerReport report) {
        Member.LastSeen fresh = Member.LastSeen.of(report);
        return member.lastSeen()
                .filter(known -> !hasMovedOn(member, known, fresh))
                .filter(known -> known.startTime().equals(fresh.startTime())
                        && known.inRecovery() == fresh.inRecovery()
                        && (known.timeline() == fresh.timeline() || fresh.timeline() == 0))
                .orElse(fresh);
    }

    /** Where there are standbys the LSN is kept up, so that after a restart it is known what a promoted one must have. */
    private static boolean hasMovedOn(Member member, Member.LastSeen known, Member.LastSeen fresh) {
        return !member.standbys().isEmpty()
                && Lsn.distance(known.lsn(), fresh.lsn())
                        .filter(moved -> moved >= NOTED_EVERY)
                        .isPresent();
    }

    private static List<LedgerChange> put(Member known, Member updated) {
        // Addresses are equal whatever their case, but the ledger keeps the spelling of the row.
        boolean same = updated.equals(known)
                && updated.address().host().equals(known.address().host());
        return same ? List.of() : List.of(new LedgerChange.PutMember(updated));
    }

    private LedgerChange journal(String action, HostPort node, String sentence) {
        Instant now = overview.now;
        return LedgerChange.Append.line(now, Bookkeeping.ROSTER, action, Optional.of(node), "noted", sentence);
    }
}
