package dev.roster.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.Samples;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.MoveProgress;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.Intent;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StandingOrderTest {

    private static final long JOB = 7;

    @Test
    void aDrainTellsHowManyBytesItsJobHasMovedAndHowLongItWillTake() {
        ClusterSnapshot cluster = cluster(drain().running(Optional.of(JOB))).with(progressOf(JOB));

        StandingOrder order = StandingOrder.all(
                        cluster, Map.of(Samples.address(1), verdict("1 of 2 moves done; 30 of 100 bytes")))
                .getFirst();

        assertThat(order.bytesDone()).hasValue(30);
        assertThat(order.bytesTotal()).hasValue(100);
        assertThat(order.bytesPerSecond()).hasValue(5);
        assertThat(order.etaSeconds()).hasValue(14);
        assertThat(order.sentence()).contains("1 of 2 moves done; 30 of 100 bytes");
    }

    @Test
    void theProgressOfAnotherJobIsNotItsOwn() {
        ClusterSnapshot cluster = cluster(drain().running(Optional.of(JOB))).with(progressOf(JOB + 1));

        StandingOrder order = StandingOrder.all(cluster, Map.of()).getFirst();

        assertThat(order.bytesDone()).isEmpty();
        assertThat(order.bytesTotal()).isEmpty();
        assertThat(order.bytesPerSecond()).isEmpty();
        assertThat(order.etaSeconds()).isEmpty();
        assertThat(order.sentence()).isEmpty();
    }

    private static Verdict verdict(String sentence) {
        return new Verdict(
                "pg-1", Samples.address(1), Optional.of(Samples.node(1).id()), true, Situation.DRAINING, sentence);
    }

    private static Intent drain() {
        return Intent.ordered(
                Intent.Kind.DRAIN,
                Optional.of(Samples.node(1).id()),
                Samples.address(1),
                Optional.of(Samples.identity(1)),
                true,
                Intent.TransferMode.AUTO,
                Optional.empty(),
                "operator",
                Samples.NOW);
    }

    private static MoveProgress progressOf(long job) {
        return new MoveProgress(
                job,
                RebalanceJob.State.RUNNING,
                new MoveProgress.Moves(1, 2, 1, 0),
                Optional.of(new MoveProgress.Bytes(30, 100)),
                List.of(),
                OptionalLong.of(5),
                Optional.of(Duration.ofSeconds(14)),
                Optional.empty(),
                Samples.NOW);
    }

    private static ClusterSnapshot cluster(Intent order) {
        return new ClusterSnapshot(
                Samples.NOW,
                Samples.cluster(List.of()).coordinator(),
                List.of(Samples.node(1), Samples.node(2)),
                Map.of(),
                new LedgerSnapshot(List.of(), List.of(), List.of(order)));
    }
}
