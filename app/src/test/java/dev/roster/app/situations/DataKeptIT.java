package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Situation;
import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.Server;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Containers come and go; the data and the nodes that hold it stay. */
class DataKeptIT extends Situations {

    private DockerCluster cluster;
    private EngineUnderTest roster;

    @BeforeEach
    void twoMembers() {
        cluster = cluster(2);
        roster = roster(cluster);
        roster.awaitMembers(cluster.worker(1), cluster.worker(2));
    }

    @Test
    void forceRecreateWithTheVolumeKept() {
        distributedTable(cluster);
        List<String> before = nodes(cluster);

        cluster.worker(1).forceRecreate().awaitHealthy();

        roster.awaitVerdict(cluster.worker(1), Situation.MEMBER);
        roster.awaitPasses(2);
        assertThat(nodes(cluster)).isEqualTo(before);
        everyRowIsReadable(cluster);
    }

    @Test
    void downAndUpOfTheWholeProjectWithItsVolumes() {
        distributedTable(cluster);
        List<String> before = nodes(cluster);

        cluster.down(false);
        roster.awaitNotReady();
        cluster.upAgain();

        roster.awaitReady();
        roster.awaitVerdict(cluster.worker(1), Situation.MEMBER);
        roster.awaitVerdict(cluster.worker(2), Situation.MEMBER);
        assertThat(nodes(cluster)).isEqualTo(before);
        everyRowIsReadable(cluster);
    }

    @Test
    void downAndUpOfTheWholeProjectWithoutItsVolumes() {
        Server leaving = cluster.startWorker();
        roster.awaitMembers(cluster.worker(1), cluster.worker(2), leaving);
        distributedTable(cluster);

        cluster.down(true);
        roster.awaitNotReady();
        cluster.scale(2);
        cluster.upAgain();

        roster.awaitMembers(cluster.worker(1), cluster.worker(2));
        roster.awaitPasses(2);
        assertThat(cluster.sql().column("SELECT nodename FROM pg_dist_node WHERE groupid > 0 ORDER BY 1"))
                .containsExactly(cluster.worker(1).name(), cluster.worker(2).name());
    }

    @Test
    void aWorkerWithShardsIsRemovedAndRecreatedWithItsVolume() {
        Server worker = cluster.worker(2);
        distributedTable(cluster);
        List<String> before = nodes(cluster);

        worker.stop().remove();
        roster.awaitVerdict(worker, Situation.STRANDED);
        worker.start();

        roster.awaitVerdict(worker, Situation.MEMBER);
        assertThat(nodes(cluster)).isEqualTo(before);
        everyRowIsReadable(cluster);
    }

    @Test
    void aWorkerWithShardsIsRecreatedWithAFreshVolume() {
        Server worker = cluster.worker(2);
        distributedTable(cluster);
        List<String> before = nodes(cluster);

        worker.stop().remove().removeVolume().start();

        String sentence = roster.awaitVerdict(worker, Situation.REPLACED);
        assertThat(sentence).contains("2 distributed placements", "Ways out");
        roster.awaitPasses(3);
        assertThat(nodes(cluster)).isEqualTo(before);
        assertThat(worker.sql().number("SELECT count(*) FROM pg_dist_partition"))
                .isZero();
    }

    @Test
    void aWorkerWithShardsIsRenamed() {
        Server worker = cluster.worker(2);
        String name = worker.name();
        distributedTable(cluster);
        List<String> before = nodes(cluster);

        worker.rename(name + "_renamed");

        roster.awaitVerdict(worker, Situation.MEMBER);
        roster.awaitPasses(2);
        assertThat(nodes(cluster))
                .isEqualTo(before.stream()
                        .map(node -> node.replace(name + " ", worker.name() + " "))
                        .toList());
        assertThat(cluster.sql()
                        .column("SELECT sentence FROM roster.journal WHERE action = 'follow' AND outcome = 'done'"))
                .singleElement()
                .asString()
                .contains(name, worker.name(), "the same running server");
        everyRowIsReadable(cluster);
    }

    @Test
    void stoppedAndStarted() {
        List<String> before = nodes(cluster);

        cluster.worker(1).stop();
        roster.awaitVerdict(cluster.worker(1), Situation.MEMBER_NOT_READY);
        cluster.worker(1).start();

        roster.awaitVerdict(cluster.worker(1), Situation.MEMBER);
        assertThat(nodes(cluster)).isEqualTo(before);
    }

    @Test
    void pausedAndUnpaused() {
        List<String> before = nodes(cluster);

        cluster.worker(1).pause();
        roster.awaitVerdict(cluster.worker(1), Situation.MEMBER_NOT_READY);
        cluster.worker(1).unpause();

        roster.awaitVerdict(cluster.worker(1), Situation.MEMBER);
        assertThat(nodes(cluster)).isEqualTo(before);
    }
}
