package dev.roster.plan;

import static dev.roster.plan.Decision.act;
import static dev.roster.plan.Decision.say;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Worker;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import java.util.Map;
import java.util.Optional;

/**
 * Rows 4 and 27: standbys of members that become Citus secondaries, and secondaries that go again. A secondary holds nothing of
 * its own, so no question of sole copies arises; what nobody but Roster registered, it may take away.
 */
final class Secondaries {

    private final Overview overview;

    Secondaries(Overview overview) {
        this.overview = overview;
    }

    /** Row 4 with {@code roster.secondaries=register}; empty if standbys are left alone, or it is no member's. */
    Optional<Decision> registration(Worker worker, ServerReport standby) {
        if (overview.settings.secondaries() != PlanSettings.Secondaries.REGISTER) {
            return Optional.empty();
        }
        return overview.copies.original(standby).map(original -> {
            Node primary = original.node();
            String lag = SecondarySentences.lag(behind(standby, primary));
            Optional<String> hindrance = hindrance(worker, standby, primary);
            if (hindrance.isPresent()) {
                return say(Situation.STANDBY, SecondarySentences.waits(primary, lag, hindrance.get()));
            }
            boolean isJustNow = overview.probe(worker.address())
                    .filter(overview::isFreshEnoughToAct)
                    .isPresent();
            return isJustNow
                    ? act(
                            Situation.REGISTERING,
                            SecondarySentences.registering(primary, lag),
                            new Action.RegisterSecondary(
                                    worker,
                                    primary,
                                    new Action.Found(
                                            standby,
                                            overview.cluster()
                                                    .placementsOf(primary.group())
                                                    .sampleRelation()),
                                    "its standby, seen by " + worker.scope().source()))
                    : say(Situation.REGISTERING, SecondarySentences.askedOnceMore(primary));
        });
    }

    private Optional<String> hindrance(Worker worker, ServerReport standby, Node primary) {
        if (!primary.isActive()) {
            return Optional.of("node " + primary.address() + " is inactive");
        }
        Optional<ServerReport> answer = overview.answer(primary.address());
        if (answer.isEmpty()) {
            return Optional.of("node " + primary.address() + " does not answer");
        }
        ServerReport said = answer.get();
        if (!said.isWritable()
                || !said.localGroup().equals(primary.group())
                || !said.identity().sameData(standby.identity())) {
            return Optional.of("the server at " + primary.address() + " is not the writable one of its group");
        }
        if (overview.intentFor(primary).isPresent()) {
            return Optional.of("an order stands for " + primary.address());
        }
        if (worker.group().filter(label -> !label.equals(primary.group())).isPresent()) {
            return Optional.of("its label says another group");
        }
        if (!standby.relationPresent().orElse(true)) {
            return Optional.of("it lacks the shards of its group");
        }
        long allowed = overview.settings.follow().maxLag();
        Optional<Long> behind = behind(standby, primary);
        return behind.isEmpty() || behind.get() > allowed
                ? Optional.of("it is not within " + allowed + " bytes of its primary (roster.follow.max-lag)")
                : Optional.empty();
    }

    private Optional<Long> behind(ServerReport standby, Node primary) {
        return overview.answer(primary.address())
                .filter(said -> !said.inRecovery())
                .flatMap(said -> Lsn.distance(standby.lsn(), said.lsn()))
                .map(bytes -> Math.max(0, bytes));
    }

    /** Row 27 for a row that is no secondary of anything any more, sighted or not. */
    Optional<Decision> leftOver(Node node) {
        if (node.role() != NodeRole.SECONDARY || NodeRows.isNeverTouched(node)) {
            return Optional.empty();
        }
        Optional<Member> member = overview.member(node.id());
        Optional<Node> primary = overview.primaryOf(node.group());
        if (primary.isEmpty()) {
            return Optional.of(member.filter(Secondaries::isOwn)
                    .map(own -> leaving(node, own, false, "its group has no primary any more"))
                    .orElseGet(() -> say(
                            member.isPresent() ? Situation.KEPT : Situation.UNMANAGED,
                            SecondarySentences.withoutPrimary(node))));
        }
        boolean differs = member.flatMap(Member::identity)
                .flatMap(known -> primary.flatMap(row -> overview.member(row.id()))
                        .flatMap(Member::identity)
                        .map(data -> !data.sameData(known)))
                .orElse(false);
        return member.filter(own -> isOwn(own) && differs)
                .map(own -> leaving(node, own, false, "its group has other data by now"));
    }

    /** Row 27 for a row whose server is another one by now, in two answers. */
    Optional<Decision> replaced(Node node, Optional<Member> member, ServerReport report) {
        Optional<Identity> known = member.flatMap(Member::identity);
        if (node.role() != NodeRole.SECONDARY
                || member.filter(Secondaries::isOwn).isEmpty()
                || known.filter(data -> !data.sameData(report.identity())).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                overview.seen.memory().hasComeToStay(node.id(), report.identity())
                        ? leaving(node, member.get(), false, "another server stands at its address")
                        : say(Situation.EMPTY_SERVER_REPLACED, SecondarySentences.askedAgain()));
    }

    /** Row 27 for a row whose server is gone. */
    static Decision gone(AbsentRows.Absence it, String why) {
        return leaving(it.node(), it.member(), true, why);
    }

    private static Decision leaving(Node node, Member member, boolean serverIsDead, String why) {
        return act(
                Situation.SECONDARY_LEAVING,
                SecondarySentences.leaving(node, why),
                new Action.RemoveNode(node, member, serverIsDead, why));
    }

    static boolean isOwn(Member member) {
        return member.origin() == Origin.ADDED;
    }

    /** A primary whose data a secondary has at hand is not given up: it is sighted elsewhere as if that were no node. */
    void noteSighted(Map<NodeId, HostPort> sightedElsewhere) {
        for (Node node : overview.cluster().nodes()) {
            if (node.role() == NodeRole.SECONDARY
                    && overview.probe(node.address()).orElse(null) instanceof ProbeResult.Answered answered) {
                overview.copies
                        .original(answered.report())
                        .ifPresent(original ->
                                sightedElsewhere.putIfAbsent(original.node().id(), node.address()));
            }
        }
    }
}
