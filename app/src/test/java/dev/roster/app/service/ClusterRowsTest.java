package dev.roster.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.Samples;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.Placements;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.Intent;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import dev.roster.plan.Withheld;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ClusterRowsTest {

    @Test
    void whoeverIsCalmHasNoRowOfItsOwn() {
        List<Verdict> verdicts = List.of(verdict(1, Situation.MEMBER), verdict(2, Situation.STRANDED));

        assertThat(shown(ClusterRows.notCalm(verdicts)))
                .isEqualTo(Map.of("node=pg-2:5432 state=stranded weight=alarm worker=pg-2", 1.0));
        assertThat(shown(ClusterRows.workers(verdicts)))
                .isEqualTo(Map.of("state=member weight=calm", 1.0, "state=stranded weight=alarm", 1.0));
    }

    @Test
    void whatIsWithheldIsCountedByKindAndFilter() {
        Withheld first = new Withheld(Samples.add(1), "backoff", "it was refused", Optional.empty());
        Withheld second = new Withheld(Samples.add(2), "backoff", "it was refused", Optional.empty());
        Withheld other = new Withheld(Samples.remove(3, true), "mode", "add-only", Optional.empty());

        assertThat(shown(ClusterRows.withheld(List.of(first, second, other))))
                .isEqualTo(Map.of("filter=backoff kind=add", 2.0, "filter=mode kind=remove", 1.0));
    }

    @Test
    void aDrainTellsWhatIsLeftAndHowManyMovesAreDone() {
        ClusterSnapshot cluster = draining(drain(1).running(Optional.of(7L)))
                .with(List.of(job(7, "done", "running", "blocked"), job(6, "done")));

        assertThat(shown(ClusterRows.drainPlacements(cluster))).isEqualTo(Map.of("node=pg-1:5432", 12.0));
        assertThat(shown(ClusterRows.drainMoves(cluster)))
                .isEqualTo(Map.of("node=pg-1:5432 state=done", 1.0, "node=pg-1:5432 state=left", 2.0));
    }

    @Test
    void aDrainThatWasGivenUpTellsWhatIsLeftAndOneThatIsOverTellsNothing() {
        assertThat(shown(ClusterRows.drainPlacements(draining(drain(1).stopped(Optional.of("failed"))))))
                .isEqualTo(Map.of("node=pg-1:5432", 12.0));
        assertThat(shown(ClusterRows.drainPlacements(draining(drain(1).at(Intent.Stage.CANCELLED)))))
                .isEmpty();
    }

    private static Verdict verdict(int n, Situation situation) {
        return new Verdict(
                "pg-" + n, Samples.address(n), Optional.of(Samples.node(n).id()), true, situation, "so");
    }

    private static Intent drain(int n) {
        return Intent.ordered(
                Intent.Kind.DRAIN,
                Optional.of(Samples.node(n).id()),
                Samples.address(n),
                Optional.of(Samples.identity(n)),
                true,
                Intent.TransferMode.AUTO,
                Optional.empty(),
                "operator",
                Samples.NOW);
    }

    private static ClusterSnapshot draining(Intent drain) {
        return new ClusterSnapshot(
                Samples.NOW,
                Samples.cluster(List.of()).coordinator(),
                List.of(Samples.node(1), Samples.node(2)),
                Map.of(new GroupId(1), new Placements(12, 12, 1, 0, Optional.of("public.orders_102008"))),
                new LedgerSnapshot(List.of(), List.of(), List.of(drain)));
    }

    private static RebalanceJob job(long id, String... states) {
        return new RebalanceJob(
                id,
                RebalanceJob.State.RUNNING,
                List.of(states).stream()
                        .map(state -> new RebalanceJob.Task(state, 0, Optional.empty()))
                        .toList());
    }

    private static Map<String, Double> shown(List<MultiGauge.Row<?>> rows) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        MultiGauge.builder("rows").register(registry).register(rows);
        return registry.find("rows").gauges().stream()
                .collect(Collectors.toMap(
                        gauge -> gauge.getId().getTags().stream()
                                .map(ClusterRowsTest::word)
                                .collect(Collectors.joining(" ")),
                        gauge -> gauge.value(),
                        (first, _) -> first));
    }

    private static String word(Tag tag) {
        return tag.getKey() + "=" + tag.getValue();
    }
}
