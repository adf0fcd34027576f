package dev.roster.simulation;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeRole;
import dev.roster.identity.FakeServer;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Member;
import dev.roster.plan.Action;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Law 5, by what this world knows and what each Roster was told: what a row follows to is writable, is the latest of its data,
 * and is its only writable copy. Judged when it is asked for, and again when it was done.
 */
final class FollowLaws {

    private final World world;

    /** The latest word to each Roster of each writable server, by its address and data. */
    private final Map<SimulatedRoster, Map<Place, ServerReport>> heard = new HashMap<>();

    /** What each Roster was told last of each address. */
    private final Map<SimulatedRoster, Map<HostPort, ProbeResult>> told = new HashMap<>();

    private record Place(HostPort address, String data, GroupId group) {}

    FollowLaws(World world) {
        this.world = world;
    }

    void heard(SimulatedRoster roster, Map<HostPort, ProbeResult> answers) {
        told.computeIfAbsent(roster, _ -> new HashMap<>()).putAll(answers);
        Map<Place, ServerReport> known = heard.computeIfAbsent(roster, _ -> new HashMap<>());
        answers.forEach((address, result) -> {
            if (result instanceof ProbeResult.Answered answered
                    && answered.report().isWritable()) {
                ServerReport report = answered.report();
                known.put(new Place(address, report.identity().systemIdentifier(), report.localGroup()), report);
            }
        });
    }

    void forgets(SimulatedRoster roster) {
        heard.remove(roster);
        told.remove(roster);
    }

    /** A person who orders it answers for the rest. */
    void mayFollow(SimulatedRoster roster, Action.UpdateNodes update) {
        for (Action.Move move : update.moves()) {
            Member member = move.member().orElse(null);
            FakeServer there = move.server()
                    .map(found -> found.report().startTime())
                    .flatMap(start -> world.servers.reachable(move.to()).filter(it -> it.startTime.equals(start)))
                    .orElse(null);
            if (member == null || there == null || move.node().role() == NodeRole.SECONDARY) {
                continue;
            }
            if (there.inRecovery) {
                throw new Violation("asked to follow to " + there + ", which is in recovery");
            }
            if (update.order().isPresent()) {
                continue;
            }
            boolean writable = toldAt(roster, move.node().address())
                    .filter(old -> old.isWritable()
                            && old.identity().sameData(there.identity)
                            && old.localGroup().equals(there.localGroup)
                            && !old.startTime().equals(there.startTime))
                    .isPresent();
            if (writable) {
                throw new Violation("asked to follow to " + there + ", told that the old one is writable");
            }
            if (!member.twins().isEmpty() && old(move, there).isPresent()) {
                throw new Violation("asked to follow to " + there + ", which was seen beside its twin");
            }
            isLatest(move, member, there, lastWord(roster, move, member));
        }
    }

    /** Row 22 is about another server than the member's. */
    void mayReplace(SimulatedRoster roster, Action.ReplaceEmptyNode replace) {
        Optional<Identity> there = toldAt(roster, replace.address()).map(ServerReport::identity);
        if (there.isPresent() && there.equals(replace.member().identity())) {
            throw new Violation("asked to replace " + replace.node() + ", whose server is the old one");
        }
    }

    private Optional<ServerReport> toldAt(SimulatedRoster roster, HostPort address) {
        return told.getOrDefault(roster, Map.of()).get(address) instanceof ProbeResult.Answered answered
                ? Optional.of(answered.report())
                : Optional.empty();
    }

    private Optional<Member.LastSeen> lastWord(SimulatedRoster roster, Action.Move move, Member member) {
        return member.identity()
                .map(known -> new Place(move.node().address(), known.systemIdentifier(), member.group()))
                .map(heard.getOrDefault(roster, Map.of())::get)
                .map(report -> new Member.LastSeen(report.startTime(), false, report.timeline(), report.lsn()))
                .or(() -> member.lastSeen().filter(seen -> !seen.inRecovery()));
    }

    /** Row 5: the same running server; or it left its timeline late enough; or it is on the same one, and not behind. */
    private void isLatest(Action.Move move, Member member, FakeServer there, Optional<Member.LastSeen> known) {
        Member.LastSeen last = known.orElseThrow(
                () -> new Violation("asked to follow to " + there + " for a server of which nothing is known"));
        if (last.startTime().equals(there.startTime)) {
            return;
        }
        boolean isStandby = member.standbys().contains(move.to());
        long allowed = isStandby ? world.settings.follow().maxLag() : 0;
        String has = there.timeline == last.timeline() ? there.position() : there.forks.get(last.timeline());
        if (has == null || position(last.lsn()) - position(has) > allowed) {
            throw new Violation("asked to follow to " + there + " at " + has + " for " + last + ", which had more");
        }
    }

    private static long position(String lsn) {
        int slash = lsn.indexOf('/');
        return (Long.parseLong(lsn.substring(0, slash), 16) << 32) + Long.parseLong(lsn.substring(slash + 1), 16);
    }

    /** What a row was moved to is writable, is of its group, and is the only one that is. */
    void followed(Action.Move move) {
        if (move.server().isEmpty() || move.node().role() == NodeRole.SECONDARY) {
            return;
        }
        FakeServer now = world.servers
                .at(move.to())
                .orElseThrow(() -> new Violation("followed to " + move.to() + ", where nobody is"));
        if (now.inRecovery || !now.localGroup.equals(move.node().group())) {
            throw new Violation("followed to " + now + " for " + move.node());
        }
        old(move, now).ifPresent(old -> {
            throw new Violation("followed to " + now + " beside its twin " + old);
        });
    }

    /** Another writable server with the same data where the row was; servers of one image have groups of their own. */
    private Optional<FakeServer> old(Action.Move move, FakeServer there) {
        return world.servers
                .reachable(move.node().address())
                .filter(server -> server != there
                        && !server.inRecovery
                        && server.identity.equals(there.identity)
                        && server.localGroup.equals(there.localGroup));
    }
}
