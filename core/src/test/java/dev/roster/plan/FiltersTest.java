package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.Placements;
import dev.roster.discovery.Sighting;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.PlanSettings.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What is withheld, by which filter, and how that is said. */
class FiltersTest {

    private final Scene scene = new Scene();

    private static Withheld only(Plan plan) {
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.withheld()).hasSize(1);
        return plan.withheld().getFirst();
    }

    @Test
    void aPlanThatNothingSpeaksAgainstStays() {
        scene.worker("pg-1").answersBlank("pg-1", "7001");

        assertThat(scene.filtered()).isEqualTo(scene.plan());
    }

    @Nested
    class TheMode {

        @Test
        void observeDoesNothingAndWritesNothing() {
            scene.settings = Settings.mode(Mode.OBSERVE);
            scene.worker("pg-1").answersBlank("pg-1", "7001");
            scene.livingMember(2, 1, "pg-2", "7002").unsighted("pg-2").listed("pg-2");

            Plan plan = scene.filtered();

            assertThat(only(plan).filter()).isEqualTo("mode");
            assertThat(scene.plan().notes()).isNotEmpty();
            assertThat(plan.notes()).isEmpty();
        }

        @Test
        void observeWritesNothingEvenWhenThereIsNothingToDo() {
            scene.settings = Settings.mode(Mode.OBSERVE);
            scene.livingMember(2, 1, "pg-2", "7002").unsighted("pg-2").listed("pg-2");

            assertThat(scene.filtered().notes()).isEmpty();
        }

        @Test
        void addOnlyAddsAndAdopts() {
            scene.settings = Settings.mode(Mode.ADD_ONLY);
            everyKind();

            assertThat(scene.filtered().actions()).extracting(Action::kind).containsExactly("adopt", "add");
            assertThat(scene.filtered().withheld()).extracting(Withheld::filter).containsOnly("mode");
        }

        @Test
        void theVerdictSaysWhyNothingIsDone() {
            scene.settings = Settings.mode(Mode.OBSERVE);
            scene.worker("pg-1").answersBlank("pg-1", "7001");

            assertThat(Scene.verdict(scene.filtered(), "pg-1").sentence())
                    .isEqualTo("Joining: seen by docker and ready, and it belongs nowhere yet; withheld (mode):"
                            + " roster.mode=observe: Roster only shows what it would do");
        }
    }

    @Test
    void onceNeverRemovesOrDisables() {
        scene.settings = Settings.once();
        everyKind();

        assertThat(scene.filtered().actions()).extracting(Action::kind).containsExactly("activate", "adopt");
        assertThat(scene.filtered().withheld())
                .filteredOn(held -> held.filter().equals("once"))
                .extracting(held -> held.action().kind())
                .containsExactly("remove", "remove-and-add");
    }

    @Test
    void cureFirstThenActivateAdoptReplaceAdd() {
        everyKind();

        assertThat(scene.plan().actions())
                .extracting(Action::kind)
                .containsExactly("remove", "activate", "adopt", "remove-and-add", "add");
    }

    /** An action of every kind that one observation can lead to. */
    private void everyKind() {
        scene.goneMember(2, 1, "pg-2", "7002");
        scene.livingMember(3, 2, "pg-3", "7003")
                .inactive(3)
                .changeMember(3, member -> member.withDisabledByRoster(true));
        scene.node(4, 3, "pg-4").worker("pg-4").answersOfGroup("pg-4", "7004", 3);
        scene.livingMember(5, 4, "pg-5", "7005").answersBlank("pg-5", "7055");
        scene.worker("pg-6").answersBlank("pg-6", "7006");
        scene.later(Duration.ofSeconds(5));
        scene.isDead("pg-2");
    }

    @Nested
    class ReplicatedCopies {

        @Test
        void activatingWouldDropThemSoItIsLeftToAPerson() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .inactive(2)
                    .changeMember(2, member -> member.withDisabledByRoster(true));
            carries("public.a", "public.b");

            Withheld withheld = only(scene.filtered());

            assertThat(withheld.filter()).isEqualTo("replicated-copies");
            assertThat(withheld.reason())
                    .contains("4 replicated shard placements (of public.a, public.b), which leaves single copies")
                    .contains("SELECT citus_activate_node('pg-1', 5432);");
        }

        @Test
        void ofManyTablesTheFirstFewAreNamedAndTheOthersCounted() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .inactive(2)
                    .changeMember(2, member -> member.withDisabledByRoster(true));
            carries("public.a", "public.b", "public.c", "public.d", "public.e", "public.f", "public.g");

            assertThat(only(scene.filtered()).reason())
                    .contains("(of public.a, public.b, public.c, public.d, public.e and 2 more)");
        }

        private void carries(String... tables) {
            List<String> named = List.of(tables);
            scene.placements.put(
                    new GroupId(1),
                    new Placements(
                            4,
                            0,
                            1,
                            0,
                            Optional.of("public.d_102001"),
                            new Placements.Tables(
                                    named.subList(0, Math.min(Placements.Tables.MOST_NAMED, named.size())),
                                    named.size())));
        }
    }

    @Test
    void backoffSaysWhatWasRefusedAndWhenItIsTriedAgain() {
        scene.worker("pg-1").answersBlank("pg-1", "7001");

        Withheld withheld = only(scene.filtered((_, now) ->
                Optional.of(new Holdbacks.Hold("Worker pg-1:5432 refuses connections", now.plusSeconds(8)))));

        assertThat(withheld.filter()).isEqualTo("backoff");
        assertThat(withheld.until()).contains(scene.now.plusSeconds(8));
        assertThat(withheld.reason())
                .isEqualTo("refused a moment ago: Worker pg-1:5432 refuses connections; tried again in 8 s");
    }

    @Nested
    class BlockedChanges {

        @Test
        void whileAMemberIsDeadOneChangeIsTriedAndTheRestNamesIt() {
            scene.livingMember(2, 1, "pg-1", "7001").holdsSoleCopies(1).isDead("pg-1");
            scene.worker("pg-2").answersBlank("pg-2", "7002");
            scene.worker("pg-3").answersBlank("pg-3", "7003");

            Plan plan = scene.filtered();

            assertThat(plan.actions()).extracting(Action::address).containsExactly(Scene.at("pg-2"));
            assertThat(plan.withheld()).singleElement().satisfies(held -> {
                assertThat(held.filter()).isEqualTo("blocked-changes");
                assertThat(held.reason()).startsWith("node pg-1:5432 does not answer (nobody listens there)");
            });
            assertThat(Scene.verdict(plan, "pg-3").sentence()).contains("node pg-1:5432 does not answer");
        }

        @Test
        void afterARefusedTrialTheBackoffHoldsThemAll() {
            scene.livingMember(2, 1, "pg-1", "7001").isDead("pg-1");
            scene.worker("pg-2").answersBlank("pg-2", "7002");
            scene.worker("pg-3").answersBlank("pg-3", "7003");

            Plan plan =
                    scene.filtered((_, now) -> Optional.of(new Holdbacks.Hold("pg-1:5432 dead", now.plusSeconds(4))));

            assertThat(plan.actions()).isEmpty();
            assertThat(plan.withheld()).extracting(Withheld::filter).containsOnly("backoff");
        }

        @Test
        void aMemberWithoutItsMetadataBlocksToo() {
            scene.livingMember(2, 1, "pg-1", "7001").unsynced(2);
            scene.worker("pg-2").answersBlank("pg-2", "7002");
            scene.worker("pg-3").answersBlank("pg-3", "7003");

            assertThat(scene.filtered().withheld())
                    .singleElement()
                    .satisfies(held -> assertThat(held.reason()).contains("metadatasynced=false"));
        }

        @Test
        void curesAndAdoptionsGoOn() {
            scene.livingMember(2, 1, "pg-1", "7001").isDead("pg-1").holdsSoleCopies(1);
            scene.goneMember(3, 2, "pg-2", "7002").goneMember(4, 3, "pg-3", "7003");
            scene.node(5, 4, "pg-4").worker("pg-4").answersOfGroup("pg-4", "7004", 4);
            scene.later(Duration.ofSeconds(5));

            assertThat(scene.filtered().actions())
                    .extracting(Action::kind)
                    .containsExactly("remove", "remove", "adopt");
        }

        @Test
        void theDeadNodeDoesNotBlockItself() {
            scene.livingMember(2, 1, "pg-1", "7001")
                    .inactive(2)
                    .changeMember(2, member -> member.withDisabledByRoster(true));
            scene.livingMember(3, 2, "pg-2", "7002");

            assertThat(scene.filtered().actions()).extracting(Action::kind).containsExactly("activate");
        }

        @Test
        void anInactiveDeadNodeBlocksNobody() {
            scene.livingMember(2, 1, "pg-1", "7001").inactive(2).isDead("pg-1");
            scene.worker("pg-2").answersBlank("pg-2", "7002");
            scene.worker("pg-3").answersBlank("pg-3", "7003");

            assertThat(scene.filtered().actions()).hasSize(2);
        }
    }

    @Test
    void theFirstFilterThatObjectsIsNamed() {
        scene.settings = Settings.mode(Mode.OBSERVE);
        scene.worker("pg-1").answersBlank("pg-1", "7001");

        Plan plan = scene.filtered((_, now) -> Optional.of(new Holdbacks.Hold("refused", now.plusSeconds(4))));

        assertThat(only(plan).filter()).isEqualTo("mode");
    }

    @Test
    void whatWasSetAsideIsSaid() {
        scene.dockerAnswer = Optional.of(new Sighting.Complete(
                "docker",
                scene.now,
                Set.of(Scene.DOCKER),
                List.of(),
                List.of(new Sighting.SetAside("pg-9", "its label com.citusdata.port is 70000")),
                Set.of(),
                true));

        assertThat(scene.plan().alarms())
                .containsExactly("Worker pg-9 is set aside: its label com.citusdata.port is 70000");
    }

    @Test
    void notesOfMembersAreKeptWhenAnActionIsWithheld() {
        scene.worker("pg-1").answersBlank("pg-1", "7001");
        scene.livingMember(2, 1, "pg-2", "7002").unsighted("pg-2").listed("pg-2");

        Plan plan = scene.filtered((_, now) -> Optional.of(new Holdbacks.Hold("refused", now.plusSeconds(4))));

        assertThat(plan.notes())
                .hasOnlyElementsOfType(LedgerChange.PutMember.class)
                .hasSize(1);
    }
}
