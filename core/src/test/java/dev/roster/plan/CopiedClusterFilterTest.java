package dev.roster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.ledger.Intent;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A copy of a whole cluster runs beside it: each change would reach the workers of the other. */
class CopiedClusterFilterTest {

    private final Scene scene = new Scene();

    @BeforeEach
    void twoMembersAndANewcomer() {
        scene.livingMember(2, 1, "pg-1", "8001")
                .livingMember(3, 2, "pg-2", "8002")
                .answers("pg-1", Reports.ofGroup("8001", 1))
                .answers("pg-2", Reports.ofGroup("8002", 2))
                .worker("pg-3")
                .answersBlank("pg-3", "8003");
    }

    private void copied(String host, String system, int group) {
        Reports copy = Reports.ofGroup(system, group);
        copy.startTime = Reports.BOOT.plusSeconds(3600);
        scene.worker(host).answers(host, copy);
    }

    private void bothCopied() {
        copied("copy-1", "8001", 1);
        copied("copy-2", "8002", 2);
    }

    private List<String> actions() {
        return scene.filtered().actions().stream().map(Action::kind).toList();
    }

    @Test
    void nothingIsAddedWhileEveryMemberHasATwin() {
        bothCopied();

        assertThat(actions()).isEmpty();
        assertThat(scene.filtered().withheld()).extracting(Withheld::filter).containsExactly("copied-cluster");
        assertThat(scene.filtered().alarms()).contains(CopiedClusterFilter.SENTENCE);
    }

    @Test
    void norWhileTheMembersWereNotAskedYet() {
        bothCopied();
        scene.unsighted("pg-1").unsighted("pg-2");
        scene.probes.keySet().removeAll(Set.of(Scene.at("pg-1"), Scene.at("pg-2")));

        assertThat(actions()).isEmpty();
    }

    @Test
    void whatAPersonOrdersWaitsToo() {
        bothCopied();
        scene.ordered(Intent.Kind.REMOVE, Intent.Stage.ORDERED, 2, "pg-1", "8001");

        assertThat(actions()).isEmpty();
        assertThat(scene.filtered().withheld()).extracting(Withheld::filter).containsOnly("copied-cluster");
    }

    @Test
    void oneTwinHindersNoOther() {
        copied("copy-1", "8001", 1);

        assertThat(actions()).containsExactly("add");
        assertThat(scene.filtered().alarms()).isEmpty();
    }

    @Test
    void aCopyThatIsSilentForAMomentStillCountsWhileAnotherAnswers() {
        bothCopied();
        scene.changeMember(2, member -> member.withCopies(Set.of(), Set.of(Scene.at("copy-1"))))
                .isDead("copy-1");
        assertThat(actions()).isEmpty();

        scene.isDead("copy-2");
        assertThat(actions()).containsExactly("add");
    }

    @Test
    void standbysHinderNobody() {
        bothCopied();
        for (String host : List.of("copy-1", "copy-2")) {
            Reports standby = host.equals("copy-1") ? Reports.ofGroup("8001", 1) : Reports.ofGroup("8002", 2);
            standby.startTime = Reports.BOOT.plusSeconds(3600);
            standby.inRecovery = true;
            scene.answers(host, standby);
        }

        assertThat(actions()).containsExactly("add");
    }

    @Test
    void onceTheOldOnesAreGoneThePersonsOrderIsCarriedOut() {
        bothCopied();
        scene.later(Duration.ofSeconds(5));
        scene.unsighted("pg-1").unsighted("pg-2").isDead("pg-1").isDead("pg-2");

        assertThat(scene.filtered().alarms()).isEmpty();
        assertThat(scene.filtered().withheld()).extracting(Withheld::filter).doesNotContain("copied-cluster");
    }
}
