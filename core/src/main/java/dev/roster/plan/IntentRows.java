package dev.roster.plan;

import static dev.roster.plan.Decision.act;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.cluster.RebalanceJob;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.Situation.Weight;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Row 0: what a person ordered for one server comes before what the other rows say; their alarms are told all the same. An
 * order to hold is no decision of its own but a filter ({@link HoldFilter}).
 */
final class IntentRows {

    /** How long a drained server may be silent before its job is stopped; a restart takes less. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Overview overview;

    private final ReplaceRow replaceRow;

    /** Citus runs one job at a time; of the drains that could begin, the one that was ordered first does. */
    private final Once<Optional<Intent>> firstInLine = new Once<>(this::firstInLine);

    IntentRows(Overview overview, WorkerRows workerRows) {
        this.overview = overview;
        this.replaceRow = new ReplaceRow(overview, new Replacements(overview, workerRows));
    }

    /**
     * The next step of what is ordered for a node.
     *
     * @param node the row
     * @param otherwise what the other rows say
     */
    Decision judge(Node node, Decision otherwise) {
        Optional<Intent> order = overview.intentFor(node);
        if (order.isEmpty() || NodeRows.isNeverTouched(node)) {
            return otherwise;
        }
        Intent intent = order.get();
        if (intent.stage() == Stage.CANCELLED) {
            return cancelled(node, intent, otherwise);
        }
        if (intent.stage() == Stage.DONE) {
            return otherwise; // its row is back, as after a restore of the coordinator: for a person to judge anew
        }
        return switch (intent.kind()) {
            case DRAIN -> drain(node, intent, otherwise);
            case REMOVE -> remove(node, intent, otherwise);
            case REPLACE -> replaceRow.judge(node, intent, memberOf(node), otherwise);
            case ACTIVATE -> activate(node, intent, otherwise);
            case FOLLOW -> follow(node, intent, otherwise);
            case HOLD, REBALANCE -> otherwise;
        };
    }

    /** Whether a worker without a node is kept out: it was drained or removed by a person, and that stands. */
    Optional<Decision> keptOut(Worker worker) {
        return overview.cluster().ledger().intents().stream()
                .filter(intent -> intent.stage() == Stage.DONE && isAbout(intent, worker) && !isOfMember(worker))
                .findFirst()
                .map(intent -> stillRunsAsMember(worker)
                        ? Decision.say(Situation.UNFENCED, IntentSentences.keptOut(intent, true))
                        : Decision.say(Situation.KEPT_OUT, IntentSentences.keptOut(intent, false)));
    }

    /** Whether a worker without a node is to take the place of a lost server, and so does not join by itself. */
    Optional<Decision> awaited(Worker worker) {
        return overview.cluster().ledger().intents().stream()
                .filter(intent -> intent.kind() == Kind.REPLACE && intent.stage() == Stage.ORDERED)
                .filter(intent -> intent.target().equals(Optional.of(worker.address())))
                .findFirst()
                .map(intent -> Decision.say(Situation.ORDER_WAITING, IntentSentences.awaited(intent)));
    }

    /** Citus tells a removed node nothing, so it goes on as if it were a member (docs/citus.md section 4, ghosts). */
    private boolean stillRunsAsMember(Worker worker) {
        return overview.answer(worker.address())
                .filter(report -> report.nodes() > 0 && !report.inRecovery())
                .isPresent();
    }

    /**
     * Whether the server is a member's data that is writable at another address: rows 5 to 7 judge it, whatever was ordered for
     * a secondary that had this address.
     */
    private boolean isOfMember(Worker worker) {
        return overview.answer(worker.address())
                .filter(report -> !report.inRecovery())
                .flatMap(overview.copies::original)
                .isPresent();
    }

    private boolean isAbout(Intent intent, Worker worker) {
        boolean sameAddress = worker.address().equals(intent.address());
        return overview.answer(worker.address())
                .flatMap(report -> intent.identity().map(known -> isServerOf(known, report, sameAddress)))
                .orElse(sameAddress);
    }

    /** A blank server may share its identifier with others of its image; a drained one is blank only if it was emptied. */
    private static boolean isServerOf(Identity known, ServerReport report, boolean sameAddress) {
        return known.sameData(report.identity()) && (sameAddress || !report.isBlank());
    }

    /** What became of orders without a row: carried out by somebody else, or over. */
    List<LedgerChange> withoutNode() {
        List<LedgerChange> changes = new ArrayList<>();
        for (Intent intent : overview.cluster().ledger().intents()) {
            boolean hasRow = intent.node().flatMap(overview.cluster()::node).isPresent();
            if (!hasRow && intent.kind() != Kind.REBALANCE) {
                orphan(intent).ifPresent(changes::add);
            }
        }
        return changes;
    }

    private Optional<LedgerChange> orphan(Intent intent) {
        LedgerChange lift = new LedgerChange.LiftIntent(intent.subject());
        if (intent.stage() == Stage.CANCELLED || intent.kind() == Kind.ACTIVATE || intent.kind() == Kind.FOLLOW) {
            return Optional.of(lift);
        }
        if (intent.kind() == Kind.HOLD) {
            return intent.node().map(_ -> lift);
        }
        if (intent.kind() == Kind.REPLACE) {
            // A lost server may come back much later, so only a person forgets it; one that was ordered has lost its
            // row.
            return intent.stage() == Stage.DONE ? Optional.empty() : Optional.of(lift);
        }
        if (intent.stage() != Stage.DONE) {
            return Optional.of(new LedgerChange.UpdateIntent(intent.at(Stage.DONE)));
        }
        Instant absent = overview.seen.memory().keptOutAbsentSince().get(intent.subject());
        return absent != null
                        && !overview.now.isBefore(
                                absent.plus(overview.settings.departure().grace()))
                ? Optional.of(lift)
                : Optional.empty();
    }

    private Decision cancelled(Node node, Intent intent, Decision otherwise) {
        if (intent.kind() == Kind.DRAIN) {
            if (activeJob(intent).isPresent()) {
                return act(
                        Situation.ORDER_WAITING,
                        IntentSentences.stopping(intent),
                        new Action.StopDrain(node, intent, false, Optional.empty(), "the drain is cancelled"));
            }
            if (node.shouldHaveShards() != intent.shouldHaveShards()) {
                return act(
                        Situation.ORDER_WAITING,
                        IntentSentences.stopping(intent),
                        new Action.StopDrain(node, intent, true, Optional.empty(), "the drain is cancelled"));
            }
        }
        return otherwise.alsoNoting(new LedgerChange.LiftIntent(intent.subject()));
    }

    private Decision drain(Node node, Intent intent, Decision otherwise) {
        Placements carried = overview.cluster().placementsOf(node.group());
        Optional<RebalanceJob> active = activeJob(intent);
        if (carried.isEmptyEnoughToRemove() && active.isEmpty()) {
            return removal(node, intent, otherwise, "drained");
        }
        if (intent.stage() == Stage.FAILED) {
            return say(Situation.DRAIN_STUCK, IntentSentences.failed(intent), otherwise);
        }
        if (isSilent(node)) {
            return active.isPresent()
                    ? act(
                            otherwise.situation(),
                            IntentSentences.whileSilent(intent) + "; " + otherwise.sentence(),
                            new Action.StopDrain(node, intent, false, Optional.empty(), "its server no longer answers"))
                    : new Decision(
                            otherwise.situation(),
                            IntentSentences.whileSilent(intent) + "; " + otherwise.sentence(),
                            Optional.empty(),
                            otherwise.notes(),
                            otherwise.named());
        }
        if (active.isPresent()) {
            RebalanceJob job = active.get();
            return job.trouble()
                    .map(trouble -> say(Situation.DRAIN_STUCK, IntentSentences.stuck(intent, job, trouble), otherwise))
                    .orElseGet(() -> say(
                            Situation.DRAINING,
                            IntentSentences.draining(intent, job, carried) + progressOf(job),
                            otherwise));
        }
        Optional<String> failure = failure(intent);
        if (failure.isPresent()) {
            return act(
                    Situation.DRAIN_STUCK,
                    IntentSentences.failed(intent.stopped(failure)),
                    new Action.StopDrain(node, intent, true, failure, "Citus gave it up"));
        }
        Optional<String> waits = waits(node, intent);
        if (waits.isPresent()) {
            return say(Situation.ORDER_WAITING, waits.get(), otherwise);
        }
        Optional<String> obstacle = obstacle(node);
        if (obstacle.isPresent()) {
            return say(
                    Situation.DRAIN_STUCK,
                    IntentSentences.ordered(intent) + " cannot begin: " + obstacle.get(),
                    otherwise);
        }
        return act(
                Situation.DRAINING,
                IntentSentences.beginning(intent, carried),
                new Action.StartDrain(node, intent, "ordered by " + intent.orderedBy()));
    }

    private String progressOf(RebalanceJob job) {
        return overview.cluster()
                .moves()
                .filter(progress -> progress.job() == job.id())
                .map(IntentSentences::progress)
                .orElse("");
    }

    /** What has to end before the drain can begin. */
    private Optional<String> waits(Node node, Intent intent) {
        if (!node.isActive()) {
            return Optional.of(IntentSentences.ordered(intent) + " waits: the node is inactive; activate it first");
        }
        Optional<Intent> runs = overview.cluster().ledger().drains().stream()
                .filter(that -> that.stage() == Stage.RUNNING)
                .findFirst();
        if (runs.filter(that -> !that.subject().equals(intent.subject())).isPresent()) {
            return Optional.of(IntentSentences.ordered(intent) + " waits for the drain of "
                    + runs.get().address());
        }
        Optional<RebalanceJob> other = overview.cluster().rebalances().stream()
                .filter(job -> job.state().isActive())
                .findFirst();
        if (other.isPresent()) {
            return Optional.of(IntentSentences.ordered(intent) + " waits for another rebalance, job "
                    + other.get().id() + ", to end");
        }
        return runs.or(firstInLine::get)
                .filter(that -> !that.subject().equals(intent.subject()))
                .map(that -> IntentSentences.ordered(intent) + " waits for the drain of " + that.address()
                        + ", which was ordered before");
    }

    private Optional<Intent> firstInLine() {
        return overview.cluster().ledger().drains().stream()
                .filter(drain -> drain.stage() == Stage.ORDERED)
                .filter(drain -> drain.node()
                        .flatMap(overview.cluster()::node)
                        .filter(this::couldBegin)
                        .isPresent())
                .min(Comparator.comparing(Intent::orderedAt));
    }

    private boolean couldBegin(Node node) {
        return node.isActive()
                && !overview.cluster().placementsOf(node.group()).isEmptyEnoughToRemove()
                && !isSilent(node)
                && obstacle(node).isEmpty();
    }

    private Optional<String> obstacle(Node node) {
        return DrainObstacles.of(node, overview.cluster());
    }

    /** Why a drain that was started has no job any more although shards are left. */
    private Optional<String> failure(Intent intent) {
        return job(intent).flatMap(job -> switch (job.state()) {
            case FAILED -> Optional.of(job.trouble().orElse("job " + job.id() + " failed"));
            case CANCELLED -> Optional.of("somebody stopped job " + job.id());
            case FINISHED, SCHEDULED, RUNNING, CANCELLING, FAILING -> Optional.empty();
        });
    }

    private Optional<RebalanceJob> job(Intent intent) {
        return intent.job()
                .flatMap(id -> overview.cluster().rebalances().stream()
                        .filter(job -> job.id() == id)
                        .findFirst());
    }

    private Optional<RebalanceJob> activeJob(Intent intent) {
        return job(intent).filter(job -> job.state().isActive());
    }

    /** Whether its source knows that its server does not run; then it is not asked either. */
    private boolean isHalted(Node node) {
        return overview.sightingOf(node)
                .map(Worker::health)
                .filter(health -> health == WorkerHealth.STOPPED || health == WorkerHealth.PAUSED)
                .isPresent();
    }

    private boolean isSilent(Node node) {
        if (isHalted(node)) {
            return true;
        }
        Instant since = overview.seen.memory().silentSince().get(node.address());
        return since != null && !overview.now.isBefore(since.plus(PATIENCE));
    }

    private Decision remove(Node node, Intent intent, Decision otherwise) {
        Placements carried = overview.cluster().placementsOf(node.group());
        return carried.hasSoleCopies() && node.role() == NodeRole.PRIMARY
                ? say(Situation.ORDER_WAITING, IntentSentences.soleCopies(intent, carried), otherwise)
                : removal(node, intent, otherwise, "ordered by " + intent.orderedBy());
    }

    private Decision removal(Node node, Intent intent, Decision otherwise, String why) {
        Optional<RebalanceJob> moving = overview.cluster().rebalances().stream()
                .filter(job -> job.concerns(node.address()) && !isSilent(node))
                .findFirst();
        if (moving.isPresent()) {
            // Citus would try for half an hour to move shards to a node that is gone.
            return say(
                    Situation.ORDER_WAITING,
                    IntentSentences.ordered(intent) + " waits for job "
                            + moving.get().id() + " to end, which moves shards there",
                    otherwise);
        }
        Optional<ProbeResult> probe = overview.probe(node.address()).filter(overview::isFresh);
        if (probe.isEmpty() && !isHalted(node) && overview.settings.probe().isOn()) {
            return say(Situation.ORDER_WAITING, IntentSentences.askedFirst(intent), otherwise);
        }
        boolean dead = isHalted(node)
                || probe.filter(result -> result instanceof ProbeResult.Failed failed
                                && !failed.failure().showsLife())
                        .isPresent();
        return act(
                Situation.REMOVING,
                IntentSentences.removing(intent),
                new Action.RemoveNode(node, memberOf(node), dead, Optional.of(intent), why));
    }

    private Decision activate(Node node, Intent intent, Decision otherwise) {
        if (node.isActive()) {
            return otherwise.alsoNoting(new LedgerChange.LiftIntent(intent.subject()));
        }
        Member member = memberOf(node);
        boolean itself = overview.answer(node.address())
                .filter(report ->
                        member.mayHaveDataOf(report) && report.localGroup().equals(node.group()))
                .isPresent();
        return itself
                ? act(
                        Situation.REACTIVATING,
                        IntentSentences.activating(intent),
                        new Action.ActivateNode(node, member, Optional.of(intent), "ordered by " + intent.orderedBy()))
                : say(Situation.ORDER_WAITING, IntentSentences.mustAnswer(intent), otherwise);
    }

    private Decision follow(Node node, Intent intent, Decision otherwise) {
        HostPort to = intent.target().orElse(node.address());
        if (to.equals(node.address())) {
            return otherwise.alsoNoting(new LedgerChange.LiftIntent(intent.subject()));
        }
        OrderedFollow follow = new OrderedFollow(overview);
        return follow.hindrance(node, to)
                .map(hindrance -> say(Situation.ORDER_WAITING, IntentSentences.waits(intent, hindrance), otherwise))
                .orElseGet(() -> act(
                        Situation.FOLLOWING,
                        IntentSentences.following(intent),
                        follow.action(
                                node, memberOf(node), to, Optional.of(intent), "ordered by " + intent.orderedBy())));
    }

    /** An order adopts the node it is given for; until that is written, this is what would be. */
    private Member memberOf(Node node) {
        return overview.member(node.id())
                .orElseGet(() -> new Member(
                        node.id(),
                        node.group(),
                        node.address(),
                        Optional.empty(),
                        Origin.ADOPTED,
                        Optional.empty(),
                        overview.now,
                        Optional.empty(),
                        false,
                        Set.of()));
    }

    /** The order's own sentence, and the alarm that the other rows would raise. */
    private static Decision say(Situation situation, String sentence, Decision otherwise) {
        boolean alarm = otherwise.situation().weight() == Weight.ALARM;
        return new Decision(
                alarm ? otherwise.situation() : situation,
                alarm ? sentence + "; " + otherwise.sentence() : sentence,
                Optional.empty(),
                otherwise.notes(),
                otherwise.named());
    }
}
