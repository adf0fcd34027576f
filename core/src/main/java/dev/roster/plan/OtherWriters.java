package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.identity.Identity;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.Interference;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Notices what somebody else did to the rows of Roster's members: Patroni's Citus mode, a pg_auto_failover formation, a person.
 * Roster writes its ledger in the transaction of each change it makes, so whatever differs from the ledger is another's.
 */
final class OtherWriters {

    private final Overview overview;
    private final Map<String, Interference> known = new HashMap<>();
    private final Map<String, Interference> changed = new LinkedHashMap<>();
    private final List<LedgerChange> lines = new ArrayList<>();

    OtherWriters(Overview overview) {
        this.overview = overview;
        overview.cluster().ledger().interferences().forEach(each -> known.put(each.system(), each));
    }

    /** The same notes, with what was noticed now; nothing more where nothing of it is new. */
    List<LedgerChange> remembering(List<LedgerChange> notes, List<Action> actions) {
        List<LedgerChange> all = new ArrayList<>(notes);
        Set<NodeId> written = new HashSet<>();
        notes.forEach(note -> {
            if (note instanceof LedgerChange.PutMember(Member member)) {
                written.add(member.node());
            }
        });
        for (Node node : overview.cluster().nodes()) {
            Optional<Member> member = overview.member(node.id());
            if (member.filter(one -> !one.address().equals(node.address())).isPresent()) {
                moved(node, member.get());
                if (!written.contains(node.id())) {
                    all.add(new LedgerChange.PutMember(member.get().registeredAt(node.address())));
                }
            }
        }
        overview.vanished().forEach(this::removed);
        actions.forEach(this::added);
        overview.cluster().ledger().interferences().stream()
                .filter(each -> each.isOver(overview.now) && !changed.containsKey(each.system()))
                .forEach(this::over);
        changed.values().forEach(each -> all.add(new LedgerChange.PutInterference(each)));
        all.addAll(lines);
        return all;
    }

    private void moved(Node node, Member member) {
        String what = "moved node " + node.id().value() + " to " + node.address();
        if (notice(member.identity(), node.address(), what)) {
            lines.add(line(
                    node.address(),
                    "Somebody else moved node " + node.id().value() + " of group " + node.group() + " from "
                            + member.address() + " to " + node.address()));
        }
        assist(member.identity());
    }

    private void removed(Member member) {
        notice(
                member.identity(),
                member.address(),
                "removed node " + member.node().value());
        assist(member.identity());
    }

    /** A former member that has a row again, which Roster did not make. */
    private void added(Action action) {
        if (action instanceof Action.AdoptNode adopt
                && overview.cluster().ledger().tombstone(adopt.identity()).isPresent()) {
            Optional<Identity> identity = Optional.of(adopt.identity());
            String what = "added node " + adopt.node().id().value();
            boolean isNews = Optional.ofNullable(known.get(adopt.identity().systemIdentifier()))
                    .filter(before -> before.knows(what))
                    .isEmpty(); // it may take several passes until it is adopted
            if (isNews && notice(identity, adopt.address(), what)) {
                lines.add(line(
                        adopt.address(),
                        "Somebody else added the former member " + adopt.address() + " as node "
                                + adopt.node().id().value()));
            }
            assist(identity);
        }
    }

    private boolean notice(Optional<Identity> identity, HostPort address, String what) {
        if (identity.isEmpty()) {
            return false;
        }
        Interference.Change change = new Interference.Change(overview.now, what);
        String system = identity.get().systemIdentifier();
        Interference before = known.get(system);
        Interference after = before == null || before.isOver(overview.now)
                ? Interference.of(identity.get(), address, change)
                : before.and(address, change);
        known.put(system, after);
        changed.put(system, after);
        return true;
    }

    /** Said once, when it begins. */
    private void assist(Optional<Identity> identity) {
        identity.map(Identity::systemIdentifier)
                .map(changed::get)
                .filter(each -> each.assistSince().filter(overview.now::equals).isPresent())
                .ifPresent(each -> lines.add(line(each.address(), sentence(each))));
    }

    private void over(Interference each) {
        lines.add(new LedgerChange.LiftInterference(each.system()));
        if (each.assistSince().isPresent()) {
            lines.add(line(
                    each.address(),
                    "Nobody else changed " + each.address() + " for a day: Roster looks after it again"));
        }
    }

    private LedgerChange line(HostPort node, String sentence) {
        return LedgerChange.Append.line(
                overview.now, Bookkeeping.ROSTER, "other-writer", Optional.of(node), "noted", sentence);
    }

    /** What stands after this look: what the ledger says, and what these notes add. */
    static Map<String, Interference> standing(Observation seen, List<LedgerChange> notes, Instant now) {
        Map<String, Interference> all = new LinkedHashMap<>();
        seen.cluster().ledger().interferences().forEach(each -> all.put(each.system(), each));
        for (LedgerChange note : notes) {
            if (note instanceof LedgerChange.PutInterference(Interference put)) {
                all.put(put.system(), put);
            }
        }
        all.values().removeIf(each -> !each.assists(now));
        return all;
    }

    static String sentence(Interference each) {
        return "Somebody else changes the row of " + each.address() + " (" + each.story()
                + "), so Roster only tells what differs there and does what people order, until "
                + Instant.ofEpochSecond(each.until().getEpochSecond()) + " or roster cancel " + each.address();
    }
}
