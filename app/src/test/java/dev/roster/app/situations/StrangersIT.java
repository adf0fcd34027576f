package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Situation;
import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.Server;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Servers that must not be added: each gets its verdict, and nothing is changed anywhere. */
class StrangersIT extends Situations {

    @Test
    void aWorkerOfAnotherCluster() {
        DockerCluster cluster = cluster(1);
        Server elsewhere = cluster.startStranger("elsewhere").awaitHealthy();
        Server theirs = cluster.startWorker().awaitHealthy();
        elsewhere.sql().run("SELECT citus_set_coordinator_host('" + elsewhere.name() + "')");
        elsewhere.sql().value("SELECT citus_add_node(?, 5432)", theirs.name());
        elsewhere.sql().run("CREATE TABLE theirs (id int)", "SELECT create_distributed_table('theirs', 'id')");

        assertThat(leftAlone(cluster, theirs, Situation.FOREIGN, elsewhere)).containsIgnoringCase("cluster");
    }

    @Test
    void aCoordinator() {
        DockerCluster cluster = cluster(1);
        Server other = cluster.startWorker().awaitHealthy();
        other.sql().run("SELECT citus_set_coordinator_host('" + other.name() + "')");
        Server its = cluster.startStranger("its").awaitHealthy();
        other.sql().value("SELECT citus_add_node(?, 5432)", its.name());
        other.sql().run("CREATE TABLE its (id int)", "SELECT create_distributed_table('its', 'id')");

        assertThat(leftAlone(cluster, other, Situation.FOREIGN, its)).containsIgnoringCase("coordinator");
    }

    @Test
    void aWorkerWithALocalTableNamedLikeADistributedOne() {
        DockerCluster cluster = cluster(1);
        addedByHand(cluster, cluster.worker(1).name());
        distributedTable(cluster);
        Server clashing = cluster.startWorker().awaitHealthy();
        clashing.sql().run("CREATE TABLE orders (id int)", "INSERT INTO orders VALUES (42)");

        assertThat(leftAlone(cluster, clashing, Situation.UNFIT, clashing)).contains("orders");
        assertThat(clashing.sql().number("SELECT id FROM orders")).isEqualTo(42);
    }

    @Test
    void oneThatCarriesShardsWhichTheCoordinatorForgot() {
        DockerCluster cluster = cluster(2);
        addedByHand(cluster, cluster.worker(1).name(), cluster.worker(2).name());
        distributedTable(cluster);
        // What a coordinator restored from an older backup looks like.
        cluster.sql()
                .run("DELETE FROM pg_dist_node WHERE nodename = '"
                        + cluster.worker(2).name() + "'");

        assertThat(leftAlone(cluster, cluster.worker(2), Situation.CARRIES_SHARDS, cluster.worker(2)))
                .containsPattern("restored|failed over");
    }

    @Test
    void theSameServerUnderASecondName() {
        DockerCluster cluster = cluster(1);
        Server worker = cluster.worker(1);
        EngineUnderTest first = roster(cluster);
        first.awaitMembers(worker);
        first.close();
        List<String> before = nodes(cluster);

        EngineUnderTest roster = roster(
                cluster, Map.of("ROSTER_DISCOVERY", "docker,static", "ROSTER_STATIC_WORKERS", worker.ip() + ":5432"));

        String sentence = roster.awaitVerdict(worker.ip(), Situation.ALIAS);
        assertThat(sentence).contains(worker.name());
        roster.awaitPasses(2);
        roster.awaitVerdict(worker, Situation.MEMBER);
        assertThat(nodes(cluster)).isEqualTo(before);
    }

    @Test
    void aNodeMadeByHandUnderItsAddressWhileDockerNamesItOtherwise() {
        DockerCluster cluster = cluster(1);
        Server worker = cluster.worker(1);
        addedByHand(cluster, worker.ip());

        assertThat(leftAlone(cluster, worker, Situation.ALIAS, worker)).contains(worker.ip());
    }

    /** Roster says this of the stranger, and neither the cluster nor the two servers change. */
    private String leftAlone(DockerCluster cluster, Server stranger, Situation situation, Server other) {
        EngineUnderTest roster = roster(cluster);
        roster.await("a pass", () -> roster.passes() > 0);
        List<String> strangers = footprint(stranger);
        List<String> others = footprint(other);

        String sentence = roster.awaitVerdict(stranger, situation);
        roster.awaitPasses(3);

        assertThat(nodes(cluster)).noneMatch(node -> node.contains(" " + stranger.name() + " "));
        assertThat(footprint(stranger)).isEqualTo(strangers);
        assertThat(footprint(other)).isEqualTo(others);
        return sentence;
    }
}
