package dev.roster.identity;

import static dev.roster.Samples.NOW;
import static dev.roster.Samples.address;
import static dev.roster.Samples.answered;
import static dev.roster.Samples.cluster;
import static dev.roster.Samples.failed;
import static dev.roster.Samples.identity;
import static dev.roster.Samples.node;
import static dev.roster.Samples.sightings;
import static dev.roster.Samples.worker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.Samples;
import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.ProbeRequest.Depth;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.ledger.Tombstone;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ProbeScheduleTest {

    private final ProbeSchedule schedule = new ProbeSchedule(PlanSettings.DEFAULTS);
    private final ProbeHistory history = new ProbeHistory();
    private final Map<HostPort, Situation> before = new HashMap<>();
    private final Set<HostPort> heldBack = new HashSet<>();
    private List<Node> nodes = List.of();
    private List<Worker> workers = List.of();
    private List<Tombstone> tombstones = List.of();

    @Nested
    class Candidates {

        @Test
        void areAskedEverythingWhenFirstSighted() {
            workers = List.of(worker(1));

            assertThat(due(NOW).requests())
                    .containsExactly(new ProbeRequest(address(1), Depth.CANDIDATE, Optional.empty()));
        }

        @Test
        void areAskedWhileStillStartingSoThatTheAnswerIsAtHand() {
            workers = List.of(worker(1, WorkerHealth.STARTING));
            assertThat(asked(NOW)).containsExactly(address(1));
            answer(1, NOW);

            assertThat(due(NOW).wakeAt()).contains(NOW.plusSeconds(4));
            assertThat(asked(NOW.plusSeconds(4))).containsExactly(address(1));
        }

        @Test
        void areAskedEveryTwoSecondsWhileTheyStartAndDoNotAnswerYet() {
            workers = List.of(worker(1, WorkerHealth.STARTING));
            for (int second = 0; second < 10; second++) {
                silence(1, NOW.plusSeconds(second));
            }

            assertThat(asked(NOW.plusSeconds(10))).isEmpty();
            assertThat(asked(NOW.plusSeconds(11))).containsExactly(address(1));
        }

        @Test
        void areNotAskedAgainWhenTheyBecomeReadyJustAfterTheyAnswered() {
            workers = List.of(worker(1, WorkerHealth.STARTING));
            answer(1, NOW);

            workers = List.of(worker(1));

            assertThat(asked(NOW.plusSeconds(3))).isEmpty();
        }

        @Test
        void areAskedAtOnceWhenTheirHealthChanges() {
            workers = List.of(worker(1, WorkerHealth.UNKNOWN));
            silence(1, NOW);
            silence(1, NOW.plusSeconds(1));
            assertThat(asked(NOW.plusSeconds(2))).isEmpty();

            workers = List.of(worker(1));

            assertThat(asked(NOW.plusSeconds(2))).containsExactly(address(1));
        }

        @Test
        void areAskedAgainWhenTheirAnswerIsTooOldForAnAdd() {
            workers = List.of(worker(1));
            answer(1, NOW);

            assertThat(asked(NOW.plusSeconds(4))).isEmpty();
            assertThat(asked(NOW.plusSeconds(5))).containsExactly(address(1));
        }

        @Test
        void withAnAlarmAreAskedSeldom() {
            workers = List.of(worker(1));
            answer(1, NOW);
            before.put(address(1), Situation.FOREIGN);

            assertThat(asked(NOW.plusSeconds(59))).isEmpty();
            assertThat(asked(NOW.plusSeconds(60))).containsExactly(address(1));
        }

        @Test
        void inBackoffAreAskedSeldom() {
            workers = List.of(worker(1));
            answer(1, NOW);
            heldBack.add(address(1));

            assertThat(asked(NOW.plusSeconds(30))).isEmpty();
        }

        @Test
        void thatDoNotAnswerAreAskedAgainLaterAndLater() {
            workers = List.of(worker(1));
            Instant at = NOW;
            for (int delay : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
                silence(1, at);
                assertThat(due(at).wakeAt()).contains(at.plusSeconds(delay));
                assertThat(asked(at.plusSeconds(delay).minusMillis(1))).isEmpty();
                at = at.plusSeconds(delay);
                assertThat(asked(at)).containsExactly(address(1));
            }
        }

        @Test
        void thatTheirSourceKnowsToBeAwayAreNotAsked() {
            workers = List.of(
                    worker(1, WorkerHealth.STOPPED),
                    worker(2, WorkerHealth.PAUSED),
                    worker(3, WorkerHealth.UNHEALTHY),
                    worker(4, WorkerHealth.RESTARTING));

            assertThat(asked(NOW)).isEmpty();
        }

        @Test
        void areAskedInBoundedSteps() {
            workers = IntStream.rangeClosed(1, 450).mapToObj(Samples::worker).toList();

            ProbeSchedule.Due first = due(NOW);

            assertThat(first.requests()).hasSize(200);
            assertThat(first.more()).isTrue();
        }

        @Test
        void thatWereSilentDoNotHoldUpOthers() {
            workers = List.of(worker(1));
            silence(1, NOW);
            workers = List.of(worker(1), worker(2));

            ProbeSchedule.Due due = due(NOW.plusSeconds(1));

            assertThat(due.requests()).extracting(ProbeRequest::address).containsExactly(address(2));
            assertThat(due.more()).isTrue();
        }

        @Test
        void areNeverAskedWithProbesOff() {
            var off = new ProbeSchedule(PlanSettings.DEFAULTS.with(PlanSettings.Probe.OFF));
            workers = List.of(worker(1));

            assertThat(off.due(cluster(nodes), sightings(workers), history, before, _ -> false, NOW)
                            .requests())
                    .isEmpty();
        }
    }

    @Nested
    class Members {

        @Test
        void areAskedOnceInTheirMaximumAge() {
            nodes = List.of(node(1));
            workers = List.of(worker(1));
            assertThat(due(NOW).requests()).extracting(ProbeRequest::depth).containsExactly(Depth.MEMBER);
            answer(1, NOW);

            assertThat(asked(NOW.plusSeconds(59))).isEmpty();
            assertThat(due(NOW).wakeAt()).isEmpty();
            assertThat(asked(NOW.plusSeconds(60))).containsExactly(address(1));
        }

        @Test
        void keepStepSoThatASteadyClusterCostsOneStatement() {
            nodes = List.of(node(1), node(2));
            workers = List.of(worker(1), worker(2));
            answer(1, NOW);
            answer(2, NOW.plusSeconds(25));

            assertThat(asked(NOW.plusSeconds(60))).containsExactlyInAnyOrder(address(1), address(2));
        }

        @Test
        void areAskedAtOnceWhenTheyAreReadyAgain() {
            nodes = List.of(node(1));
            workers = List.of(worker(1, WorkerHealth.RESTARTING));
            answerAs(1, 1, NOW, Depth.MEMBER);
            workers = List.of(worker(1));

            assertThat(asked(NOW.plusSeconds(2))).containsExactly(address(1));
        }

        @Test
        void areAskedAnewOnceTheyAreOutOfSight() {
            nodes = List.of(node(1));
            workers = List.of(worker(1));
            answer(1, NOW);

            workers = List.of();

            assertThat(asked(NOW.plusSeconds(1))).containsExactly(address(1));
        }

        @Test
        void withAnotherIdentityAreAskedEverythingAtOnce() {
            nodes = List.of(node(1));
            workers = List.of(worker(1));
            answerAs(1, 9, NOW, Depth.MEMBER);

            assertThat(due(NOW).requests()).extracting(ProbeRequest::depth).containsExactly(Depth.CANDIDATE);
        }

        @Test
        void aboutToBeReplacedAreAskedInEveryPass() {
            nodes = List.of(node(1));
            workers = List.of(worker(1));
            answerAs(1, 9, NOW, Depth.CANDIDATE);
            before.put(address(1), Situation.EMPTY_SERVER_REPLACED);

            assertThat(asked(NOW.plusSeconds(5))).containsExactly(address(1));
        }

        @Test
        void thatAreGoneForGoodAreAskedSeldom() {
            nodes = List.of(node(1));
            silence(1, NOW);
            before.put(address(1), Situation.STRANDED);

            assertThat(asked(NOW.plusSeconds(30))).isEmpty();
            assertThat(due(NOW).wakeAt()).isEmpty();
        }

        @Test
        void thatMayBeRemovedOrDisabledNowAreAskedInEveryPass() {
            nodes = List.of(node(1));
            silence(1, NOW);
            for (Situation last : List.of(Situation.LEAVING, Situation.DISABLING)) {
                before.put(address(1), last);

                assertThat(asked(NOW.plusSeconds(5))).containsExactly(address(1));
                assertThat(asked(NOW.plusSeconds(4))).isEmpty();
            }
        }

        @Test
        void thatNobodySightsAreAskedTogetherWithANewcomer() {
            nodes = List.of(node(1));
            answer(1, NOW);
            workers = List.of(worker(2));

            assertThat(asked(NOW.plusSeconds(5))).containsExactlyInAnyOrder(address(1), address(2));
        }
    }

    @Nested
    class Answers {

        @Test
        void fromBeforeAServerWasAddedAreForgottenAndItIsAskedAtOnce() {
            workers = List.of(worker(1), worker(2));
            answer(1, NOW);
            answer(2, NOW);

            nodes = List.of(node(1));
            history.retain(cluster(nodes), sightings(workers));

            assertThat(history.latest()).containsOnlyKeys(address(2));
            assertThat(asked(NOW)).contains(address(1));
        }

        @Test
        void ofAnAddressThatNobodyKnowsAnyMoreAreForgotten() {
            workers = List.of(worker(1));
            nodes = List.of(node(2));
            answer(1, NOW);
            answer(2, NOW);

            workers = List.of();
            history.retain(cluster(nodes), sightings(workers));

            assertThat(history.latest()).containsOnlyKeys(address(2));
        }
    }

    @Nested
    class RemovedMembers {

        private final Instant removedAt = NOW.minusSeconds(1);

        @Test
        void areAskedOnceAfterTheirRemoval() {
            bury(1);
            silence(1, NOW.minusSeconds(2));
            assertThat(asked(NOW)).containsExactly(address(1));

            silence(1, NOW);

            assertThat(asked(NOW.plus(Duration.ofDays(1)))).isEmpty();
        }

        @Test
        void areAskedAgainAsLongAsTheyRunWithTheirOldMetadata() {
            bury(1);
            answer(1, NOW);

            assertThat(asked(NOW.plusSeconds(59))).isEmpty();
            assertThat(asked(NOW.plusSeconds(60))).containsExactly(address(1));
        }

        @Test
        void areLeftAloneOnceAnotherServerAnswersThere() {
            bury(1);
            answerAs(1, 2, NOW, Depth.MEMBER);

            assertThat(asked(NOW.plusSeconds(60))).isEmpty();
        }

        @Test
        void ofLongAgoAreNotLookedFor() {
            bury(1);

            assertThat(asked(NOW.plus(Duration.ofDays(8)))).isEmpty();
        }

        private void bury(int n) {
            tombstones = List.of(new Tombstone(
                    node(n).id(), node(n).group(), address(n), Optional.of(identity(n)), true, removedAt, "roster"));
        }
    }

    private ProbeSchedule.Due due(Instant now) {
        ClusterSnapshot alive = cluster(nodes);
        LedgerSnapshot ledger = new LedgerSnapshot(alive.ledger().members(), tombstones, List.of());
        ClusterSnapshot cluster =
                new ClusterSnapshot(alive.at(), alive.coordinator(), alive.nodes(), alive.placements(), ledger);
        return schedule.due(cluster, sightings(workers), history, before, heldBack::contains, now);
    }

    private List<HostPort> asked(Instant now) {
        return due(now).requests().stream().map(ProbeRequest::address).toList();
    }

    private void answer(int n, Instant at) {
        answerAs(n, n, at, nodes.isEmpty() ? Depth.CANDIDATE : Depth.MEMBER);
    }

    private void answerAs(int n, int server, Instant at, Depth depth) {
        note(n, depth, answered(server, at));
    }

    private void silence(int n, Instant at) {
        note(n, Depth.CANDIDATE, failed(at));
    }

    private void note(int n, Depth depth, ProbeResult result) {
        history.note(
                List.of(new ProbeRequest(address(n), depth, Optional.empty())),
                Map.of(address(n), result),
                cluster(nodes),
                sightings(workers));
    }
}
