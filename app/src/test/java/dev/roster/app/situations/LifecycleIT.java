package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.docker.Credentials;
import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.Manager;
import dev.roster.testkit.docker.Server;
import dev.roster.testkit.docker.Sql;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Roster itself starts, ends, is killed, and comes back: the packaged application in the manager's container. */
class LifecycleIT extends Situations {

    private static final Path APPLICATION = Path.of("target", "quarkus-app");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void killedThenAWorkerJoinsThenRosterIsBack() {
        DockerCluster cluster = cluster(1);
        Manager manager = manager(cluster).start().awaitReady();
        awaitMembers(cluster, cluster.worker(1));

        manager.kill();
        Server late = cluster.startWorker().awaitHealthy();
        manager.start();

        awaitMembers(cluster, cluster.worker(1), late);
    }

    @Test
    void killedThenAnEmptyWorkerIsRemovedThenRosterIsBack() {
        DockerCluster cluster = cluster(2);
        Manager manager = manager(cluster).start().awaitReady();
        awaitMembers(cluster, cluster.worker(1), cluster.worker(2));

        manager.kill();
        cluster.worker(2).stop().remove();
        manager.start();

        awaitMembers(cluster, cluster.worker(1));
    }

    @Test
    void sigtermWhileSteady() {
        DockerCluster cluster = cluster(1);
        Manager manager = manager(cluster).start().awaitReady();
        awaitMembers(cluster, cluster.worker(1));
        List<String> before = nodes(cluster);

        long exitCode = manager.terminate();

        assertEndedByItself(manager, exitCode);
        Awaitility.await("its sessions are gone").atMost(PATIENCE).until(() -> rosterSessions(cluster) == 0);
        assertThat(nodes(cluster)).isEqualTo(before);
    }

    @Test
    void sigtermWhileWaitingForACoordinatorThatHangs() {
        DockerCluster cluster = cluster(1);
        cluster.coordinator().pause();
        Manager manager = manager(cluster).start();
        awaitLog(manager, "master:5432");

        long exitCode = manager.terminate();

        assertEndedByItself(manager, exitCode);
        cluster.coordinator().unpause();
        assertThat(nodes(cluster)).isEmpty();
    }

    @Test
    void twoRostersAtOnce() {
        DockerCluster cluster = cluster(1);
        EngineUnderTest one = roster(cluster);
        one.await("the first leads", one::isLeading);
        EngineUnderTest other = roster(cluster);
        one.awaitMembers(cluster.worker(1));
        other.awaitReady();
        assertThat(other.isLeading()).isFalse();

        Server second = cluster.startWorker();
        one.awaitMembers(second);
        one.close();
        Server third = cluster.startWorker();

        other.awaitMembers(second, third);
        assertThat(other.isLeading()).isTrue();
        assertThat(cluster.sql().number("SELECT count(*) FROM pg_dist_node WHERE groupid > 0"))
                .isEqualTo(3);
    }

    @Test
    void theManagersContainerHasAHostnameOfItsOwn() {
        DockerCluster cluster = cluster(1);

        closing(Manager.create(cluster, APPLICATION, "membership-manager", Map.of()))
                .start()
                .awaitReady();

        awaitMembers(cluster, cluster.worker(1));
    }

    @Test
    void aWrongPasswordIsToldInOneLineAndNeverPrinted() {
        String wrong = "not-the-p4ssword";
        DockerCluster cluster = cluster(1);
        Manager manager = closing(Manager.create(cluster, APPLICATION, "", Map.of("POSTGRES_PASSWORD", wrong)))
                .start();

        awaitLog(manager, "password");
        assertThat(manager.hasReadyFile()).isFalse();
        cluster.sql().run("ALTER ROLE postgres PASSWORD '" + wrong + "'");
        manager.awaitReady();

        assertThat(manager.logs()).doesNotContain(wrong).doesNotContain("\tat ");
        assertThat(manager.isRunning()).isTrue();
        new Sql(cluster.coordinatorIp(), cluster.credentials().withPassword(wrong)).run("SELECT 1");
    }

    @Test
    void aPasswordFullOfStrangeCharactersComesThroughTheEnvironment() {
        DockerCluster cluster = cluster(1, Credentials.USUAL.withPassword("a'b\"c\\d e@f%g%41:/${HOME} $$ü☃"));

        manager(cluster).start().awaitReady();

        awaitMembers(cluster, cluster.worker(1));
    }

    private Manager manager(DockerCluster cluster) {
        return closing(Manager.create(cluster, APPLICATION, "", Map.of()));
    }

    private static void assertEndedByItself(Manager manager, long exitCode) {
        // 137 is what the engine's SIGKILL leaves after its grace time.
        assertThat(exitCode).as(manager.logs()).isIn(0L, 143L);
        assertThat(manager.hasReadyFile()).isFalse();
    }

    private static void awaitLog(Manager manager, String words) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(manager.logs()).contains(words));
    }

    private static long rosterSessions(DockerCluster cluster) {
        return cluster.sql().number("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'roster%'");
    }

    private static void awaitMembers(DockerCluster cluster, Server... workers) {
        Awaitility.await("the workers are the active nodes, and nobody else")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .until(() -> cluster.sql()
                        .column("SELECT nodename FROM pg_dist_node WHERE isactive AND groupid > 0 ORDER BY 1")
                        .equals(List.of(workers).stream()
                                .map(Server::name)
                                .sorted()
                                .toList()));
    }
}
