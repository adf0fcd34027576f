package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Withholds the rebalance that Roster itself wants after a join until the cluster has settled: no other order stands, every node
 * is as it should be, nothing waits for a person, and nobody has joined for half a minute. A rebalance that stands as an order
 * is not its concern. It comes after all other filters, since what they let pass tells who joins in this very pass.
 */
final class SettlingFilter implements Filter {

    /** How long after the last join a burst is taken to be over. */
    static final Duration QUIET = Duration.ofSeconds(30);

    private final ClusterSnapshot cluster;
    private final List<Verdict> verdicts;
    private final Instant now;
    private boolean joining;

    SettlingFilter(Plan plan, Observation seen, Instant now) {
        this.cluster = seen.cluster();
        this.verdicts = plan.verdicts();
        this.now = now;
    }

    /** Whether the action is one that only Roster wants, and that is no order yet. */
    static boolean isWish(Action action, ClusterSnapshot cluster) {
        return action instanceof Action.StartRebalance
                && cluster.ledger().rebalance().isEmpty();
    }

    @Override
    public Optional<Reason> withholds(Action action) {
        joining |= CoordinatorAddress.joins(action);
        return isWish(action, cluster)
                ? order().or(this::trouble).or(this::metadata).or(this::burst)
                : Optional.empty();
    }

    private Optional<Reason> order() {
        return cluster.ledger().intents().stream()
                .filter(intent -> intent.stage() != Stage.DONE)
                .findFirst()
                .flatMap(intent -> Reason.because(
                        (intent.kind() == Intent.Kind.HOLD ? "" : "first this has to end: ") + said(intent)));
    }

    private static String said(Intent intent) {
        return intent.kind() == Intent.Kind.HOLD
                ? intent.address() + " is " + IntentSentences.held(intent)
                : IntentSentences.ordered(intent) + " of " + intent.address();
    }

    private Optional<Reason> trouble() {
        return verdicts.stream()
                .filter(SettlingFilter::isTrouble)
                .findFirst()
                .flatMap(verdict -> Reason.because("not all is as it should be: " + verdict.name() + ": "
                        + verdict.sentence() + "; shards are spread once it is"));
    }

    /** Citus asks every node before it moves anything. */
    private Optional<Reason> metadata() {
        return cluster.nodes().stream()
                .filter(node -> node.isActivePrimary() && !node.isCoordinator() && !node.metadataSynced())
                .findFirst()
                .flatMap(node -> Reason.because(
                        "node " + node.address() + " lacks the metadata still; shards are spread once it has it"));
    }

    /** A worker that is not ready yet hinders nobody; a node that is not well does. */
    private static boolean isTrouble(Verdict verdict) {
        return switch (verdict.situation().weight()) {
            case ALARM -> true;
            case WAITING -> verdict.node().isPresent() || verdict.situation() == Situation.COPY;
            case CALM, CHANGING -> false;
        };
    }

    private Optional<Reason> burst() {
        Instant quiet = joining
                ? now.plus(QUIET)
                : JoinedMembers.lastJoin(cluster).map(last -> last.plus(QUIET)).orElse(now);
        return quiet.isAfter(now)
                ? Optional.of(new Reason(
                        "workers joined a moment ago and more may follow; shards are spread once nobody has joined for "
                                + Words.length(QUIET),
                        Optional.of(quiet)))
                : Optional.empty();
    }
}
