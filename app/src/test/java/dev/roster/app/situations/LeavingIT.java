package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Situation;
import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.Server;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers go, for good or not, and only what is empty and proven gone is removed. */
class LeavingIT extends Situations {

    @Test
    void anEmptyWorkerIsRemoved() {
        DockerCluster cluster = cluster(2);
        EngineUnderTest roster = roster(cluster);
        roster.awaitMembers(cluster.worker(1), cluster.worker(2));

        cluster.worker(2).stop().remove();

        roster.awaitGone(cluster.worker(2));
        assertThat(nodes(cluster.worker(1))).isEqualTo(nodes(cluster));
    }

    @Test
    void scaledFromThreeToOneAndBackToFive() {
        DockerCluster cluster = cluster(3);
        EngineUnderTest roster = roster(cluster);
        List<Server> three = cluster.workers();
        roster.awaitMembers(three.toArray(Server[]::new));

        cluster.scale(1);
        roster.awaitGone(three.get(1));
        roster.awaitGone(three.get(2));

        cluster.scale(5);
        roster.awaitMembers(cluster.workers().toArray(Server[]::new));
        assertThat(cluster.sql().number("SELECT count(*) FROM pg_dist_node WHERE groupid > 0"))
                .isEqualTo(5);
    }

    @Test
    void oneEmptyMemberIsDeadForGoodWhereThereIsAReferenceTable() {
        DockerCluster cluster = cluster(2);
        EngineUnderTest roster = roster(cluster);
        roster.awaitMembers(cluster.worker(1), cluster.worker(2));
        referenceTable(cluster);

        cluster.worker(2).remove();

        roster.awaitGone(cluster.worker(2));
        cluster.sql().run("INSERT INTO countries VALUES ('at')");
    }

    @Test
    void threeEmptyMembersAreDeadForGoodWhereThereIsAReferenceTable() {
        DockerCluster cluster = cluster(4);
        EngineUnderTest roster = roster(cluster);
        roster.awaitMembers(cluster.workers().toArray(Server[]::new));
        referenceTable(cluster);
        List<Server> dead = List.of(cluster.worker(1), cluster.worker(2), cluster.worker(3));

        dead.forEach(Server::remove);

        dead.forEach(roster::awaitGone);
        cluster.sql().run("INSERT INTO countries VALUES ('at')");
    }

    @Test
    void aWorkerWithShardsIsRemovedForGood() {
        DockerCluster cluster = cluster(2);
        EngineUnderTest roster = roster(cluster);
        Server lost = cluster.worker(2);
        roster.awaitMembers(cluster.worker(1), lost);
        distributedTable(cluster);
        List<String> before = nodes(cluster);

        lost.stop().remove();

        String sentence = roster.awaitVerdict(lost, Situation.STRANDED);
        assertThat(sentence).contains("only copy", "adding or changing nodes", "Ways out");
        roster.awaitPasses(3);
        assertThat(nodes(cluster)).isEqualTo(before);
        assertThat(cluster.sql().number("SELECT count(*) FROM pg_dist_placement"))
                .isEqualTo(4);
    }

    @Test
    void aNodeMadeByHandThatNobodyDiscoversIsLeft() {
        DockerCluster cluster = cluster(1);
        Server byHand = cluster.startStranger("byhand").awaitHealthy();
        addedByHand(cluster, byHand.name());

        EngineUnderTest roster = roster(cluster);

        roster.awaitMembers(cluster.worker(1));
        roster.awaitVerdict(byHand, Situation.UNMANAGED);
        roster.awaitPasses(2);
        roster.awaitMembers(byHand);
    }

    @Test
    void aNodeThatAnOperatorDisabledIsLeftAlsoWhenItsContainerGoes() {
        DockerCluster cluster = cluster(2);
        EngineUnderTest roster = roster(cluster);
        Server disabled = cluster.worker(2);
        roster.awaitMembers(cluster.worker(1), disabled);

        cluster.sql().run("SELECT citus_disable_node('" + disabled.name() + "', 5432, true)");
        roster.awaitVerdict(disabled, Situation.DISABLED_BY_OTHERS);
        List<String> left = nodes(cluster);
        disabled.stop().remove();
        roster.awaitVerdict(disabled, Situation.UNMANAGED);
        stays(cluster, left);
        roster.awaitVerdict(disabled, Situation.UNMANAGED);
    }

    private static void referenceTable(DockerCluster cluster) {
        cluster.sql()
                .run("CREATE TABLE countries (code text PRIMARY KEY)", "SELECT create_reference_table('countries')");
    }
}
