package dev.roster.plan;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.LossPreview;
import dev.roster.cluster.Node;
import dev.roster.discovery.Worker;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Intent;
import dev.roster.plan.OrderAnswer.Refused;
import dev.roster.plan.OrderAnswer.Why;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Judges the one order that loses rows: everything that would make it needless or futile is refused. */
final class ReplaceJudge {

    private final Overview overview;
    private final Orders.Previews previews;
    private final Replacements replacements;

    ReplaceJudge(Overview overview, Orders.Previews previews) {
        this.overview = overview;
        this.previews = previews;
        this.replacements = new Replacements(overview, new WorkerRows(overview));
    }

    /** What came of it. */
    sealed interface Judgement {}

    /** Not taken. */
    record Refusal(Refused refused) implements Judgement {}

    /** Which server takes the place, and what is lost. */
    record Target(Worker worker, LossPreview loss) implements Judgement {}

    /** Servers whose answer decides, unless it is from just now. */
    List<HostPort> concerned(Node node) {
        return replacements.concerned(node).stream()
                .filter(address -> overview.probe(address)
                        .filter(overview::isFreshEnoughToAct)
                        .filter(ReplaceJudge::tellsAll)
                        .isEmpty())
                .toList();
    }

    private static boolean tellsAll(ProbeResult probe) {
        return switch (probe) {
            case ProbeResult.Answered answered -> answered.report().candidate().isPresent();
            case ProbeResult.Failed _ -> true;
        };
    }

    Judgement judge(Order.Give give, Node node, String name) throws CoordinatorUnavailable {
        if (!overview.settings.probe().isOn()) {
            return refusal(
                    "Nothing is known of any server (roster.probe.mode=off)",
                    "start Roster with probes, so that it can tell a lost server from a living one");
        }
        if (!overview.cluster().placementsOf(node.group()).hasSoleCopies()) {
            return refusal(
                    "Node " + node.address() + " holds the only copy of no shard, so nothing has to be lost",
                    "remove it: roster remove " + name);
        }
        Optional<Replacements.Hindrance> alive = replacements.notLost(node);
        if (alive.isPresent()) {
            return refusal(alive.get().sentence(), alive.get().remedy());
        }
        List<Worker> targets = targets(give.target().orElse(""), node, name);
        if (targets.size() != 1) {
            return targets.isEmpty() ? noTarget(give.target().orElse("")) : ambiguous(give, targets);
        }
        return judge(give, node, targets.getFirst());
    }

    private Judgement judge(Order.Give give, Node node, Worker target) throws CoordinatorUnavailable {
        Optional<Replacements.Hindrance> survives = replacements.survives(node, target.address());
        if (survives.isPresent()) {
            return refusal(survives.get().sentence(), survives.get().remedy());
        }
        Optional<Intent> standing = orderAbout(target, node);
        if (standing.isPresent()) {
            return refusal(
                    IntentSentences.ordered(standing.get()) + " stands for " + target.address(),
                    "cancel that order first");
        }
        Decision candidate = replacements.candidate(node, target);
        if (!replacements.isFit(candidate, target)) {
            return refusal(
                    target.address() + " cannot take the place of " + node.address() + ": "
                            + (candidate.situation() == Situation.FORMER_MEMBER
                                    ? "it was a member before and may keep old tables"
                                    : candidate.sentence()),
                    "take an empty, fit server that is no member");
        }
        LossPreview loss = previews.ofLoss(node);
        if (loss.hindrance().isPresent()) {
            return refusal(
                    loss.hindrance().get().sentence(), loss.hindrance().get().remedy());
        }
        return give.acceptsLoss()
                ? new Target(target, loss)
                : new Refusal(new Refused(
                        Why.LOSES_DATA,
                        "Their only copy was on " + node.address() + ", so the rows of " + loss.shards()
                                + " shards would be lost: " + loss.names(),
                        "if they are lost anyway, order it with --accept-data-loss (acceptDataLoss in the API)"));
    }

    /** The workers that have the name and no node, or else the one at the row's own address. */
    private List<Worker> targets(String written, Node node, String name) {
        List<Worker> found = new ArrayList<>(overview.unregistered().stream()
                .filter(worker -> Names.match(written, worker.address(), worker.name()))
                .toList());
        if (found.isEmpty() && Names.match(written, node.address(), name)) {
            overview.seen.sightings().at(node.address()).ifPresent(found::add);
        }
        return found;
    }

    private Judgement noTarget(String written) {
        boolean member = overview.cluster().nodes().stream()
                .anyMatch(node -> Names.match(written, node.address(), overview.nameOf(node)));
        return member
                ? refusal(
                        "'" + written + "' is a node of the cluster already, or is not sighted",
                        "take an empty server that discovery sights and that is no node")
                : new Refusal(new Refused(
                        Why.UNKNOWN_NAME,
                        "No worker is called '" + written + "'",
                        "start it where discovery sees it; roster status lists the names"));
    }

    private static Judgement ambiguous(Order.Give give, List<Worker> targets) {
        return new Refusal(new Refused(
                Why.AMBIGUOUS_NAME,
                "Several are called '" + give.target().orElse("") + "'",
                "say which: "
                        + String.join(
                                ", ",
                                targets.stream()
                                        .map(worker -> worker.address().toString())
                                        .sorted()
                                        .toList())));
    }

    /** Another order that the server is already spoken for by. */
    private Optional<Intent> orderAbout(Worker target, Node node) {
        return overview.cluster().ledger().intents().stream()
                .filter(intent -> intent.stage() != Intent.Stage.DONE)
                .filter(intent -> !intent.node().equals(Optional.of(node.id())))
                .filter(intent -> intent.node().isEmpty()
                        ? intent.address().equals(target.address())
                        : intent.target().equals(Optional.of(target.address())))
                .findFirst();
    }

    private static Judgement refusal(String sentence, String remedy) {
        return new Refusal(OrderRefusals.notPossible(sentence, remedy));
    }
}
