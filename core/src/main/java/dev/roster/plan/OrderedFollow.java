package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A row that follows to the server that a person named. That waives what row 7 asks (timeline, position and identifier), and
 * nothing else: the server has to be writable and of the row's group, with its shards, and the old one must not be writable.
 */
final class OrderedFollow {

    private final Overview overview;

    OrderedFollow(Overview overview) {
        this.overview = overview;
    }

    /** What keeps a row from following there, in words that go on a sentence; empty if nothing does. */
    Optional<String> hindrance(Node node, HostPort to) {
        Optional<Node> owner = overview.cluster().nodeAt(to).filter(other -> !isSecondaryOf(node, other));
        if (owner.isPresent()) {
            return Optional.of(
                    "node " + owner.get().id() + " of group " + owner.get().group() + " is registered at " + to);
        }
        Optional<ServerReport> answer = overview.answer(to);
        if (answer.isEmpty()) {
            return Optional.of("the server at " + to + " does not answer the coordinator" + why(to));
        }
        ServerReport report = answer.get();
        if (!report.isWritable()) {
            return Optional.of("the server at " + to + " is "
                    + (report.inRecovery() ? "in recovery: promote it first" : "read only: switch that off on it"));
        }
        if (!report.localGroup().equals(node.group())) {
            return Optional.of("the server at " + to + " is of group " + report.localGroup() + ", not " + node.group());
        }
        if (!report.relationPresent().orElse(true)) {
            return Optional.of("the server at " + to + " lacks the shards of group " + node.group());
        }
        return overview.answer(node.address())
                .filter(old -> !old.inRecovery()
                        && !old.sameServer(report)
                        && old.localGroup().equals(node.group())
                        && (old.identity().sameData(report.identity()) || isItself(node, old)))
                .map(_ -> "the server at " + node.address()
                        + " is writable too: stop it first, so that nothing is written" + " to both");
    }

    private boolean isItself(Node node, ServerReport report) {
        return overview.member(node.id())
                .filter(member -> member.hasDataOf(report))
                .isPresent();
    }

    private static boolean isSecondaryOf(Node node, Node other) {
        return other.role() == NodeRole.SECONDARY && other.group().equals(node.group());
    }

    private String why(HostPort to) {
        return overview.probe(to).orElse(null) instanceof ProbeResult.Failed failed
                ? " (" + failed.sentence() + ")"
                : "";
    }

    /** The change, once nothing hinders it. */
    Action.UpdateNodes action(Node node, Member member, HostPort to, Optional<Intent> order, String reason) {
        ServerReport report = overview.answer(to).orElseThrow();
        List<Action.Move> moves = new ArrayList<>();
        moves.add(new Action.Move(
                node,
                Optional.of(member),
                to,
                Optional.of(new Action.Found(
                        report, overview.cluster().placementsOf(node.group()).sampleRelation()))));
        overview.cluster()
                .nodeAt(to)
                .ifPresent(row ->
                        moves.add(new Action.Move(row, overview.member(row.id()), node.address(), Optional.empty())));
        return new Action.UpdateNodes(moves, overview.settings.follow().forceAfter(), order, reason);
    }
}
