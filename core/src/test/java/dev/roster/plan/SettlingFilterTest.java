package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.NodeId;
import dev.roster.cluster.RebalanceJob;
import dev.roster.discovery.WorkerHealth;
import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.Stage;
import dev.roster.ledger.Origin;
import dev.roster.plan.PlanSettings.Mode;
import dev.roster.plan.PlanSettings.RebalanceOnJoin;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** With {@code roster.rebalance.on-join=start}: which rebalance Roster wants, and until when it is withheld. */
class SettlingFilterTest {

    private final Scene scene = new Scene()
            .with(it -> it.settings = Settings.rebalancing())
            .livingMember(2, 1, "pg-1", "7001")
            .holdsSoleCopies(1)
            .livingMember(3, 2, "pg-2", "7002");

    @Nested
    class IsWanted {

        @Test
        void forAMemberThatHoldsNothingOnceAllIsWell() {
            assertThat(scene.filtered().actions())
                    .singleElement()
                    .isInstanceOfSatisfying(Action.StartRebalance.class, start -> {
                        assertThat(start.reason()).isEqualTo("pg-2:5432 joined and holds no shard");
                        assertThat(start.order().orderedBy()).isEqualTo("roster");
                    });
        }

        @Test
        void onlyWhereItIsSetSo() {
            scene.settings = PlanSettings.DEFAULTS;

            assertThat(scene.plan().actions()).isEmpty();
        }

        @Test
        void onlyForWhomRosterAdded() {
            scene.member(3, "7002", Origin.ADOPTED, Scene.DOCKER);

            assertThat(scene.plan().actions()).isEmpty();
        }

        @Test
        void onlyForWhomMayHaveShards() {
            scene.takesNoShards(3);

            assertThat(scene.plan().actions()).isEmpty();
        }

        @Test
        void onlyWhereSomebodyHasAShardToGive() {
            scene.holds(1, 1, 1, 0, 0);

            assertThat(scene.plan().actions()).isEmpty();
        }

        @Test
        void onlyOnceForTheSameMember() {
            scene.joinsServed = Optional.of(new NodeId(3));
            assertThat(scene.plan().actions()).isEmpty();

            scene.livingMember(4, 3, "pg-3", "7003");
            assertThat(scene.plan().actions()).hasSize(1);
        }

        @Test
        void notWhileCitusMovesShardsAlready() {
            scene.jobs.add(new RebalanceJob(7, RebalanceJob.State.RUNNING, List.of()));

            assertThat(scene.plan().actions()).isEmpty();
        }
    }

    @Nested
    class IsWithheld {

        @Test
        void forHalfAMinuteAfterTheLastJoin() {
            scene.joined(3, Duration.ofSeconds(29));
            Withheld withheld = withheld(scene.filtered(), "settling");
            assertThat(withheld.until()).contains(scene.now.plusSeconds(1));
            assertThat(withheld.reason()).contains("nobody has joined for 30 s");

            scene.joined(3, Duration.ofSeconds(30));
            assertThat(scene.filtered().withheld()).isEmpty();
        }

        @Test
        void forTheSakeOfWhoJoinsInThisVeryPass() {
            scene.worker("pg-3").answersBlank("pg-3", "7003");

            assertThat(withheld(scene.filtered(), "settling").until()).contains(scene.now.plusSeconds(30));
        }

        @Test
        void notForTheSakeOfWhoIsHeldBackHimself() {
            scene.worker("pg-3").answersBlank("pg-3", "7003");

            Plan plan = scene.filtered((action, now) -> action instanceof Action.AddNode
                    ? Optional.of(new Holdbacks.Hold("refused", now.plusSeconds(4)))
                    : Optional.empty());

            assertThat(plan.actions())
                    .hasOnlyElementsOfType(Action.StartRebalance.class)
                    .hasSize(1);
        }

        @Test
        void whileAnOrderStands() {
            scene.livingMember(4, 3, "pg-3", "7003")
                    .inactive(4)
                    .ordered(Kind.ACTIVATE, Stage.ORDERED, 4, "pg-3", "7003");

            assertThat(withheld(scene.filtered(), "settling").reason())
                    .startsWith("first this has to end: Activation (ordered by operator")
                    .endsWith("of pg-3:5432");
        }

        @Test
        void whileAMemberIsHeld() {
            scene.ordered(Kind.HOLD, Stage.ORDERED, 3, "pg-2", "7002");

            assertThat(withheld(scene.filtered(), "settling").reason())
                    .startsWith("pg-2:5432 is held by order of operator");
        }

        @Test
        void notByAnOrderThatWasCarriedOut() {
            scene.ordered(Kind.REMOVE, Stage.DONE, 9, "pg-9", "7009");

            assertThat(scene.filtered().withheld()).isEmpty();
        }

        @Test
        void whileANodeIsNotWell() {
            scene.worker("pg-2", WorkerHealth.UNHEALTHY);

            assertThat(withheld(scene.filtered(), "settling").reason())
                    .startsWith("not all is as it should be: pg-2: ")
                    .endsWith("; shards are spread once it is");
        }

        @Test
        void whileAWorkerRaisesAnAlarm() {
            anothersWorkerIsSighted();

            assertThat(withheld(scene.filtered(), "settling").reason())
                    .startsWith("not all is as it should be: pg-3: ");
        }

        @Test
        void notByAWorkerThatIsNotReadyYet() {
            scene.worker("pg-3", WorkerHealth.STARTING);

            assertThat(scene.filtered().withheld()).isEmpty();
        }

        @Test
        void whileANodeLacksTheMetadata() {
            scene.unsynced(3);

            assertThat(withheld(scene.filtered(), "settling").reason())
                    .isEqualTo("node pg-2:5432 lacks the metadata still; shards are spread once it has it");
        }

        @Test
        void whereRosterOnlyObservesOnlyAddsOrRunsOnce() {
            scene.settings = Settings.rebalancing().with(Mode.OBSERVE);
            withheld(scene.filtered(), "mode");

            scene.settings = Settings.rebalancing().with(Mode.ADD_ONLY);
            withheld(scene.filtered(), "mode");

            scene.settings = Settings.rebalancing().forOneRun();
            withheld(scene.filtered(), "once");
        }

        @Test
        void withoutAWordAtAnyNode() {
            scene.unsynced(3);

            assertThat(scene.filtered().verdicts()).isEqualTo(scene.plan().verdicts());
        }

        private Withheld withheld(Plan plan, String filter) {
            assertThat(plan.actions()).noneMatch(Action.StartRebalance.class::isInstance);
            assertThat(plan.withheld()).singleElement().satisfies(held -> {
                assertThat(held.action()).isInstanceOf(Action.StartRebalance.class);
                assertThat(held.filter()).isEqualTo(filter);
            });
            return plan.withheld().getFirst();
        }
    }

    /** What a person orders is done without waiting for what only Roster's own wish waits for. */
    @Nested
    class OrderedByAPerson {

        @Test
        void waitsForNothingOfThis() {
            scene.rebalance(Stage.ORDERED, 0)
                    .ordered(Kind.HOLD, Stage.ORDERED, 3, "pg-2", "7002")
                    .joined(3, Duration.ofSeconds(1));
            anothersWorkerIsSighted();

            assertThat(scene.filtered().actions())
                    .singleElement()
                    .isInstanceOfSatisfying(
                            Action.StartRebalance.class,
                            start -> assertThat(start.reason()).isEqualTo("ordered by operator"));
        }

        @Test
        void isBegunInModeAddOnlyToo() {
            scene.settings = PlanSettings.DEFAULTS.with(RebalanceOnJoin.NEVER).with(Mode.ADD_ONLY);
            scene.rebalance(Stage.ORDERED, 0);

            assertThat(scene.filtered().actions()).hasSize(1);
        }
    }

    private void anothersWorkerIsSighted() {
        Reports report = Reports.ofGroup("7003", 9);
        report.coordinator = Optional.of("8888");
        scene.worker("pg-3").answers("pg-3", report);
    }
}
