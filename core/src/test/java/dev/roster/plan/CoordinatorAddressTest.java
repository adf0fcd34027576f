package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.HostPort;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When the coordinator's own row is set right, and what waits for it. */
class CoordinatorAddressTest {

    private final Scene scene = new Scene();

    private static Withheld only(Plan plan) {
        assertThat(plan.actions()).isEmpty();
        assertThat(plan.withheld()).hasSize(1);
        return plan.withheld().getFirst();
    }

    @Test
    void isSetRightBeforeTheFirstWorkerJoins() {
        scene.registered = Optional.empty();
        scene.worker("pg-1").answersBlank("pg-1", "7001");

        assertThat(scene.filtered().actions())
                .extracting(Action::kind)
                .containsExactly("set-coordinator-address", "add");
        assertThat(scene.filtered().actions().getFirst().address()).isEqualTo(Scene.COORDINATOR);
    }

    @Test
    void isLeftAloneWhileNobodyJoins() {
        scene.registered = Optional.of(Scene.at("localhost"));
        scene.livingMember(2, 1, "pg-1", "7001");

        assertThat(scene.filtered().actions()).isEmpty();
    }

    @Test
    void isLeftAloneWhereItIsGood() {
        scene.registered = Optional.of(Scene.at("10.0.0.1"));
        scene.worker("pg-1").answersBlank("pg-1", "7001");

        assertThat(scene.plan().actions()).extracting(Action::kind).containsExactly("add");
    }

    @Test
    void replacesALoopbackName() {
        scene.registered = Optional.of(Scene.at("localhost"));
        scene.worker("pg-1").answersBlank("pg-1", "7001");

        assertThat(scene.plan().actions().getFirst())
                .isInstanceOfSatisfying(
                        Action.SetCoordinatorAddress.class,
                        set -> assertThat(set.previous()).contains(Scene.at("localhost")));
    }

    @Test
    void followsTheCoordinatorToAnotherOfItsHostsWithoutWaitingForAWorker() {
        scene.settings = Settings.coordinators(List.of(Scene.at("coord-a"), Scene.at("coord-b")), Optional.empty());
        scene.registered = Optional.of(Scene.at("coord-a"));
        scene.dialed = Scene.at("coord-b");
        scene.livingMember(2, 1, "pg-1", "7001");

        assertThat(scene.filtered().actions())
                .singleElement()
                .isInstanceOfSatisfying(Action.SetCoordinatorAddress.class, set -> {
                    assertThat(set.address()).isEqualTo(Scene.at("coord-b"));
                    assertThat(set.previous()).contains(Scene.at("coord-a"));
                });
    }

    @Test
    void staysWhereAPersonPutItAfterTheCoordinatorMoved() {
        List<HostPort> hosts = List.of(Scene.at("coord-a"), Scene.at("coord-b"));
        scene.dialed = Scene.at("coord-b");
        scene.livingMember(2, 1, "pg-1", "7001");

        scene.settings = Settings.coordinators(hosts, Optional.empty());
        scene.registered = Optional.of(Scene.at("vip"));
        assertThat(scene.filtered().actions()).isEmpty();

        scene.settings = Settings.coordinators(hosts, Optional.of(Scene.at("coord-a")));
        scene.registered = Optional.of(Scene.at("coord-a"));
        assertThat(scene.filtered().actions()).isEmpty();
    }

    @Test
    void mustBeNamedByAPersonIfRosterOnlyKnowsALoopbackName() {
        scene.registered = Optional.empty();
        scene.dialed = Scene.at("127.0.0.1:5000");
        scene.worker("pg-1").answersBlank("pg-1", "7001");

        assertThat(scene.plan().alarms()).singleElement().asString().contains("ROSTER_COORDINATOR_ADVERTISED");
        assertThat(only(scene.filtered()).filter()).isEqualTo("coordinator-address");
    }

    @Test
    void isNotGuessedForLoopbackWorkersEither() {
        scene.registered = Optional.empty();
        scene.dialed = Scene.at("127.0.0.1:5000");
        scene.worker("127.0.0.1:5001").answersBlank("127.0.0.1:5001", "7001");

        only(scene.filtered());
    }

    @Test
    void mayBeLoopbackIfAPersonSaysSoAndAllWorkersAre() {
        scene.registered = Optional.of(Scene.at("localhost:5000"));
        scene.dialed = Scene.at("127.0.0.1:5000");
        scene.settings = Settings.advertised("127.0.0.1:5000");
        scene.worker("127.0.0.1:5001").answersBlank("127.0.0.1:5001", "7001");
        assertThat(scene.filtered().actions())
                .extracting(Action::kind)
                .containsExactly("set-coordinator-address", "add");

        scene.registered = Optional.of(Scene.at("127.0.0.1:5000"));
        assertThat(scene.filtered().actions()).extracting(Action::kind).containsExactly("add");

        scene.worker("pg-2").answersBlank("pg-2", "7002");
        assertThat(scene.filtered().actions()).isEmpty();
    }

    @Test
    void isWithheldTogetherWithTheLastWorkerThatWouldJoin() {
        scene.registered = Optional.empty();
        scene.worker("pg-1").answersBlank("pg-1", "7001");

        Plan plan = scene.filtered((action, _) -> action instanceof Action.AddNode
                ? Optional.of(new Holdbacks.Hold("refused", scene.now.plusSeconds(4)))
                : Optional.empty());

        assertThat(plan.actions()).isEmpty();
        assertThat(plan.withheld()).extracting(Withheld::filter).containsExactly("backoff", "coordinator-address");
    }
}
