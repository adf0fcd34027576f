package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Member;
import dev.roster.plan.Action.Move;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Row 20: members that answer at each other's registered addresses. All their rows are set right in one transaction, if each
 * server is shown to be the one that was known; a server at the address of a member that is nowhere to be found is an alarm.
 */
final class Moves {

    private final Overview overview;
    private final Once<List<Move>> permuted = new Once<>(this::permuted);

    Moves(Overview overview) {
        this.overview = overview;
    }

    /** Another member whose server this is; a blank server is nobody's. */
    Optional<Member> other(Node node, ServerReport report) {
        return overview.copies
                .original(report)
                .filter(original -> !original.node().id().equals(node.id()))
                .map(Copies.Original::member);
    }

    /** What is decided about a node at whose address another member's server answers. */
    Decision judge(Node node, Member other) {
        List<Move> moves = permuted.get();
        Optional<Move> own = moves.stream()
                .filter(move -> move.node().id().equals(node.id()))
                .findFirst();
        if (own.isEmpty()) {
            return Decision.say(
                    Situation.MOVED,
                    "Moved: the server of member " + other.address() + " (group " + other.group()
                            + ") answers at its address, and where its own server is could not be shown. Nothing is done:"
                            + " bring the servers back to their addresses, or sight this one's server at the address it has"
                            + " now");
        }
        String sentence = "Moved: its server answers at " + own.get().to() + ", and that of member " + other.address()
                + " at its address: all rows are set right in one transaction";
        return moves.getFirst().equals(own.get())
                ? Decision.act(
                        Situation.FOLLOWING,
                        sentence,
                        new Action.UpdateNodes(
                                moves,
                                overview.settings.follow().forceAfter(),
                                Optional.empty(),
                                "members changed places"))
                : Decision.say(Situation.FOLLOWING, sentence);
    }

    /** The moves between registered addresses in which everybody who makes room goes to an address of his own. */
    private List<Move> permuted() {
        Map<NodeId, Move> moves = new HashMap<>();
        for (Node at : overview.cluster().nodes()) {
            if (at.isActivePrimary() && !at.isCoordinator()) {
                overview.answer(at.address())
                        .flatMap(report -> move(at, report))
                        .ifPresent(move -> moves.put(move.node().id(), move));
            }
        }
        boolean dropped = true;
        while (dropped) {
            Set<HostPort> leaving = new HashSet<>();
            moves.values().forEach(move -> leaving.add(move.node().address()));
            dropped = moves.values().removeIf(move -> !leaving.contains(move.to()));
        }
        List<Move> ordered = new ArrayList<>(moves.values());
        ordered.sort(Comparator.comparing(move -> move.node().id()));
        return ordered;
    }

    /** The relation that was asked about at this address is the row's own, not the server's: the transaction asks again. */
    private Optional<Move> move(Node at, ServerReport report) {
        return overview.copies
                .original(report)
                .filter(original -> !original.node().id().equals(at.id()))
                .filter(original -> original.node().isActive()
                        && report.isWritable()
                        && overview.copies.twins(original).isEmpty()
                        && original.copies().stream().noneMatch(Copies.Copy::isWritable)
                        && overview.copies.isShownMoved(original, report))
                .map(original -> new Move(
                        original.node(),
                        Optional.of(original.member()),
                        at.address(),
                        Optional.of(new Action.Found(
                                report,
                                overview.cluster()
                                        .placementsOf(original.node().group())
                                        .sampleRelation()))));
    }
}
