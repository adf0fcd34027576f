package dev.roster.app.service;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.MoveProgress;
import dev.roster.cluster.Node;
import dev.roster.cluster.Placements;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.Intent;
import dev.roster.plan.Situation;
import dev.roster.plan.Situation.Weight;
import dev.roster.plan.Verdict;
import dev.roster.plan.Withheld;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What one pass saw and decided, as the rows of gauges; the labels are those of docs/monitoring.md. */
final class ClusterRows {

    private ClusterRows() {}

    /** How many are in each state. */
    static List<MultiGauge.Row<?>> workers(List<Verdict> verdicts) {
        Map<Situation, Long> numbers =
                verdicts.stream().collect(Collectors.groupingBy(Verdict::situation, Collectors.counting()));
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        numbers.forEach((situation, number) -> rows.add(MultiGauge.Row.of(state(situation), number)));
        return rows;
    }

    /** Who is not calm. A calm worker has no row, so that a large cluster that is well costs a collector nothing. */
    static List<MultiGauge.Row<?>> notCalm(List<Verdict> verdicts) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        verdicts.stream()
                .filter(verdict -> verdict.situation().weight() != Weight.CALM)
                .forEach(verdict -> rows.add(MultiGauge.Row.of(
                        state(verdict.situation())
                                .and(
                                        "worker",
                                        verdict.name(),
                                        "node",
                                        verdict.address().toString()),
                        1)));
        return rows;
    }

    /** What was held back, by its kind and by the filter that did so. */
    static List<MultiGauge.Row<?>> withheld(List<Withheld> withheld) {
        Map<Tags, Long> numbers = withheld.stream()
                .collect(Collectors.groupingBy(
                        each -> Tags.of("kind", each.action().kind(), "filter", each.filter()), Collectors.counting()));
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        numbers.forEach((tags, number) -> rows.add(MultiGauge.Row.of(tags, number)));
        return rows;
    }

    /** What each node carries. */
    static List<MultiGauge.Row<?>> placements(ClusterSnapshot cluster) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Node node : cluster.nodes()) {
            Placements carried = cluster.placementsOf(node.group());
            String address = node.address().toString();
            rows.add(MultiGauge.Row.of(Tags.of("node", address, "kind", "distributed"), carried.distributed()));
            rows.add(MultiGauge.Row.of(Tags.of("node", address, "kind", "reference"), carried.reference()));
        }
        return rows;
    }

    /** What is left to move of each drain that is ordered and not carried out. */
    static List<MultiGauge.Row<?>> drainPlacements(ClusterSnapshot cluster) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Intent drain : drains(cluster)) {
            drain.node()
                    .flatMap(cluster::node)
                    .ifPresent(node -> rows.add(MultiGauge.Row.of(
                            Tags.of("node", node.address().toString()),
                            cluster.placementsOf(node.group()).distributed())));
        }
        return rows;
    }

    /** How far the jobs of drains are. */
    static List<MultiGauge.Row<?>> drainMoves(ClusterSnapshot cluster) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Intent drain : drains(cluster)) {
            for (RebalanceJob job : cluster.rebalances()) {
                if (drain.job().filter(id -> id == job.id()).isPresent()) {
                    Tags node = Tags.of("node", drain.address().toString());
                    rows.add(MultiGauge.Row.of(node.and("state", "done"), job.done()));
                    rows.add(MultiGauge.Row.of(
                            node.and("state", "left"), job.tasks().size() - job.done()));
                }
            }
        }
        return rows;
    }

    /** How many moves of the job under way are in each state. */
    static List<MultiGauge.Row<?>> moves(ClusterSnapshot cluster) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        cluster.moves().map(MoveProgress::moves).ifPresent(moves -> {
            rows.add(MultiGauge.Row.of(Tags.of("state", "done"), moves.done()));
            rows.add(MultiGauge.Row.of(Tags.of("state", "running"), moves.running()));
            rows.add(MultiGauge.Row.of(Tags.of("state", "failed"), moves.failed()));
            rows.add(MultiGauge.Row.of(
                    Tags.of("state", "waiting"), moves.total() - moves.done() - moves.running() - moves.failed()));
        });
        return rows;
    }

    /** How many bytes of the job under way are where they should be, and how many are not. */
    static List<MultiGauge.Row<?>> moveBytes(ClusterSnapshot cluster) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        cluster.moves().flatMap(MoveProgress::bytes).ifPresent(bytes -> {
            rows.add(MultiGauge.Row.of(Tags.of("state", "moved"), bytes.moved()));
            rows.add(MultiGauge.Row.of(Tags.of("state", "left"), bytes.total() - bytes.moved()));
        });
        return rows;
    }

    /** Whether the job under way waits for something that a person can mend. */
    static List<MultiGauge.Row<?>> movesStalled(ClusterSnapshot cluster) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        cluster.moves()
                .ifPresent(moves ->
                        rows.add(MultiGauge.Row.of(Tags.empty(), moves.stall().isPresent() ? 1 : 0)));
        return rows;
    }

    private static List<Intent> drains(ClusterSnapshot cluster) {
        return cluster.ledger().intents().stream()
                .filter(intent -> intent.kind() == Intent.Kind.DRAIN
                        && intent.stage() != Intent.Stage.DONE
                        && intent.stage() != Intent.Stage.CANCELLED)
                .toList();
    }

    private static Tags state(Situation situation) {
        return Tags.of("state", EngineMetrics.word(situation), "weight", EngineMetrics.word(situation.weight()));
    }
}
