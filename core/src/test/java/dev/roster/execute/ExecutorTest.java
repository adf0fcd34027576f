package dev.roster.execute;

import static dev.roster.Samples.answered;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeServers;
import dev.roster.identity.ProbeResult;
import dev.roster.plan.Action;
import dev.roster.reconcile.TurnableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExecutorTest {

    private final TurnableClock clock = new TurnableClock();
    private final FakeServers servers = new FakeServers(clock);
    private final FakeCoordinator coordinator = new FakeCoordinator(new HostPort("master", 5432), servers, clock);
    private final Executor executor = new Executor(coordinator, clock, Duration.ofSeconds(5));
    private final Map<HostPort, ProbeResult> probes = new HashMap<>();
    private final List<Outcome> told = new ArrayList<>();

    @Test
    void addsOfOnePassShareATransaction() {
        Execution execution = execute(joining(3), true);

        assertThat(execution.end()).isEqualTo(Execution.End.ALL_TRIED);
        assertThat(execution.outcomes()).hasSize(3).allMatch(Outcome.Done.class::isInstance);
        assertThat(coordinator.calls()).isEqualTo(1);
        assertThat(told).isEqualTo(execution.outcomes());
    }

    @Test
    void noMoreThanTwentyShareATransaction() {
        execute(joining(41), true);

        assertThat(coordinator.calls()).isEqualTo(3);
        assertThat(coordinator.look().nodes()).hasSize(41);
    }

    @Test
    void oneBadWorkerDoesNotHoldUpTheRest() {
        List<Action> adds = joining(4);
        servers.stop(address(1));

        Execution execution = execute(adds, true);

        assertThat(execution.end()).isEqualTo(Execution.End.REFUSED);
        assertThat(coordinator.look().nodes()).hasSize(3);
        assertThat(execution.outcomes().getLast())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.action().address()).isEqualTo(address(1)));
    }

    @Test
    void aDeadMemberEndsTheRunAfterOneTry() {
        servers.blank(address(100));
        coordinator.addByHand(address(100));
        servers.stop(address(100));

        Execution execution = execute(joining(4), true);

        assertThat(execution.end()).isEqualTo(Execution.End.REFUSED);
        assertThat(execution.outcomes()).hasSize(1);
        assertThat(coordinator.calls()).isEqualTo(1);
    }

    @Test
    void addsWithOldProbesWaitForTheNextPass() {
        List<Action> adds = joining(25);
        Map<HostPort, ProbeResult> fresh = Map.copyOf(probes);
        probes.replaceAll((address, result) -> answered(1, clock.instant().minusSeconds(6)));
        for (int i = 0; i < 20; i++) {
            probes.put(adds.get(i).address(), fresh.get(adds.get(i).address()));
        }

        Execution execution = execute(adds, true);

        assertThat(execution.end()).isEqualTo(Execution.End.PROBES_TOO_OLD);
        assertThat(coordinator.look().nodes()).hasSize(20);
    }

    @Test
    void slowProbesCannotHoldUpEverythingForEver() {
        List<Action> adds = joining(2);
        clock.advance(Duration.ofSeconds(6));

        Execution execution = execute(adds, true);

        assertThat(execution.end()).isEqualTo(Execution.End.PROBES_TOO_OLD);
        assertThat(coordinator.look().nodes()).hasSize(1);
    }

    @Test
    void nothingIsSentOnceLeadershipIsLost() {
        Execution execution = execute(joining(2), false);

        assertThat(execution.end()).isEqualTo(Execution.End.STOPPED);
        assertThat(coordinator.calls()).isZero();
    }

    @Test
    void aLostCoordinatorEndsTheRunAndKeepsWhatWasDone() {
        List<Action> adds = joining(21);
        coordinator.breakCall(2, FakeCoordinator.Break.AFTER_COMMIT);

        Execution execution = execute(adds, true);

        assertThat(execution.end()).isEqualTo(Execution.End.COORDINATOR_LOST);
        assertThat(execution.outcomes()).hasSize(20);
        assertThat(execution.loss()).isPresent();
        assertThat(coordinator.look().nodes()).hasSize(21);
    }

    private Execution execute(List<Action> actions, boolean mayGoOn) {
        return executor.execute(actions, probes, () -> mayGoOn, told::add);
    }

    private List<Action> joining(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(this::joining1).toList();
    }

    private Action joining1(int n) {
        var server = servers.blank(address(n));
        probes.put(address(n), answered(n, clock.instant()));
        Worker worker = new Worker(
                "w" + n, address(n), WorkerHealth.READY, "", Optional.empty(), new Scope("docker", "here"), true);
        return new Action.AddNode(worker, Optional.of(server.identity), Optional.empty(), "ready");
    }

    private static HostPort address(int n) {
        return new HostPort("w" + n, 5432);
    }
}
