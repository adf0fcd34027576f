package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.RebalanceJob;
import dev.roster.cluster.RebalancePreview;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Bookkeeping;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.OrderAnswer.Accepted;
import dev.roster.plan.OrderAnswer.Refused;
import dev.roster.plan.OrderAnswer.Standing;
import dev.roster.plan.PlanSettings.RebalanceOnJoin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Judges an order to rebalance, or to stop that: what cannot work is refused before anything is changed. */
final class RebalanceOrders {

    private static final int TABLES_NAMED = 5;

    private final Overview overview;
    private final Orders.Previews previews;

    RebalanceOrders(Overview overview, Orders.Previews previews) {
        this.overview = overview;
        this.previews = previews;
    }

    OrderAnswer judge(Order.Rebalance order) throws CoordinatorUnavailable {
        ClusterSnapshot cluster = overview.cluster();
        Optional<Intent> stands = cluster.ledger().rebalance();
        if (stands.isPresent() && stands.get().stage() == Stage.CANCELLED) {
            return OrderRefusals.notPossible(
                    IntentSentences.ordered(stands.get()) + " was cancelled and is being stopped",
                    "wait a moment, then order again");
        }
        if (stands.isPresent() && stands.get().stage() != Stage.FAILED) {
            return new Standing(IntentSentences.ordered(stands.get()) + " stands already", stands);
        }
        Optional<Refused> refused =
                besideAnother(cluster).or(() -> withoutTarget(cluster)).or(() -> withDeadNode(cluster));
        if (refused.isPresent()) {
            return refused.get();
        }
        RebalancePreview preview = previews.ofRebalance();
        Optional<Refused> hindered = hindered(order.mode(), preview);
        if (hindered.isPresent()) {
            return hindered.get();
        }
        return preview.moves().isEmpty() ? new Standing(Bookkeeping.NOTHING_TO_MOVE) : accepted(order, preview, stands);
    }

    OrderAnswer judge(Order.StopRebalance order) {
        ClusterSnapshot cluster = overview.cluster();
        Optional<Intent> stands = cluster.ledger().rebalance();
        if (stands.isPresent()) {
            return stop(stands.get(), order.by());
        }
        Optional<RebalanceJob> job = cluster.activeRebalance();
        if (job.isEmpty()) {
            return forget(order.by());
        }
        long id = job.get().id();
        Optional<Intent> drain = cluster.ledger().drains().stream()
                .filter(each -> each.job().filter(own -> own == id).isPresent())
                .findFirst();
        if (drain.isPresent()) {
            return OrderRefusals.notPossible(
                    "Job " + id + " is the drain of " + drain.get().address(),
                    "cancel the drain: roster cancel " + drain.get().address());
        }
        Intent foreign = intent(TransferMode.AUTO, order.by()).running(Optional.of(id));
        String sentence = "Job " + id + ", which was not started by Roster, is stopped by order of " + order.by()
                + "; what has moved stays";
        return new Accepted(
                sentence,
                List.of(
                        new LedgerChange.GiveIntent(foreign.at(Stage.CANCELLED)),
                        journal(order.by(), "cancelled", sentence)));
    }

    /**
     * What Roster's own wish comes to: judged as a person's order would be, and in any case not to be wished again for the members
     * that are here now.
     *
     * @param why who joined
     */
    List<LedgerChange> wish(String why) throws CoordinatorUnavailable {
        OrderAnswer answer = judge(new Order.Rebalance(TransferMode.AUTO, Bookkeeping.ROSTER));
        return switch (answer) {
            case Accepted accepted ->
                Stream.concat(
                                Stream.of(journal(Bookkeeping.ROSTER, "noted", why + ", so the shards are spread")),
                                accepted.changes().stream())
                        .toList();
            case Standing standing ->
                List.of(served(), journal(Bookkeeping.ROSTER, "noted", why + ", but: " + standing.sentence()));
            case Refused refused -> {
                String sentence = refused.sentence() + ". To do: " + refused.remedy();
                yield List.of(
                        new LedgerChange.GiveIntent(
                                intent(TransferMode.AUTO, Bookkeeping.ROSTER).stopped(Optional.of(sentence))),
                        served(),
                        journal(Bookkeeping.ROSTER, "refused", why + ", but " + sentence));
            }
        };
    }

    /** Nothing stands and nothing runs; but Roster may be about to order one by itself. */
    private OrderAnswer forget(String by) {
        List<Node> joined = overview.settings.rebalanceOnJoin() == RebalanceOnJoin.START
                ? JoinedMembers.waiting(overview.cluster())
                : List.of();
        if (joined.isEmpty()) {
            return new Standing("No rebalance runs, and none is ordered");
        }
        String sentence =
                "No rebalance follows by itself though " + JoinedMembers.words(joined) + ", by order of " + by;
        return new Accepted(sentence, List.of(served(), journal(by, "cancelled", sentence)));
    }

    private LedgerChange served() {
        return new LedgerChange.ServeJoins(JoinedMembers.youngest(overview.cluster()));
    }

    private OrderAnswer stop(Intent stands, String by) {
        if (stands.stage() == Stage.CANCELLED) {
            return new Standing(IntentSentences.ordered(stands) + " is cancelled already");
        }
        String sentence = IntentSentences.ordered(stands) + " cancelled by " + by + "; what has moved stays";
        LedgerChange change = stands.stage() == Stage.FAILED
                ? new LedgerChange.LiftIntent(stands.subject())
                : new LedgerChange.CancelIntent(stands.subject());
        return new Accepted(sentence, List.of(change, journal(by, "cancelled", sentence)));
    }

    /** Citus runs one job at a time, and a drain's goes first. */
    private static Optional<Refused> besideAnother(ClusterSnapshot cluster) {
        Optional<Intent> drain = RebalanceRows.standingDrain(cluster);
        if (drain.isPresent()) {
            return Optional.of(OrderRefusals.notPossible(
                    IntentSentences.ordered(drain.get()) + " of " + drain.get().address()
                            + " stands, and Citus moves shards for one job at a time",
                    "wait for it to end, or cancel it: roster cancel "
                            + drain.get().address()));
        }
        return cluster.activeRebalance()
                .map(job -> OrderRefusals.notPossible(
                        "Citus moves shards for job " + job.id() + " already, which Roster did not start",
                        "wait for it to end, or stop it: roster rebalance --stop"));
    }

    private static Optional<Refused> withoutTarget(ClusterSnapshot cluster) {
        long targets = cluster.nodes().stream()
                .filter(node -> node.isActivePrimary() && node.shouldHaveShards())
                .count();
        return targets > 0
                ? Optional.empty()
                : Optional.of(
                        OrderRefusals.notPossible(
                                "No node takes shards",
                                "let one take shards: SELECT citus_set_node_property('host', port, 'shouldhaveshards', true);"));
    }

    /** Citus asks every node before it moves anything. */
    private Optional<Refused> withDeadNode(ClusterSnapshot cluster) {
        for (Node node : cluster.nodes()) {
            if (node.isActivePrimary() && !node.isCoordinator()) {
                if (overview.probe(node.address()).orElse(null) instanceof ProbeResult.Failed failed
                        && !failed.failure().showsLife()) {
                    return Optional.of(OrderRefusals.notPossible(
                            "Node " + node.address() + " does not answer (" + failed.sentence() + ")",
                            "start it again; a rebalance needs every node"));
                }
                if (!node.metadataSynced()) {
                    return Optional.of(OrderRefusals.notPossible(
                            "Node " + node.address() + " lacks the metadata still (metadatasynced=false)",
                            "wait until Citus has sent it; it needs the node"));
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<Refused> hindered(TransferMode mode, RebalancePreview preview) {
        if (preview.refusal().isPresent()) {
            return preview.refusal()
                    .map(refusal -> OrderRefusals.notPossible(
                            "Citus refuses the rebalance: " + refusal.sentence(), refusal.remedy()));
        }
        if (mode == TransferMode.BLOCK_WRITES) {
            return Optional.empty();
        }
        Optional<Map.Entry<HostPort, String>> low = preview.walLevels().entrySet().stream()
                .filter(level -> !level.getValue().equals("logical"))
                .findFirst();
        if (low.isPresent()) {
            return Optional.of(OrderRefusals.notPossible(
                    "wal_level is " + low.get().getValue() + " on " + low.get().getKey()
                            + ", so shards cannot be copied while they are written",
                    "set wal_level=logical there and restart it, or rebalance with the mode block_writes"));
        }
        List<String> tables = preview.tablesWithoutIdentity();
        return tables.isEmpty() || mode == TransferMode.FORCE_LOGICAL
                ? Optional.empty()
                : Optional.of(OrderRefusals.notPossible(
                        "These tables have neither a primary key nor a replica identity: "
                                + Names.some(tables, TABLES_NAMED),
                        "add a primary key, or rebalance with the mode block_writes (writers wait while a shard is"
                                + " copied) or force_logical (updates and deletes of those tables fail meanwhile)"));
    }

    private Accepted accepted(Order.Rebalance order, RebalancePreview preview, Optional<Intent> failed) {
        Intent intent = intent(order.mode(), order.by());
        String sentence = IntentSentences.ordered(intent) + ": "
                + preview.moves().size() + (preview.moves().size() == 1 ? " shard moves" : " shards move")
                + " to other nodes" + alsoEmptied();
        List<LedgerChange> changes = new ArrayList<>();
        changes.add(failed.isPresent() ? new LedgerChange.UpdateIntent(intent) : new LedgerChange.GiveIntent(intent));
        changes.add(served());
        changes.add(journal(order.by(), "ordered", sentence));
        return new Accepted(sentence, changes);
    }

    /** The rebalancer also empties what a person may only have wanted to get no more (docs/citus.md section 12). */
    private String alsoEmptied() {
        List<String> emptied = overview.cluster().nodes().stream()
                .filter(node -> node.isActivePrimary() && !node.shouldHaveShards())
                .filter(node -> overview.cluster().placementsOf(node.group()).distributed() > 0)
                .map(node -> node.address().toString())
                .toList();
        return emptied.isEmpty()
                ? ""
                : "; all of " + String.join(", ", emptied) + " too, which has shouldhaveshards=false";
    }

    private Intent intent(TransferMode mode, String by) {
        return RebalanceRows.intent(overview, mode, by);
    }

    private LedgerChange journal(String actor, String outcome, String sentence) {
        return LedgerChange.Append.line(
                overview.now, actor, Kind.REBALANCE.word(), Optional.empty(), outcome, sentence);
    }
}
