package dev.roster.citus;

import static dev.roster.Samples.NOW;
import static dev.roster.Samples.SCOPE;
import static dev.roster.Samples.add;
import static dev.roster.Samples.address;
import static dev.roster.Samples.identity;
import static dev.roster.Samples.member;
import static dev.roster.Samples.node;
import static dev.roster.Samples.remove;
import static dev.roster.Samples.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Intent;
import dev.roster.plan.Action;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallTextTest {

    private static final Intent DRAIN = Intent.ordered(
                    Intent.Kind.DRAIN,
                    Optional.of(node(1).id()),
                    address(1),
                    Optional.of(identity(1)),
                    true,
                    Intent.TransferMode.BLOCK_WRITES,
                    Optional.empty(),
                    "operator",
                    NOW)
            .running(Optional.of(7L));

    @Test
    void anAddIsOneCall() {
        assertThat(CallText.of(add(1))).containsExactly("SELECT citus_add_node('pg-1', 5432);");
    }

    @Test
    void anAddNamesItsGroupAndWhatIsRestored() {
        Worker named = new Worker(
                "a", new HostPort("a'b", 5433), WorkerHealth.READY, "", Optional.of(new GroupId(4)), SCOPE, true);

        assertThat(CallText.of(new Action.AddNode(named, Optional.empty(), Optional.of(false), "a former member")))
                .containsExactly(
                        "SELECT citus_add_node('a''b', 5433, groupid := 4);",
                        "SELECT citus_set_node_property('a''b', 5433, 'shouldhaveshards', false);");
    }

    @Test
    void aDeadNodeMayHaveToBeDisabledFirst() {
        assertThat(CallText.of(remove(1, false))).containsExactly("SELECT citus_remove_node('pg-1', 5432);");
        assertThat(CallText.of(remove(1, true)))
                .containsExactly(
                        "-- only while there are reference tables:\n"
                                + "SELECT citus_disable_node('pg-1', 5432, synchronous := true);",
                        "SELECT citus_remove_node('pg-1', 5432);");
    }

    @Test
    void theOthersAreTheirDocumentedCalls() {
        assertThat(CallText.of(new Action.SetCoordinatorAddress(address(9), Optional.empty(), "first add")))
                .containsExactly("SELECT citus_set_coordinator_host('pg-9', 5432);");
        assertThat(CallText.of(new Action.ActivateNode(node(1), member(1), "it is back")))
                .containsExactly("SELECT citus_activate_node('pg-1', 5432);");
        assertThat(CallText.of(new Action.DisableNode(node(1), member(1), "absent")))
                .containsExactly("SELECT citus_disable_node('pg-1', 5432);");
        assertThat(CallText.of(new Action.ReplaceEmptyNode(node(1), member(1), worker(1), identity(2), "empty")))
                .containsExactly(
                        "SELECT citus_remove_node('pg-1', 5432);",
                        "SELECT citus_add_node('pg-1', 5432);",
                        "SELECT citus_set_node_property('pg-1', 5432, 'shouldhaveshards', true);");
        assertThat(CallText.of(new Action.AdoptNode(node(1), identity(1), SCOPE, "its data is ours")))
                .isEmpty();
    }

    @Test
    void whoFollowsIntoAnothersPlaceGoesByWayOfATemporaryAddress() {
        assertThat(CallText.of(follow(Optional.empty(), move(1, 9))))
                .containsExactly("SELECT citus_update_node(1, 'pg-9', 5432);");
        assertThat(CallText.of(follow(Optional.of(Duration.ofSeconds(2)), move(1, 2), move(2, 1))))
                .containsExactly(
                        "SELECT citus_update_node(2, 'unavailable-2', 1, force := true, lock_cooldown := 2000);",
                        "SELECT citus_update_node(1, 'pg-2', 5432, force := true, lock_cooldown := 2000);",
                        "SELECT citus_update_node(2, 'pg-1', 5432, force := true, lock_cooldown := 2000);");
        assertThat(CallText.of(follow(Optional.empty(), move(1, 2), move(2, 3), move(3, 1))))
                .containsExactly(
                        "SELECT citus_update_node(3, 'unavailable-3', 1);",
                        "SELECT citus_update_node(2, 'pg-3', 5432);",
                        "SELECT citus_update_node(1, 'pg-2', 5432);",
                        "SELECT citus_update_node(3, 'pg-1', 5432);");
    }

    private static Action follow(Optional<Duration> forceAfter, Action.Move... moves) {
        return new Action.UpdateNodes(List.of(moves), forceAfter, Optional.empty(), "its standby was promoted");
    }

    private static Action.Move move(int from, int to) {
        return new Action.Move(node(from), Optional.empty(), address(to), Optional.empty());
    }

    @Test
    void aDrainIsStartedStoppedAndPutBack() {
        assertThat(CallText.of(new Action.StartDrain(node(1), DRAIN, "ordered")))
                .containsExactly(
                        "SELECT citus_set_node_property('pg-1', 5432, 'shouldhaveshards', false);",
                        "SELECT citus_rebalance_start(drain_only := true, shard_transfer_mode := 'block_writes');");
        assertThat(CallText.of(new Action.StopDrain(node(1), DRAIN, false, Optional.empty(), "cancelled")))
                .containsExactly("SELECT citus_rebalance_stop();");
        assertThat(CallText.of(new Action.StopDrain(node(1), DRAIN, true, Optional.empty(), "cancelled")))
                .containsExactly("SELECT citus_set_node_property('pg-1', 5432, 'shouldhaveshards', true);");
    }
}
