package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.Samples;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.Placements;
import dev.roster.cluster.RebalanceJob;
import dev.roster.ledger.LedgerSnapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RebalanceHintTest {

    @Test
    void namesWhoHoldsNothingAndWhoHoldsMost() {
        assertThat(RebalanceHint.of(cluster(32, 0)))
                .contains("pg-2:5432 takes shards and holds none, pg-1:5432 holds 32:"
                        + " roster rebalance --preview tells what would move");
    }

    @Test
    void saysNothingWhereEverybodyHoldsSome() {
        assertThat(RebalanceHint.of(cluster(31, 1))).isEmpty();
    }

    @Test
    void saysNothingWhereThereIsNothingToSpread() {
        assertThat(RebalanceHint.of(cluster(1, 0))).isEmpty();
        assertThat(RebalanceHint.of(cluster(0, 0))).isEmpty();
    }

    @Test
    void saysNothingWhileShardsMove() {
        assertThat(RebalanceHint.of(
                        cluster(32, 0).with(List.of(new RebalanceJob(4, RebalanceJob.State.RUNNING, List.of())))))
                .isEmpty();
    }

    private static ClusterSnapshot cluster(int first, int second) {
        return new ClusterSnapshot(
                Samples.NOW,
                Samples.cluster(List.of()).coordinator(),
                List.of(Samples.node(1), Samples.node(2)),
                Map.of(new GroupId(1), carrying(first), new GroupId(2), carrying(second)),
                LedgerSnapshot.EMPTY);
    }

    private static Placements carrying(int distributed) {
        return new Placements(distributed, distributed, 0, 0, Optional.empty());
    }
}
