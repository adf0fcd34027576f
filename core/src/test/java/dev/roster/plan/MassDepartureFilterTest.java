package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.discovery.Sighting;
import dev.roster.ledger.Origin;
import dev.roster.plan.PlanSettings.DepartureRemove;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Members of one scope that go together, where absence is no proof. */
class MassDepartureFilterTest {

    private final Scene scene = new Scene();

    private void listedMembers(int count) {
        for (int i = 1; i <= count; i++) {
            String host = "pg-" + i;
            scene.node(i + 1, i, host)
                    .member(i + 1, "700" + i, Origin.ADDED, Scene.LIST)
                    .listed(host);
            scene.answersOfGroup(host, "700" + i, i);
        }
        scene.settings = Settings.removing(DepartureRemove.ABSENT);
        scene.later(Duration.ofSeconds(1));
    }

    private void go(int... which) {
        for (int i : which) {
            scene.unsighted("pg-" + i).isDead("pg-" + i);
        }
    }

    private void after(Duration time) {
        scene.later(time);
    }

    @Test
    void halfOfTheNamesGoneAtOnceRemovesNothing() {
        listedMembers(4);
        go(1, 2);
        after(Duration.ofMinutes(5));

        Plan plan = scene.filtered();

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.withheld())
                .extracting(Withheld::filter)
                .containsOnly("mass-departure")
                .hasSize(2);
        assertThat(plan.alarms()).singleElement().asString().contains("2 members of static (the list) went at once");
    }

    @Test
    void oneAloneIsNoMassDeparture() {
        listedMembers(2);
        go(1);
        after(Duration.ofMinutes(5));

        assertThat(scene.filtered().actions()).hasSize(1);
    }

    @Test
    void aThirdIsNoMassDeparture() {
        listedMembers(6);
        go(1, 2);
        after(Duration.ofMinutes(5));

        assertThat(scene.filtered().actions()).hasSize(2);
    }

    @Test
    void oneAfterTheOtherIsNoMassDeparture() {
        listedMembers(4);
        go(1);
        after(Duration.ofMinutes(6));
        go(2);
        after(Duration.ofMinutes(5));

        assertThat(scene.filtered().actions()).hasSize(2);
    }

    @Test
    void itLastsUntilHalfOfThemReturned() {
        listedMembers(4);
        go(1, 2, 3);
        after(Duration.ofHours(3));
        assertThat(scene.filtered().actions()).isEmpty();

        scene.listed("pg-1").answersOfGroup("pg-1", "7001", 1);
        after(Duration.ofMinutes(1));
        assertThat(scene.filtered().actions()).isEmpty();

        scene.listed("pg-2").answersOfGroup("pg-2", "7002", 2);
        after(Duration.ofMinutes(1));
        assertThat(scene.filtered().actions()).extracting(Action::address).containsExactly(Scene.at("pg-3"));
    }

    @Test
    void aSourceThatFailsMeanwhileDoesNotEndIt() {
        listedMembers(4);
        go(1, 2);
        after(Duration.ofMinutes(1));
        scene.listAnswer = Optional.of(new Sighting.Unavailable("static", scene.now, "unreadable"));
        after(Duration.ofMinutes(1));
        scene.listAnswer = Optional.empty();
        after(Duration.ofMinutes(1));
        after(Duration.ofMinutes(5));

        assertThat(scene.filtered().withheld()).extracting(Withheld::filter).containsOnly("mass-departure");
    }

    @Test
    void whereAbsenceIsProofAllMayGoAtOnce() {
        for (int i = 1; i <= 4; i++) {
            scene.goneMember(i + 1, i, "pg-" + i, "700" + i);
        }
        after(Duration.ofSeconds(5));

        assertThat(scene.filtered().actions()).hasSize(4);
    }
}
