package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ServerReport;
import dev.roster.plan.Action;
import dev.roster.plan.Action.Found;
import dev.roster.plan.Action.Move;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rows that follow their data, on one transaction. {@code citus_update_node} contacts nobody, so all that makes the new
 * address right is asked here first, together with the old one: a server that is writable in both places is followed nowhere.
 */
final class AddressChange {

    /** How much longer than Citus' cool-down the locks are waited for, so that what it ends has time to go. */
    private static final Duration AFTER_COOLDOWN = Duration.ofSeconds(5);

    private final Session session;

    AddressChange(Session session) {
        this.session = session;
    }

    NodeChange.Result make(Action.UpdateNodes action, NodeCalls.Before before) throws SQLException, RefusedException {
        Optional<NodeChange.Result> already = already(action, before);
        if (already.isPresent()) {
            return already.get();
        }
        for (Move move : action.moves()) {
            Optional<NodeChange.Result> changed = NodeChange.changed(move.node(), before);
            if (changed.isPresent()) {
                return changed.get();
            }
            requireFree(move, action, before);
        }
        Map<HostPort, ServerReport> answers = NodeCalls.ask(session, questions(action));
        for (Move move : action.moves()) {
            Optional<NodeChange.Result> outdated = move.server().isEmpty()
                    ? Optional.empty()
                    : judged(move, move.server().get(), answers);
            if (outdated.isPresent()) {
                return outdated.get();
            }
        }
        if (action.forceAfter().isPresent()) {
            NodeCalls.waitForLocks(session, action.forceAfter().get().plus(AFTER_COOLDOWN));
        }
        update(action);
        requireRows(action);
        Node first = action.moves().getFirst().node();
        return new NodeChange.Result.Done(first.id(), first.group());
    }

    private static Optional<NodeChange.Result> already(Action.UpdateNodes action, NodeCalls.Before before) {
        boolean all = action.moves().stream()
                .allMatch(move -> before.with(move.node().id())
                        .filter(row -> row.address().equals(move.to()))
                        .isPresent());
        return all
                ? Optional.of(new NodeChange.Result.Already("Node " + action.address() + " is registered at "
                        + action.moves().getFirst().to() + " already"))
                : Optional.empty();
    }

    /** An address may be another's only if that one goes elsewhere in the same transaction. */
    private static void requireFree(Move move, Action.UpdateNodes action, NodeCalls.Before before)
            throws RefusedException {
        Optional<Node> owner = before.at(move.to())
                .filter(row ->
                        action.nodes().stream().noneMatch(node -> node.id().equals(row.id())));
        if (owner.isPresent()) {
            throw NodeRefusals.because(
                    move.node().address(),
                    Situation.ALREADY_REGISTERED_OTHERWISE,
                    "node " + owner.get().id() + " is registered at " + move.to() + " by now",
                    "nothing to do, it is judged anew");
        }
    }

    /** The new addresses, each with the relation that has to be there, and the old ones. */
    private static List<ProbeRequest> questions(Action.UpdateNodes action) {
        Map<HostPort, ProbeRequest> questions = new LinkedHashMap<>();
        for (Move move : action.moves()) {
            move.server()
                    .ifPresent(found -> questions.put(
                            move.to(), new ProbeRequest(move.to(), ProbeRequest.Depth.MEMBER, found.relation())));
        }
        for (Move move : action.moves()) {
            HostPort old = move.node().address();
            questions.putIfAbsent(old, new ProbeRequest(old, ProbeRequest.Depth.MEMBER, Optional.empty()));
        }
        return List.copyOf(questions.values());
    }

    /** Whether what answers at the new address is still what was judged, and the old server has not come back. */
    private static Optional<NodeChange.Result> judged(Move move, Found found, Map<HostPort, ServerReport> answers)
            throws RefusedException {
        Optional<ServerReport> answer = Optional.ofNullable(answers.get(move.to()));
        AddedNodes.requireIdentity(move.to(), found.report().identity(), answer.map(ServerReport::identity));
        ServerReport said = answer.orElseThrow();
        if (!said.startTime().equals(found.report().startTime())) {
            return Optional.of(new NodeChange.Result.Outdated(
                    "The server at " + move.to() + " was restarted since it was judged"));
        }
        if (said.inRecovery() != (move.node().role() == NodeRole.SECONDARY)) {
            throw NodeRefusals.because(
                    move.to(),
                    Situation.READ_ONLY,
                    "the server there is " + (said.inRecovery() ? "in recovery" : "not in recovery any more"),
                    "nothing to do, it is judged anew");
        }
        if (!said.localGroup().equals(move.node().group())
                || !said.relationPresent().orElse(true)) {
            throw NodeRefusals.because(
                    move.to(),
                    Situation.NOT_THE_DATA,
                    said.localGroup().equals(move.node().group())
                            ? "the server there lacks " + found.relation().orElse("the shards") + " of group "
                                    + move.node().group()
                            : "the server there is of group " + said.localGroup() + ", not "
                                    + move.node().group(),
                    "look what it is; nothing was changed");
        }
        requireNoTwin(move, said, answers);
        return Optional.empty();
    }

    /** Servers made from one image have one identifier, and groups of their own. */
    private static void requireNoTwin(Move move, ServerReport said, Map<HostPort, ServerReport> answers)
            throws RefusedException {
        ServerReport old = answers.get(move.node().address());
        if (old != null
                && !old.inRecovery()
                && old.localGroup().equals(move.node().group())
                && (old.identity().sameData(said.identity()) || isItself(move, old))
                && !old.sameServer(said)) {
            throw NodeRefusals.because(
                    move.node().address(),
                    Situation.TWIN,
                    "its server answers as writable, and so does the one with its data at " + move.to(),
                    "stop the one that is not wanted; nothing was changed");
        }
    }

    /** What a person orders may have another identifier than the member, which must not be writable either. */
    private static boolean isItself(Move move, ServerReport old) {
        return move.member().filter(member -> member.hasDataOf(old)).isPresent();
    }

    private void update(Action.UpdateNodes action) throws SQLException {
        for (AddressStep step : AddressStep.of(action.moves())) {
            NodeCalls.update(session, step.node(), step.to(), action.forceAfter());
        }
    }

    private void requireRows(Action.UpdateNodes action) throws SQLException, RefusedException {
        NodeCalls.After after =
                NodeCalls.after(session, action.nodes().stream().map(Node::id).toList());
        for (Move move : action.moves()) {
            boolean there = after.with(move.node().id())
                    .filter(row -> row.address().equals(move.to()))
                    .isPresent();
            if (!there) {
                throw NodeRefusals.because(
                        move.node().address(),
                        Situation.OTHER,
                        "its row is not at " + move.to() + " afterwards",
                        "look at pg_dist_node");
            }
        }
    }
}
