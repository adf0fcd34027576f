package dev.roster.plan;

import static dev.roster.plan.Scene.at;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Intent;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Origin;
import dev.roster.plan.PlanSettings.DepartureRemove;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Standbys that become secondaries, and secondaries that go: rows 4, 17, 18b and 27. */
class SecondariesTest {

    private static final Duration PROVEN_GRACE = Duration.ofSeconds(6);

    private final Scene scene = new Scene()
            .livingMember(2, 1, "pg-1", "7001")
            .holdsSoleCopies(1)
            .with(it -> it.settings = Settings.registering())
            .with(it -> it.answers("pg-1", primary()));

    private static Reports primary() {
        return Reports.ofGroup("7001", 1);
    }

    private static Reports standby() {
        Reports report = primary();
        report.inRecovery = true;
        report.startTime = Reports.BOOT.plusSeconds(60);
        return report;
    }

    private Scene withStandby() {
        return scene.worker("pg-1b").answers("pg-1b", standby());
    }

    /** As it is after Roster registered it. */
    private Scene withSecondary() {
        return scene.secondary(3, 1, "pg-1b").member(3, "7001").worker("pg-1b").answers("pg-1b", standby());
    }

    private Verdict keeps(String host, Situation situation) {
        Plan plan = scene.filtered();
        Verdict verdict = Scene.verdict(plan, host);
        assertThat(verdict.situation()).as(verdict.sentence()).isEqualTo(situation);
        assertThat(plan.actions()).noneMatch(action -> action.address().equals(at(host)));
        return verdict;
    }

    private Action.RemoveNode unregisters(String host) {
        Plan plan = scene.filtered();
        Verdict verdict = Scene.verdict(plan, host);
        assertThat(verdict.situation()).as(verdict.sentence()).isEqualTo(Situation.SECONDARY_LEAVING);
        assertThat(plan.actions()).hasSize(1);
        Action.RemoveNode remove = (Action.RemoveNode) plan.actions().getFirst();
        assertThat(remove.address()).isEqualTo(at(host));
        assertThat(remove.isOfSecondary()).isTrue();
        assertThat(remove.curesDeadNode()).isFalse();
        return remove;
    }

    @Nested
    @DisplayName("row 4")
    class Row4 {

        @Test
        void aStandbyOfAMemberIsRegistered() {
            withStandby();

            Plan plan = scene.filtered();

            assertThat(Scene.verdict(plan, "pg-1b").situation()).isEqualTo(Situation.REGISTERING);
            assertThat(plan.actions())
                    .singleElement()
                    .isInstanceOfSatisfying(Action.RegisterSecondary.class, register -> {
                        assertThat(register.address()).isEqualTo(at("pg-1b"));
                        assertThat(register.primary().address()).isEqualTo(at("pg-1"));
                        assertThat(register.server().relation()).isPresent();
                    });
        }

        @Test
        void byDefaultItIsOnlyShown() {
            withStandby().settings = PlanSettings.DEFAULTS;

            keeps("pg-1b", Situation.STANDBY);
        }

        @Test
        void aStandbyOfTheCoordinatorIsOnlyShown() {
            Reports report =
                    Reports.ofGroup(scene.cluster().coordinator().systemIdentifier(), GroupId.COORDINATOR.value());
            report.inRecovery = true;
            scene.worker("pg-0b").answers("pg-0b", report);

            keeps("pg-0b", Situation.STANDBY);
        }

        @Test
        void aStandbyOfNobodyIsOnlyShown() {
            Reports report = Reports.ofGroup("9999", 7);
            report.inRecovery = true;
            scene.worker("stranger").answers("stranger", report);

            keeps("stranger", Situation.STANDBY);
        }

        @Test
        void itWaitsForAPrimaryThatDoesNotAnswer() {
            withStandby().isDead("pg-1");

            assertThat(keeps("pg-1b", Situation.STANDBY).sentence()).contains("pg-1:5432 does not answer");
        }

        @Test
        void itWaitsForAPrimaryThatIsItselfInRecovery() {
            Reports demoted = primary();
            demoted.inRecovery = true;
            withStandby().answers("pg-1", demoted);

            assertThat(keeps("pg-1b", Situation.STANDBY).sentence()).contains("not the writable one of its group");
        }

        @Test
        void itWaitsForAPrimaryThatIsInactive() {
            withStandby().inactive(2);

            assertThat(keeps("pg-1b", Situation.STANDBY).sentence()).contains("inactive");
        }

        @Test
        void itWaitsUntilItHasCaughtUp() {
            Reports late = standby();
            late.lsn = "0/1000000";
            scene.worker("pg-1b").answers("pg-1b", late);

            assertThat(keeps("pg-1b", Situation.STANDBY).sentence()).contains("roster.follow.max-lag");
        }

        @Test
        void itWaitsWhileAnOrderStandsForItsPrimary() {
            withStandby().ordered(Intent.Kind.HOLD, Intent.Stage.ORDERED, 2, "pg-1", "7001");

            assertThat(keeps("pg-1b", Situation.STANDBY).sentence()).contains("an order stands for pg-1:5432");
        }

        @Test
        void itWaitsWhileAnotherPrimaryDoesNotAnswerAndIsNotEvenTried() {
            withStandby().livingMember(4, 2, "pg-2", "7002").isDead("pg-2");

            assertThat(keeps("pg-1b", Situation.REGISTERING).sentence())
                    .contains("withheld (blocked-changes)", "pg-2:5432 does not answer");
        }

        @Test
        void anOldAnswerIsAskedOnceMore() {
            withStandby().later(Duration.ofSeconds(1)).probedBefore("pg-1b", Duration.ofSeconds(20));

            assertThat(keeps("pg-1b", Situation.REGISTERING).sentence()).contains("once more");
        }

        @Test
        void itIsAnAdditionForTheModes() {
            withStandby().settings = Settings.mode(PlanSettings.Mode.ADD_ONLY).with(PlanSettings.Secondaries.REGISTER);
            assertThat(scene.filtered().actions()).hasSize(1);

            scene.settings = Settings.once().with(PlanSettings.Secondaries.REGISTER);
            assertThat(scene.filtered().actions()).hasSize(1);

            scene.settings = Settings.mode(PlanSettings.Mode.OBSERVE).with(PlanSettings.Secondaries.REGISTER);
            assertThat(scene.filtered().actions()).isEmpty();
        }

        @Test
        void whatAPersonTookOutStaysOutWhileItIsAStandby() {
            withStandby();
            scene.intents.add(Intent.ordered(
                            Intent.Kind.REMOVE,
                            Optional.of(new NodeId(9)),
                            at("pg-1b"),
                            Optional.empty(),
                            true,
                            Intent.TransferMode.AUTO,
                            Optional.empty(),
                            "operator",
                            scene.now)
                    .at(Intent.Stage.DONE));

            keeps("pg-1b", Situation.KEPT_OUT);

            Reports promoted = primary();
            promoted.startTime = Reports.BOOT.plusSeconds(100);
            promoted.timeline = 2;
            promoted.lsn = "0/4000000";
            promoted.forks = Map.of(1, "0/3000060");
            scene.changeMember(2, member -> member.withCopies(Set.of(at("pg-1b")), Set.of()))
                    .later(Duration.ofSeconds(1))
                    .worker("pg-1", WorkerHealth.STOPPED)
                    .isDead("pg-1")
                    .answers("pg-1b", promoted);

            assertThat(scene.verdict("pg-1b").situation()).isEqualTo(Situation.FOLLOWING);
        }
    }

    @Nested
    @DisplayName("rows 17 and 18b")
    class Registered {

        @Test
        void aSecondaryInRecoveryIsAMemberWithItsLag() {
            Reports behind = standby();
            behind.lsn = "0/3000000";
            withSecondary().answers("pg-1b", behind);

            assertThat(keeps("pg-1b", Situation.MEMBER).sentence())
                    .contains("Secondary of group 1, added by Roster", "96 bytes behind its primary");
        }

        @Test
        void aPromotedSecondaryChangesPlacesWithItsPrimary() {
            Reports promoted = primary();
            promoted.startTime = Reports.BOOT.plusSeconds(100);
            promoted.timeline = 2;
            promoted.lsn = "0/4000000";
            promoted.forks = Map.of(1, "0/3000060");
            withSecondary()
                    .changeMember(2, member -> member.withCopies(Set.of(at("pg-1b")), Set.of()))
                    .later(Duration.ofSeconds(1))
                    .worker("pg-1", WorkerHealth.STOPPED)
                    .isDead("pg-1")
                    .answers("pg-1b", promoted);

            Plan plan = scene.filtered();

            assertThat(Scene.verdict(plan, "pg-1b").situation()).isEqualTo(Situation.FOLLOWING);
            assertThat(plan.actions()).singleElement().isInstanceOfSatisfying(Action.UpdateNodes.class, update -> {
                List<HostPort> to = update.moves().stream().map(Action.Move::to).toList();
                assertThat(to).containsExactly(at("pg-1b"), at("pg-1"));
                assertThat(update.moves().getLast().member()).isPresent();
            });
        }

        @Test
        void aPrimaryWhoseDataASecondaryHasIsNotGivenUp() {
            scene.holds(1, 0, 0, 0, 0);
            withSecondary()
                    .unsighted("pg-1")
                    .isDead("pg-1")
                    .later(Duration.ofSeconds(6))
                    .isDead("pg-1");

            assertThat(keeps("pg-1", Situation.KEPT).sentence()).contains("its data is sighted at pg-1b:5432");
        }

        @Test
        void theRowsStayWhenStandbysAreToBeIgnoredAgain() {
            withSecondary().settings = PlanSettings.DEFAULTS;

            keeps("pg-1b", Situation.MEMBER);
        }
    }

    @Nested
    @DisplayName("row 27")
    class Row27 {

        private Scene gone() {
            return withSecondary()
                    .unsighted("pg-1b")
                    .isDead("pg-1b")
                    .later(PROVEN_GRACE)
                    .isDead("pg-1b");
        }

        @Test
        void anAbsentSecondaryIsUnregistered() {
            gone();

            unregisters("pg-1b");
        }

        @Test
        void thatItIsUnregisteredHoldsWhileStandbysAreIgnored() {
            gone().settings = PlanSettings.DEFAULTS;

            unregisters("pg-1b");
        }

        @Test
        void itWaitsForTheGraceTime() {
            withSecondary().unsighted("pg-1b").isDead("pg-1b").later(Duration.ofSeconds(3));

            keeps("pg-1b", Situation.ABSENT);
        }

        @Test
        void itStaysWhileItsServerAnswers() {
            withSecondary().unsighted("pg-1b").later(PROVEN_GRACE).answers("pg-1b", standby());

            keeps("pg-1b", Situation.ALIVE_UNDISCOVERED);
        }

        @Test
        void adoptedSecondariesAreKept() {
            gone().member(3, "7001", Origin.ADOPTED, Scene.DOCKER);

            assertThat(keeps("pg-1b", Situation.KEPT).sentence()).contains("Roster did not register it");
        }

        @Test
        void noneGoesWhereNothingIsToBeRemoved() {
            gone().settings = Settings.removing(DepartureRemove.NEVER);

            assertThat(keeps("pg-1b", Situation.KEPT).sentence()).contains("roster.departure.remove=never");
        }

        @Test
        void itWaitsWhileAPrimaryDoesNotAnswer() {
            gone().livingMember(4, 2, "pg-2", "7002").isDead("pg-2");

            assertThat(keeps("pg-1b", Situation.SECONDARY_LEAVING).sentence()).contains("withheld (blocked-changes)");
        }

        @Test
        void theSecondaryOfAGroupWithoutAPrimaryIsUnregistered() {
            withSecondary().nodes.remove(new NodeId(2));
            scene.members.remove(new NodeId(2));

            assertThat(unregisters("pg-1b").reason()).contains("no primary");
        }

        @Test
        void somebodyElsesSecondaryWithoutAPrimaryIsTold() {
            withSecondary()
                    .member(3, "7001", Origin.ADOPTED, Scene.DOCKER)
                    .nodes
                    .remove(new NodeId(2));
            scene.members.remove(new NodeId(2));

            assertThat(keeps("pg-1b", Situation.KEPT).sentence())
                    .contains("no primary any more", "SELECT citus_remove_node('pg-1b', 5432);");
        }

        @Test
        void whatIsNoCopyOfItsGroupsDataAnyMoreIsUnregistered() {
            withSecondary().member(2, "7011").answers("pg-1", Reports.ofGroup("7011", 1));

            unregisters("pg-1b");
        }

        @Test
        void anotherServerAtItsAddressUnregistersItOnTheSecondAnswer() {
            withSecondary().answersBlank("pg-1b", "8001");
            keeps("pg-1b", Situation.EMPTY_SERVER_REPLACED);

            scene.later(Duration.ofSeconds(6)).answersBlank("pg-1b", "8001");

            unregisters("pg-1b");
        }
    }

    @Test
    void aSecondaryThatSomebodyElseRemovedIsNoFormerMember() {
        withSecondary().nodes.remove(new NodeId(3));

        assertThat(scene.plan().notes())
                .contains(new LedgerChange.ForgetMember(new NodeId(3)))
                .noneMatch(LedgerChange.Bury.class::isInstance);
    }
}
