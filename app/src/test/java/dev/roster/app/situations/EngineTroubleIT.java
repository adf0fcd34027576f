package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.Server;
import dev.roster.testkit.docker.SocketProxy;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The Docker engine or the way to it fails, and nobody is taken for gone because of it. */
class EngineTroubleIT extends Situations {

    @Test
    void theEventStreamIsCut() {
        DockerCluster cluster = cluster(1);
        SocketProxy proxy = closing(SocketProxy.opened());
        EngineUnderTest roster = roster(cluster, proxy);
        roster.awaitMembers(cluster.worker(1));

        proxy.cutEventStreams();
        Server late = cluster.startWorker();

        roster.awaitMembers(cluster.worker(1), late);
        roster.await("it listens again", () -> proxy.eventStreams() > 0);
    }

    @Test
    void theEnginesApiIsAwayForEightSecondsWhileAWorkerStarts() {
        DockerCluster cluster = cluster(2);
        SocketProxy proxy = closing(SocketProxy.opened());
        EngineUnderTest roster = roster(cluster, proxy);
        roster.awaitMembers(cluster.worker(1), cluster.worker(2));
        List<String> before = nodes(cluster);

        proxy.refuse();
        Server late = cluster.startWorker();
        roster.awaitNotReady();
        Awaitility.await("eight seconds without the engine")
                .during(Duration.ofSeconds(8))
                .atMost(Duration.ofSeconds(20))
                .until(() -> nodes(cluster).equals(before));
        proxy.open();

        roster.awaitMembers(cluster.worker(1), cluster.worker(2), late);
        roster.awaitReady();
    }

    @Test
    void theEngineAcceptsAndNeverAnswers() {
        DockerCluster cluster = cluster(1);
        SocketProxy proxy = closing(SocketProxy.opened());
        EngineUnderTest roster = roster(cluster, proxy);
        roster.awaitMembers(cluster.worker(1));
        List<String> before = nodes(cluster);

        proxy.fallSilent();
        Server late = cluster.startWorker();
        roster.awaitNotReady();
        assertThat(roster.sourceError()).isNotBlank();
        assertThat(nodes(cluster)).isEqualTo(before);
        proxy.answerAgain();

        roster.awaitMembers(cluster.worker(1), late);
        roster.awaitReady();
    }

    @Test
    void thereIsNoEngineSocketUntilItAppears() {
        DockerCluster cluster = cluster(1);
        SocketProxy proxy = closing(SocketProxy.closed());

        EngineUnderTest roster = roster(cluster, proxy);
        roster.await(
                "it says that the socket is missing",
                () -> roster.sourceError().contains(proxy.socket().toString()));
        assertThat(roster.isReady()).isFalse();
        assertThat(nodes(cluster)).isEmpty();
        proxy.open();

        roster.awaitMembers(cluster.worker(1));
        roster.awaitReady();
    }

    @Test
    void eventsComeWithoutTheLegacyFields() {
        DockerCluster cluster = cluster(0);
        SocketProxy proxy = closing(SocketProxy.opened().withoutLegacyFields());
        EngineUnderTest roster = roster(cluster, proxy);
        roster.awaitReady();

        Server worker = cluster.startWorker();

        roster.awaitMembers(worker);
    }

    @Test
    void onlyTheReadOnlyPathsAreOpen() {
        DockerCluster cluster = cluster(0);
        SocketProxy proxy = closing(SocketProxy.opened().readOnly());
        EngineUnderTest roster = roster(cluster, proxy);
        roster.awaitReady();

        Server worker = cluster.startWorker();

        roster.awaitMembers(worker);
        assertThat(proxy.requests()).allMatch(request -> request.startsWith("GET "));
    }

    @Test
    void aStormOfAThousandHealthEvents() {
        DockerCluster cluster = cluster(1);
        SocketProxy proxy = closing(SocketProxy.opened());
        EngineUnderTest roster = roster(cluster, proxy);
        roster.awaitMembers(cluster.worker(1));
        List<String> before = nodes(cluster);
        long passes = roster.passes();

        proxy.storm(cluster.worker(1), 1000);
        Server late = cluster.startWorker();

        roster.awaitMembers(late);
        assertThat(nodes(cluster)).containsAll(before);
        assertThat(roster.passes() - passes).as("passes for a thousand events").isLessThan(500);
    }
}
