package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.ProbeFailure;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.PlanSettings.DepartureRemove;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Rows 24 to 34, one nested class for each row: a node that is not sighted. */
class AbsentRowsTest {

    private static final Duration PROVEN = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofMinutes(5);

    private final Scene scene = new Scene();

    private Verdict judged(String host, Situation situation) {
        Verdict verdict = scene.verdict(host);
        assertThat(verdict.situation()).as(verdict.sentence()).isEqualTo(situation);
        return verdict;
    }

    private Verdict keeps(String host, Situation situation) {
        Verdict verdict = judged(host, situation);
        assertThat(scene.plan().actions()).isEmpty();
        return verdict;
    }

    @Nested
    @DisplayName("row 24")
    class Row24 {

        @Test
        void aNodeNobodyDiscoversAndRosterDoesNotKnowIsLeft() {
            scene.node(2, 1, "pg-1").isDead("pg-1").later(GRACE);

            keeps("pg-1", Situation.UNMANAGED);
        }

        @Test
        void aMemberThatSomebodyElseDisabledIsLeft() {
            scene.goneMember(2, 1, "pg-1", "7001").inactive(2).later(GRACE);

            assertThat(keeps("pg-1", Situation.UNMANAGED).sentence()).contains("disabled by somebody else");
        }
    }

    @Nested
    @DisplayName("row 25")
    class Row25 {

        @Test
        void aSourceThatCouldNotLookProvesNothing() {
            scene.goneMember(2, 1, "pg-1", "7001").later(GRACE);
            scene.dockerAnswer =
                    Optional.of(new Sighting.Unavailable("docker", scene.now, "no answer from the engine"));

            assertThat(keeps("pg-1", Situation.OUT_OF_SCOPE).sentence()).contains("no answer from the engine");
        }

        @Test
        void aSourceThatLookedInPartProvesNothing() {
            scene.goneMember(2, 1, "pg-1", "7001").later(GRACE);
            scene.dockerAnswer =
                    Optional.of(new Sighting.Partial("docker", scene.now, List.of(), "SERVFAIL for two names"));

            assertThat(keeps("pg-1", Situation.OUT_OF_SCOPE).sentence()).contains("SERVFAIL for two names");
        }

        @Test
        void anotherScopeProvesNothing() {
            scene.goneMember(2, 1, "pg-1", "7001").later(GRACE);
            scene.dockerAnswer = Optional.of(new Sighting.Complete(
                    "docker",
                    scene.now,
                    Set.of(new Scope("docker", "engine A, project other")),
                    List.of(),
                    List.of(),
                    Set.of(),
                    true));

            assertThat(keeps("pg-1", Situation.OUT_OF_SCOPE).sentence()).contains("no longer looks in");
        }

        @Test
        void aSourceThatIsSwitchedOffProvesNothing() {
            scene.goneMember(2, 1, "pg-1", "7001").member(2, "7001", Origin.ADDED, new Scope("dns", "db.svc"));
            scene.later(GRACE);

            keeps("pg-1", Situation.OUT_OF_SCOPE);
        }

        @Test
        void anUnavailableLookStartsTheClockAnew() {
            scene.goneMember(2, 1, "pg-1", "7001").later(PROVEN);
            scene.dockerAnswer = Optional.of(new Sighting.Unavailable("docker", scene.now, "away"));
            scene.later(PROVEN);
            scene.dockerAnswer = Optional.empty();

            keeps("pg-1", Situation.ABSENT);
        }
    }

    @Nested
    @DisplayName("row 26")
    class Row26 {

        @Test
        void aServerThatStillAnswersIsNotGone() {
            scene.goneMember(2, 1, "pg-1", "7001")
                    .answersOfGroup("pg-1", "7001", 1)
                    .later(GRACE);

            assertThat(keeps("pg-1", Situation.ALIVE_UNDISCOVERED).sentence()).contains("still answers at pg-1:5432");
        }

        @ParameterizedTest
        @EnumSource(
                names = {"REFUSED", "UNRESOLVED", "TIMEOUT", "UNREACHABLE"},
                mode = Mode.EXCLUDE)
        void evenAnErrorIsAnAnswer(ProbeFailure failure) {
            scene.goneMember(2, 1, "pg-1", "7001").fails("pg-1", failure, "no").later(GRACE);

            keeps("pg-1", Situation.ALIVE_UNDISCOVERED);
        }

        @Test
        void anotherServersAnswerIsNotItsOwn() {
            scene.goneMember(2, 1, "pg-1", "7001").answersBlank("pg-1", "7002").later(PROVEN);

            judged("pg-1", Situation.LEAVING);
        }

        @Test
        void aSignOfLifeStartsTheClockAnew() {
            scene.goneMember(2, 1, "pg-1", "7001")
                    .answersOfGroup("pg-1", "7001", 1)
                    .later(GRACE);
            scene.later(Duration.ofSeconds(1)).isDead("pg-1");

            keeps("pg-1", Situation.ABSENT);
        }
    }

    @Nested
    @DisplayName("row 28")
    class Row28 {

        @Test
        void aProvenAbsenceWaitsForSeconds() {
            scene.goneMember(2, 1, "pg-1", "7001").later(Duration.ofSeconds(4));

            assertThat(keeps("pg-1", Situation.ABSENT).sentence()).contains("judged in 1 s (departure grace)");
        }

        @Test
        void anUnprovenAbsenceWaitsForMinutes() {
            scene.goneMember(2, 1, "pg-1", "7001").member(2, "7001", Origin.ADDED, Scene.LIST);
            scene.later(Duration.ofSeconds(50));

            assertThat(keeps("pg-1", Situation.ABSENT).sentence()).contains("judged in 4 min 10 s");
        }

        @Test
        void aStoppedContainerOfThatNameIsNotAbsent() {
            scene.goneMember(2, 1, "pg-1", "7001");
            scene.alsoPresent.add(Scene.at("pg-1"));
            scene.later(GRACE);

            assertThat(keeps("pg-1", Situation.ABSENT).sentence()).contains("still known to its source");
        }

        @Test
        void aStoppedContainerThatIsItsOtherNameIsNotAbsent() {
            scene.goneMember(2, 1, "10.0.0.7", "7001").changeMember(2, member -> alsoKnownAs(member, "shop_worker_1"));
            scene.worker("shop_worker_1", WorkerHealth.STOPPED).later(GRACE);

            keeps("10.0.0.7", Situation.ABSENT);
        }

        @Test
        void anOldProbeDoesNotTellThatItIsGone() {
            scene.goneMember(2, 1, "pg-1", "7001");
            scene.memory = scene.remembered();
            scene.now = scene.now.plus(GRACE);

            assertThat(keeps("pg-1", Situation.ABSENT).sentence()).contains("probe of its address");
        }

        @Test
        void anAnswerFromBeforeTheAbsenceDoesNotKeepIt() {
            scene.goneMember(2, 1, "pg-1", "7001").answersOfGroup("pg-1", "7001", 1);
            scene.now = scene.now.plus(Duration.ofSeconds(1));

            keeps("pg-1", Situation.ABSENT);
        }

        private static Member alsoKnownAs(Member member, String host) {
            return new Member(
                    member.node(),
                    member.group(),
                    member.address(),
                    member.identity(),
                    member.origin(),
                    member.scope(),
                    member.since(),
                    member.lastSeen(),
                    member.disabledByRoster(),
                    Set.of(Scene.at(host)));
        }
    }

    @Nested
    @DisplayName("row 29")
    class Row29 {

        @Test
        void aMemberWithSoleCopiesIsStrandedAndSaysWhatItBlocksAndTheWaysOut() {
            scene.goneMember(2, 1, "pg-1", "7001").holdsSoleCopies(1).later(GRACE);

            assertThat(keeps("pg-1", Situation.STRANDED).sentence())
                    .startsWith(
                            "Stranded: absent since 2030-01-01T12:00:00Z, its server does not answer, and it holds the"
                                    + " only copy of 8 distributed shard placements, so nothing is removed.")
                    .contains(
                            "reference table writes, adding or changing nodes, and DDL on distributed tables fail too")
                    .contains("SELECT citus_update_node(2, 'host', port)");
        }
    }

    @Nested
    @DisplayName("row 30")
    class Row30 {

        @Test
        void anAbsenceThatIsNoProofRemovesNothingByDefault() {
            scene.goneMember(2, 1, "pg-1", "7001")
                    .member(2, "7001", Origin.ADDED, Scene.LIST)
                    .later(GRACE);

            assertThat(keeps("pg-1", Situation.ABSENT_UNPROVEN).sentence())
                    .contains("static cannot prove that it is gone (roster.departure.remove=certain)")
                    .contains("SELECT citus_remove_node('pg-1', 5432)");
        }

        @Test
        void neverMeansNever() {
            scene.settings = Settings.removing(DepartureRemove.NEVER);
            scene.goneMember(2, 1, "pg-1", "7001").later(GRACE);

            assertThat(keeps("pg-1", Situation.ABSENT_UNPROVEN).sentence()).contains("roster.departure.remove=never");
        }
    }

    @Nested
    @DisplayName("row 31")
    class Row31 {

        @Test
        void anEmptyMemberWhoseContainerIsGoneIsRemoved() {
            scene.goneMember(2, 1, "pg-1", "7001").holds(1, 0, 0, 1, 0).later(PROVEN);

            judged("pg-1", Situation.LEAVING);
            assertThat(scene.plan().actions())
                    .singleElement()
                    .isInstanceOfSatisfying(Action.RemoveNode.class, remove -> {
                        assertThat(remove.node().id()).isEqualTo(new NodeId(2));
                        assertThat(remove.serverIsDead()).isTrue();
                        assertThat(remove.reason())
                                .isEqualTo(
                                        "not sighted by docker since 2030-01-01T12:00:00Z, its server does not answer");
                    });
        }

        @Test
        void aStrandedMemberThatLostItsLastShardIsAskedOnceMoreBeforeItIsRemoved() {
            scene.goneMember(2, 1, "pg-1", "7001").holdsSoleCopies(1).later(GRACE);
            keeps("pg-1", Situation.STRANDED);

            scene.holds(1, 0, 0, 1, 0).probedBefore("pg-1", Duration.ofSeconds(6));
            assertThat(keeps("pg-1", Situation.LEAVING).sentence()).contains("is asked once more");

            scene.probedBefore("pg-1", Duration.ofSeconds(5));
            assertThat(scene.plan().actions()).singleElement().isInstanceOf(Action.RemoveNode.class);
        }

        @Test
        void anyAbsenceRemovesIfAPersonSaysSo() {
            scene.settings = Settings.removing(DepartureRemove.ABSENT);
            scene.goneMember(2, 1, "pg-1", "7001")
                    .member(2, "7001", Origin.ADDED, Scene.LIST)
                    .later(GRACE);

            judged("pg-1", Situation.LEAVING);
        }

        @Test
        void aMemberWhoseDataIsSightedElsewhereIsNotRemoved() {
            scene.goneMember(2, 1, "pg-1", "7001")
                    .worker("pg-9")
                    .with(it -> {
                        Reports copy = Reports.ofGroup("7001", 1);
                        copy.startTime = Reports.BOOT.plusSeconds(9);
                        it.answers("pg-9", copy);
                    })
                    .later(PROVEN);

            assertThat(keeps("pg-1", Situation.KEPT).sentence()).contains("its data is sighted at pg-9:5432");
        }

        @Test
        void withoutProbesNothingIsRemoved() {
            scene.settings = Settings.withoutProbes();
            scene.goneMember(2, 1, "pg-1", "7001");
            scene.probes.clear();
            scene.later(PROVEN);

            assertThat(keeps("pg-1", Situation.KEPT).sentence()).contains("roster.probe.mode=off");
        }
    }

    @Nested
    @DisplayName("row 32")
    class Row32 {

        @Test
        void whatRosterAdoptedIsKept() {
            scene.goneMember(2, 1, "pg-1", "7001")
                    .member(2, "7001", Origin.ADOPTED, Scene.DOCKER)
                    .later(PROVEN);

            assertThat(keeps("pg-1", Situation.ADOPTED_ABSENT).sentence()).contains("Roster did not add it");
        }
    }

    @Nested
    @DisplayName("row 33")
    class Row33 {

        @Test
        void aMemberWhoseShardsAllHaveCopiesIsDisabledAfterItsTime() {
            scene.settings = Settings.removing(DepartureRemove.CERTAIN).disablingAfter(Duration.ofMinutes(10));
            scene.goneMember(2, 1, "pg-1", "7001").holds(1, 8, 0, 1, 0).later(Duration.ofMinutes(9));
            keeps("pg-1", Situation.KEPT);

            scene.later(Duration.ofMinutes(1));

            judged("pg-1", Situation.DISABLING);
            assertThat(scene.plan().actions()).singleElement().isInstanceOf(Action.DisableNode.class);
        }

        @Test
        void byDefaultItIsNeverDisabled() {
            scene.goneMember(2, 1, "pg-1", "7001").holds(1, 8, 0, 1, 0).later(Duration.ofDays(9));

            assertThat(keeps("pg-1", Situation.KEPT).sentence()).contains("roster.disable.after=never");
        }
    }

    @Nested
    @DisplayName("row 34")
    class Row34 {

        @Test
        void theOnlyCopyOfAReferenceTableIsKept() {
            scene.goneMember(2, 1, "pg-1", "7001").holds(1, 0, 0, 1, 1).later(PROVEN);

            assertThat(keeps("pg-1", Situation.KEPT).sentence()).contains("only copy of 1 reference table");
        }
    }

    @Test
    void aNodeNobodySightsIsCalledByItsHostAndItsPortOnlyWhereTwoShareAHost() {
        scene.node(2, 1, "pg-1").node(3, 2, "pg-2:5433").node(4, 3, "pg-2:5434");

        assertThat(scene.plan().verdicts())
                .extracting(Verdict::name)
                .containsExactly("master", "pg-1", "pg-2:5433", "pg-2:5434");
    }

    @Test
    void theCoordinatorsRowIsKeptWhateverHappens() {
        scene.member(1, Reports.COORDINATOR).isDead("master").later(GRACE);

        assertThat(scene.verdict("master").address()).isEqualTo(new HostPort("master", 5432));
        keeps("master", Situation.COORDINATOR_ROW);
    }
}
