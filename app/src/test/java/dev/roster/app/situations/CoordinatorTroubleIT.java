package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.Server;
import dev.roster.testkit.docker.Sql;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The coordinator goes and comes back; Roster is not restarted. */
class CoordinatorTroubleIT extends Situations {

    @Test
    void theCoordinatorIsRestartedAndThenAWorkerJoins() {
        DockerCluster cluster = cluster(1);
        EngineUnderTest roster = roster(cluster);
        roster.awaitMembers(cluster.worker(1));

        cluster.coordinator().stop().start().awaitHealthy();
        Server late = cluster.startWorker();

        roster.awaitMembers(cluster.worker(1), late);
    }

    @Test
    void theCoordinatorIsDownForHalfAMinuteWhileAWorkerJoins() {
        DockerCluster cluster = cluster(1);
        EngineUnderTest roster = roster(cluster);
        roster.awaitMembers(cluster.worker(1));

        cluster.coordinator().stop();
        Server waiting = cluster.startWorker();
        roster.awaitNotReady();
        assertThat(roster.trouble()).contains(cluster.coordinatorIp());
        Awaitility.await("half a minute without the coordinator")
                .during(Duration.ofSeconds(30))
                .atMost(Duration.ofSeconds(40))
                .until(() -> !roster.isReady());
        cluster.coordinator().start();

        roster.awaitMembers(cluster.worker(1), waiting);
        roster.awaitReady();
    }

    @Test
    void itsSessionsOnTheCoordinatorAreTerminated() {
        DockerCluster cluster = cluster(1);
        EngineUnderTest roster = roster(cluster);
        roster.awaitMembers(cluster.worker(1));

        assertThat(cluster.sql()
                        .column("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                + " WHERE application_name LIKE 'roster%'"))
                .isNotEmpty()
                .containsOnly("t");
        Server late = cluster.startWorker();

        roster.awaitMembers(late);
        roster.await("it leads again", roster::isLeading);
    }

    @Test
    void thePasswordIsWrongUntilItIsRight() {
        DockerCluster cluster = cluster(1);
        String right = cluster.credentials().password();
        cluster.sql().run("ALTER ROLE postgres PASSWORD 'changed-meanwhile'");

        EngineUnderTest roster = roster(cluster);
        roster.await(
                "it says that the password is wrong", () -> roster.trouble().contains("password"));
        assertThat(roster.trouble()).doesNotContain(right).doesNotContain("\n");
        assertThat(roster.isReady()).isFalse();
        new Sql(cluster.coordinatorIp(), cluster.credentials().withPassword("changed-meanwhile"))
                .run("ALTER ROLE postgres PASSWORD '" + right + "'");

        roster.awaitMembers(cluster.worker(1));
    }
}
