package dev.roster.testkit.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

@RequiresDocker
class SocketProxyIT {

    @Test
    void handsOnRequestsAndEventsAddsEventsAndCutsTheirStream() throws IOException {
        AtomicBoolean ended = new AtomicBoolean();
        List<Event> events = new CopyOnWriteArrayList<>();
        try (DockerCluster cluster = DockerCluster.create("proxy");
                SocketProxy proxy = SocketProxy.opened().withoutLegacyFields();
                DockerClient client = client(proxy);
                ResultCallback.Adapter<Event> listener = new ResultCallback.Adapter<>() {
                    @Override
                    public void onNext(Event event) {
                        events.add(event);
                    }

                    @Override
                    public void onError(Throwable problem) {
                        ended.set(true);
                    }
                }) {
            client.eventsCmd()
                    .withEventFilter("start", "health_status")
                    .withLabelFilter("com.docker.compose.project=" + cluster.project())
                    .exec(listener);
            Waiting.until("an event stream", Duration.ofSeconds(5), () -> proxy.eventStreams() == 1);

            Server worker = cluster.startWorker().awaitHealthy();
            Waiting.until("start and healthy", Duration.ofSeconds(5), () -> events.size() == 2);
            assertThat(events).allSatisfy(event -> assertThat(event.getStatus()).isNull());
            assertThat(events.getLast().getAction()).isEqualTo("health_status: healthy");
            assertThat(events.getLast()).extracting("actor.attributes.name").isEqualTo(worker.name());

            proxy.storm(worker, 100);
            Waiting.until("the storm", Duration.ofSeconds(5), () -> events.size() == 102);
            assertThat(events.getLast()).extracting("actor.attributes.name").isEqualTo(worker.name());

            proxy.cutEventStreams();
            Waiting.until("the end of the stream", Duration.ofSeconds(5), ended::get);
            assertThat(client.listContainersCmd().exec()).isNotEmpty();
        }
    }

    @Test
    void refusesAnswersNothingAndListensAgain() throws IOException {
        try (SocketProxy proxy = SocketProxy.opened();
                DockerClient client = client(proxy)) {
            client.pingCmd().exec();

            proxy.refuse();
            assertThatThrownBy(() -> client.pingCmd().exec()).hasMessageContaining("refused");

            proxy.open();
            client.pingCmd().exec();

            proxy.fallSilent();
            Thread waiting = Thread.ofVirtual().start(() -> client.pingCmd().exec());
            Waiting.until(
                    "a request nobody answers",
                    Duration.ofSeconds(5),
                    () -> proxy.requests().size() == 3);
            assertThat(waiting.isAlive()).isTrue();

            proxy.answerAgain();
            client.pingCmd().exec();
        }
    }

    @Test
    void refusesToChangeAnythingWhenReadOnly() throws IOException {
        try (SocketProxy proxy = SocketProxy.opened().readOnly();
                DockerClient client = client(proxy)) {
            client.pingCmd().exec();
            client.versionCmd().exec();
            client.listContainersCmd().exec();

            assertThatThrownBy(() -> client.listNetworksCmd().exec()).isInstanceOf(DockerException.class);
            assertThatThrownBy(() -> client.removeContainerCmd("nobody").exec()).isInstanceOf(DockerException.class);
        }
    }

    private static DockerClient client(SocketProxy proxy) {
        return DockerClientImpl.getInstance(
                DefaultDockerClientConfig.createDefaultConfigBuilder()
                        .withDockerHost(proxy.dockerHost())
                        .build(),
                new ApacheDockerHttpClient.Builder()
                        .dockerHost(URI.create(proxy.dockerHost()))
                        .build());
    }
}
