package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.GroupId;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeResult;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows 1 to 11b, one nested class for each row: a worker that is sighted while no node has its address. */
class WorkerRowsTest {

    private final Scene scene = new Scene();

    private Verdict judged(String host, Situation situation) {
        Plan plan = scene.plan();
        Verdict verdict = Scene.verdict(plan, host);
        assertThat(verdict.situation()).as(verdict.sentence()).isEqualTo(situation);
        return verdict;
    }

    private Verdict waits(String host, Situation situation) {
        Verdict verdict = judged(host, situation);
        assertThat(scene.plan().actions()).isEmpty();
        return verdict;
    }

    @Nested
    @DisplayName("row 1")
    class Row1 {

        @ParameterizedTest
        @EnumSource(
                names = {"READY", "UNKNOWN"},
                mode = Mode.EXCLUDE)
        void waitsForAWorkerThatIsNotReady(WorkerHealth health) {
            scene.worker("pg-1", health).answersBlank("pg-1", "7001");

            assertThat(waits("pg-1", Situation.NOT_READY).sentence()).contains("joins when");
        }

        @Test
        void waitsForTheProbe() {
            scene.worker("pg-1");

            assertThat(waits("pg-1", Situation.NOT_PROBED).sentence()).contains("not yet asked");
        }

        @Test
        void saysWhyTheProbeFailed() {
            scene.worker("pg-1").fails("pg-1", ProbeFailure.LOGIN, "refuses the password of user postgres");

            assertThat(waits("pg-1", Situation.NOT_PROBED).sentence())
                    .isEqualTo(
                            "Ready by docker, but the coordinator's probe failed: refuses the password of user postgres;"
                                    + " it joins when the probe passes");
        }

        @Test
        void aProbeThatIsTooOldIsNone() {
            scene.worker("pg-1").answersBlank("pg-1", "7001");
            scene.now = scene.now.plus(Duration.ofSeconds(61));

            waits("pg-1", Situation.NOT_PROBED);
        }

        @Test
        void addsOnlyOnAProbeOfTheLastSeconds() {
            scene.worker("pg-1").answersBlank("pg-1", "7001");
            scene.now = scene.now.plus(Duration.ofSeconds(6));

            assertThat(waits("pg-1", Situation.NOT_PROBED).sentence()).contains("once more");
        }

        @Test
        void aShortProbeIsNotEnough() {
            scene.worker("pg-1").answers("pg-1", with(Reports.blank("7001"), report -> report.candidate = false));

            waits("pg-1", Situation.NOT_PROBED);
        }
    }

    @Nested
    @DisplayName("row 2")
    class Row2 {

        @Test
        void theCoordinatorIsNotItsOwnWorker() {
            scene.worker("other-name").answers("other-name", itself());

            assertThat(waits("other-name", Situation.SELF).sentence()).contains("take it out of what discovery sights");
        }

        @Test
        void theAddressRosterReachesTheCoordinatorByIsTheCoordinator() {
            scene.dialed = Scene.at("pg-0");
            scene.worker("pg-0");

            waits("pg-0", Situation.SELF);
        }

        @Test
        void aBlankWorkerOfTheSameImageIsNotTheCoordinator() {
            scene.worker("pg-1").answersBlank("pg-1", Reports.COORDINATOR);

            judged("pg-1", Situation.JOINING);
        }

        @Test
        void withoutAStartTimeTheIdentifierDecides() {
            scene.coordinatorStart = Optional.empty();
            scene.worker("pg-1").answersBlank("pg-1", Reports.COORDINATOR);

            waits("pg-1", Situation.SELF);
        }

        private Reports itself() {
            Reports report = Reports.blank(Reports.COORDINATOR);
            report.startTime = scene.coordinatorStart.orElseThrow();
            report.nodes = 3;
            return report;
        }
    }

    @Nested
    @DisplayName("row 3")
    class Row3 {

        @Test
        void anotherNameOfANodeIsItsAlias() {
            scene.node(2, 1, "10.0.0.7").member(2, "7001").answersOfGroup("10.0.0.7", "7001", 1);
            scene.worker("shop_worker_1").answersOfGroup("shop_worker_1", "7001", 1);

            assertThat(waits("shop_worker_1", Situation.ALIAS).sentence()).contains("10.0.0.7:5432");
            judged("10.0.0.7", Situation.MEMBER);
        }

        @Test
        void aCopyThatStartedAtAnotherTimeIsNoAlias() {
            scene.livingMember(2, 1, "pg-1", "7001");
            scene.worker("pg-2").answers("pg-2", with(Reports.ofGroup("7001", 1), Row3::restarted));

            waits("pg-2", Situation.TWIN);
        }

        @Test
        void twoNamesOfOneNewcomerJoinOnce() {
            scene.worker("pg-1").answersBlank("pg-1", "7001");
            scene.listed("10.0.0.7").answersBlank("10.0.0.7", "7001");

            assertThat(judged("10.0.0.7", Situation.ALIAS).sentence()).contains("pg-1:5432");
            assertThat(scene.plan().actions()).extracting(Action::address).containsExactly(Scene.at("pg-1"));
        }

        @Test
        void itLastsOnlyWhileBothNamesAnswer() {
            scene.node(2, 1, "10.0.0.7").member(2, "7001").isDead("10.0.0.7");
            scene.worker("shop_worker_1").answersOfGroup("shop_worker_1", "7001", 1);

            judged("shop_worker_1", Situation.FOLLOWING);
        }

        private static void restarted(Reports report) {
            report.startTime = Reports.BOOT.plusSeconds(5);
        }
    }

    @Nested
    @DisplayName("row 3b")
    class Row3b {

        @Test
        void aServerThatAnswersAtANodeOfAnotherIdentityIsNotAddedUnderASecondName() {
            scene.node(2, 1, "pg-1").member(2, "7001").worker("pg-1").answersBlank("pg-1", "7002");
            scene.holdsSoleCopies(1);
            scene.worker("pg-2").answersBlank("pg-2", "7002");

            assertThat(waits("pg-2", Situation.MOVED).sentence()).contains("pg-1:5432");
        }
    }

    @Nested
    @DisplayName("rows 4 to 7, of which CopiesTest tells more")
    class Rows4To7 {

        @Test
        void aStandbyWaits() {
            scene.livingMember(2, 1, "pg-1", "7001");
            scene.worker("pg-1b").answers("pg-1b", with(Reports.ofGroup("7001", 1), report -> {
                report.inRecovery = true;
                report.readOnly = true;
                report.startTime = Reports.BOOT.plusSeconds(9);
            }));

            assertThat(waits("pg-1b", Situation.STANDBY).sentence()).contains("standby of member pg-1:5432");
        }

        @Test
        void aStandbyOfTheCoordinatorWaits() {
            scene.worker("pg-0b").answers("pg-0b", with(Reports.blank(Reports.COORDINATOR), report -> {
                report.inRecovery = true;
                report.nodes = 3;
            }));

            assertThat(waits("pg-0b", Situation.STANDBY).sentence()).contains("of the coordinator");
        }

        @Test
        void theDataOfAMemberAtANewAddressWaitsAndSaysHowAPersonMovesTheNode() {
            scene.goneMember(2, 1, "pg-1", "7001").holdsSoleCopies(1);
            scene.worker("pg-9").answers("pg-9", with(Reports.ofGroup("7001", 1), Row3::restarted));

            assertThat(waits("pg-9", Situation.STALE_COPY).sentence())
                    .contains("roster follow pg-1:5432 --to pg-9:5432");
        }
    }

    @Nested
    @DisplayName("row 8")
    class Row8 {

        @Test
        void aServerWithLiveShardsThatTheCoordinatorDoesNotKnowIsAnAlarm() {
            scene.worker("pg-1").answers("pg-1", with(Reports.ofGroup("7001", 4), report -> report.ownPlacements = 8));

            assertThat(waits("pg-1", Situation.CARRIES_SHARDS).sentence())
                    .contains("was the coordinator restored or failed over");
        }

        @Test
        void comesBeforeRow9() {
            scene.tombstone("7001", 4, "pg-1", true);
            scene.worker("pg-1").answers("pg-1", with(Reports.ofGroup("7001", 4), report -> report.ownPlacements = 8));

            waits("pg-1", Situation.CARRIES_SHARDS);
        }
    }

    @Nested
    @DisplayName("row 9")
    class Row9 {

        @Test
        void aFormerMemberIsAddedAndItsPropertyRestored() {
            scene.tombstone("7001", 4, "pg-1", false);
            scene.worker("pg-1")
                    .answers(
                            "pg-1",
                            with(Reports.ofGroup("7001", 4), report -> report.shardNamed = List.of("d_102008")));

            judged("pg-1", Situation.FORMER_MEMBER);
            assertThat(scene.plan().actions()).singleElement().isInstanceOfSatisfying(Action.AddNode.class, add -> {
                assertThat(add.shouldHaveShards()).contains(false);
                assertThat(add.identity().orElseThrow().systemIdentifier()).isEqualTo("7001");
            });
        }

        @Test
        void aFormerMemberThatJoinedAnotherClusterIsNotTakenFromIt() {
            scene.tombstone("7001", 4, "pg-1", true);
            scene.worker("pg-1")
                    .answers(
                            "pg-1",
                            with(Reports.ofGroup("7001", 4), report -> report.coordinator = Optional.of("8888")));

            waits("pg-1", Situation.FOREIGN);
        }

        @Test
        void aFormerMemberWithAClashingTableIsNotRobbedOfIt() {
            scene.tombstone("7001", 4, "pg-1", true);
            scene.worker("pg-1")
                    .answers("pg-1", with(Reports.ofGroup("7001", 4), report -> report.clashing = List.of("public.d")));

            waits("pg-1", Situation.UNFIT);
        }

        @Test
        void aBlankServerOfTheSameImageIsNotTheFormerMember() {
            scene.tombstone("7001", 4, "pg-1", false);
            scene.worker("pg-2").answersBlank("pg-2", "7001");

            judged("pg-2", Situation.JOINING);
        }
    }

    @Nested
    @DisplayName("row 10")
    class Row10 {

        record Unwelcome(String what, Situation situation, String remedy, Consumer<Reports> how) {

            @Override
            public String toString() {
                return what;
            }
        }

        static List<Unwelcome> unwelcome() {
            return List.of(
                    new Unwelcome("another cluster's worker", Situation.FOREIGN, "take it over", report -> {
                        report.group = 3;
                        report.nodes = 3;
                        report.coordinator = Optional.of("8888");
                    }),
                    new Unwelcome(
                            "a worker of a cluster that does not answer",
                            Situation.FOREIGN,
                            "could not be asked",
                            report -> {
                                report.group = 3;
                                report.nodes = 3;
                            }),
                    new Unwelcome("a coordinator", Situation.FOREIGN, "Citus coordinator of its own", report -> {
                        report.nodes = 3;
                        report.citusTables = 2;
                        report.coordinator = Optional.of("7001");
                    }),
                    new Unwelcome(
                            "a single-node Citus", Situation.FOREIGN, "coordinator", report -> report.citusTables = 2),
                    new Unwelcome(
                            "no extension",
                            Situation.UNFIT,
                            "CREATE EXTENSION citus",
                            report -> report.extension = Optional.empty()),
                    new Unwelcome(
                            "another version",
                            Situation.UNFIT,
                            "ALTER EXTENSION citus UPDATE",
                            report -> report.extension = Optional.of("12.1-1")),
                    new Unwelcome(
                            "not preloaded",
                            Situation.UNFIT,
                            "shared_preload_libraries",
                            report -> report.preloaded = false),
                    new Unwelcome(
                            "read only",
                            Situation.UNFIT,
                            "default_transaction_read_only",
                            report -> report.readOnly = true),
                    new Unwelcome(
                            "a clashing table",
                            Situation.UNFIT,
                            "rename or drop",
                            report -> report.clashing = List.of("public.orders")),
                    new Unwelcome(
                            "shard-named relations",
                            Situation.UNFIT,
                            "save what is needed",
                            report -> report.shardNamed = List.of("public.orders_102008")));
        }

        @ParameterizedTest
        @MethodSource
        void unwelcome(Unwelcome it) {
            Reports report = Reports.blank("7001");
            it.how().accept(report);
            scene.worker("pg-1").answers("pg-1", report);

            assertThat(waits("pg-1", it.situation()).sentence()).contains(it.remedy());
        }

        @Test
        void aProbeThatFindsNoExtensionIsAnAnswer() {
            scene.worker("pg-1").fails("pg-1", ProbeFailure.NO_EXTENSION, "lacks the extension");

            assertThat(waits("pg-1", Situation.UNFIT).sentence()).contains("roster.provision.create-extension=true");
        }

        @Test
        void twoServersUnderOneNameAreToldByTheirChangingIdentity() {
            scene.listed("pg").answersBlank("pg", "7001");
            judged("pg", Situation.JOINING);

            scene.later(Duration.ofSeconds(1)).answersBlank("pg", "7002");

            assertThat(waits("pg", Situation.UNFIT).sentence()).contains("server 7001, then as 7002");
        }

        @Test
        void anIdentityThatStaysAfterAChangeJoins() {
            scene.listed("pg").answersBlank("pg", "7001");
            scene.later(Duration.ofSeconds(1)).answersBlank("pg", "7002");
            scene.later(Duration.ofSeconds(5));

            judged("pg", Situation.JOINING);
        }

        @Test
        void aCopyOfTheCoordinatorIsNamedAsSuch() {
            scene.worker("pg-1").answers("pg-1", with(Reports.blank(Reports.COORDINATOR), report -> report.nodes = 3));

            assertThat(waits("pg-1", Situation.FOREIGN).sentence())
                    .contains("copy of this cluster's coordinator")
                    .doesNotContain("shards");
        }

        @Test
        void soIsOneOfACoordinatorThatHoldsShardsItself() {
            scene.worker("pg-1").answers("pg-1", with(Reports.blank(Reports.COORDINATOR), report -> {
                report.nodes = 3;
                report.ownPlacements = 2;
                report.coordinator = Optional.of(Reports.COORDINATOR);
            }));

            assertThat(waits("pg-1", Situation.FOREIGN).sentence())
                    .contains("copy of this cluster's coordinator", "which of the two has the newer rows");
        }
    }

    @Nested
    @DisplayName("row 11")
    class Row11 {

        @Test
        void aBlankServerJoins() {
            scene.worker("pg-1").answersBlank("pg-1", "7001");

            judged("pg-1", Situation.JOINING);
            assertThat(scene.plan().actions()).singleElement().isInstanceOfSatisfying(Action.AddNode.class, add -> {
                assertThat(add.address()).isEqualTo(Scene.at("pg-1"));
                assertThat(add.reason()).isEqualTo("seen by docker and ready");
                assertThat(add.shouldHaveShards()).isEmpty();
            });
        }

        @Test
        void theProbeDecidesWhereTheSourceCannotTell() {
            scene.listed("pg-1").answersBlank("pg-1", "7001");

            judged("pg-1", Situation.JOINING);
        }

        @Test
        void serversOfOneImageAllJoinAndItIsSaid() {
            for (int i = 1; i <= 3; i++) {
                Reports report = Reports.blank("7001");
                report.startTime = Reports.BOOT.plusSeconds(i);
                scene.worker("pg-" + i).answers("pg-" + i, report);
            }

            assertThat(scene.plan().actions()).hasSize(3);
            assertThat(judged("pg-2", Situation.JOINING).sentence()).contains("2 others (made from one image)");
        }

        @Test
        void withoutProbesItJoinsUnseen() {
            scene.settings = Settings.withoutProbes();
            scene.worker("pg-1");

            assertThat(judged("pg-1", Situation.JOINING).sentence()).contains("roster.probe.mode=off");
            assertThat(scene.plan().actions()).hasSize(1);
            assertThat(scene.plan().alarms()).anyMatch(alarm -> alarm.contains("roster.probe.mode=off"));
        }

        @Test
        void aGroupThatHasAPrimaryTakesNoSecondOne() {
            scene.livingMember(2, 1, "pg-1", "7001");
            scene.worker("pg-2", WorkerHealth.READY, Optional.of(new GroupId(1)))
                    .answersBlank("pg-2", "7002");

            assertThat(waits("pg-2", Situation.UNDECIDED).sentence()).contains("has a primary (pg-1:5432)");
        }
    }

    @Nested
    @DisplayName("row 11b")
    class Row11b {

        @Test
        void aFormerNodeThatTheLedgerDoesNotKnowWaits() {
            scene.worker("pg-1").answersOfGroup("pg-1", "7001", 4);

            assertThat(waits("pg-1", Situation.UNDECIDED).sentence()).contains("SELECT citus_add_node('pg-1', 5432)");
        }
    }

    @Test
    void aWorkerThatNobodyProbedIsNeverAdded() {
        for (WorkerHealth health : WorkerHealth.values()) {
            scene.worker("pg-" + health, health);
        }

        assertThat(scene.plan().actions()).isEmpty();
    }

    @Test
    void aProbeResultOfAnotherAddressDoesNotCount() {
        scene.worker("pg-1");
        scene.probes.put(
                Scene.at("pg-2"),
                new ProbeResult.Answered(scene.now, Reports.blank("7001").report()));

        assertThat(scene.plan().actions()).isEmpty();
    }

    static Reports with(Reports report, Consumer<Reports> change) {
        change.accept(report);
        return report;
    }
}
