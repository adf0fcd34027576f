package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.PlanSettings.RebalanceOnJoin;
import java.util.List;
import java.util.Optional;

/** The next step of an order to rebalance, which is for the whole cluster and not for one node. */
final class RebalanceRows {

    private final Overview overview;

    RebalanceRows(Overview overview) {
        this.overview = overview;
    }

    /** An order to rebalance, as it is when it is given. */
    static Intent intent(Overview overview, TransferMode mode, String by) {
        return Intent.ordered(
                Kind.REBALANCE,
                Optional.empty(),
                coordinator(overview.cluster()),
                Optional.empty(),
                true,
                mode,
                Optional.empty(),
                by,
                overview.now);
    }

    /** A drain that has shards to move still; one that Citus gave up moves none. */
    static Optional<Intent> standingDrain(ClusterSnapshot cluster) {
        return cluster.ledger().drains().stream()
                .filter(drain -> drain.stage() != Stage.FAILED)
                .findFirst();
    }

    Optional<Action> action() {
        Optional<Intent> stands = overview.cluster().ledger().rebalance();
        return stands.isPresent() ? step(stands.get()) : wish();
    }

    /** What Roster orders by itself once everything has settled, which the filters find out. */
    private Optional<Action> wish() {
        ClusterSnapshot cluster = overview.cluster();
        if (overview.settings.rebalanceOnJoin() == RebalanceOnJoin.NEVER
                || cluster.activeRebalance().isPresent()
                || RebalanceHint.giver(cluster).isEmpty()) {
            return Optional.empty();
        }
        List<Node> joined = JoinedMembers.waiting(cluster);
        return joined.isEmpty()
                ? Optional.empty()
                : Optional.of(new Action.StartRebalance(
                        coordinator(cluster),
                        intent(overview, TransferMode.AUTO, Bookkeeping.ROSTER),
                        JoinedMembers.words(joined)));
    }

    private Optional<Action> step(Intent order) {
        return switch (order.stage()) {
            case CANCELLED ->
                activeJob(order).map(_ -> new Action.StopRebalance(coordinator(overview.cluster()), order, "by order"));
            case ORDERED ->
                mayBegin()
                        ? Optional.of(new Action.StartRebalance(
                                coordinator(overview.cluster()), order, "ordered by " + order.orderedBy()))
                        : Optional.empty();
            case RUNNING, FAILED, DONE -> Optional.empty();
        };
    }

    /** What became of an order whose job is over. */
    List<LedgerChange> notes() {
        return overview.cluster()
                .ledger()
                .rebalance()
                .map(order -> switch (order.stage()) {
                    case CANCELLED -> activeJob(order).isPresent() ? List.<LedgerChange>of() : List.of(lift(order));
                    case RUNNING -> activeJob(order).isPresent() ? List.<LedgerChange>of() : over(order);
                    case DONE -> List.of(lift(order));
                    case ORDERED, FAILED -> List.<LedgerChange>of();
                })
                .orElse(List.of());
    }

    /** Of an order that was given up and waits for a person. */
    static Optional<String> alarm(ClusterSnapshot cluster) {
        return cluster.ledger()
                .rebalance()
                .filter(order -> order.stage() == Stage.FAILED)
                .map(order -> IntentSentences.ordered(order) + " was given up: "
                        + order.note().orElse("Citus does not say why")
                        + ". Order it again, or dismiss it: roster rebalance --stop");
    }

    private boolean mayBegin() {
        return overview.cluster().activeRebalance().isEmpty()
                && standingDrain(overview.cluster()).isEmpty();
    }

    private List<LedgerChange> over(Intent order) {
        Optional<RebalanceJob> job = job(order);
        if (job.isEmpty()) {
            return List.of(lift(order), journal("gone", "The rebalance's job is gone from Citus' catalogs"));
        }
        String moved = job.get().done() + " of " + job.get().tasks().size() + " moves done, job "
                + job.get().id();
        return switch (job.get().state()) {
            case FINISHED -> List.of(lift(order), journal("finished", "Rebalance finished: " + moved));
            case CANCELLED -> List.of(lift(order), journal("stopped", "Rebalance was stopped by somebody: " + moved));
            case FAILED -> {
                String why = job.get().trouble().orElse("Citus does not say why");
                yield List.of(
                        new LedgerChange.UpdateIntent(order.stopped(Optional.of(why))),
                        journal("failed", "Citus gave the rebalance up: " + why + "; " + moved));
            }
            case SCHEDULED, RUNNING, CANCELLING, FAILING -> List.of();
        };
    }

    private Optional<RebalanceJob> job(Intent order) {
        return order.job()
                .flatMap(id -> overview.cluster().rebalances().stream()
                        .filter(job -> job.id() == id)
                        .findFirst());
    }

    private Optional<RebalanceJob> activeJob(Intent order) {
        return job(order).filter(job -> job.state().isActive());
    }

    private static HostPort coordinator(ClusterSnapshot cluster) {
        return cluster.coordinator()
                .registered()
                .orElseGet(() -> cluster.coordinator().dialed());
    }

    private static LedgerChange lift(Intent order) {
        return new LedgerChange.LiftIntent(order.subject());
    }

    private LedgerChange journal(String outcome, String sentence) {
        return LedgerChange.Append.line(
                overview.now, Bookkeeping.ROSTER, Kind.REBALANCE.word(), Optional.empty(), outcome, sentence);
    }
}
