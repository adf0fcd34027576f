package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscoveryContract;
import dev.roster.discovery.WorkerDiscoveryProvider;
import dev.roster.discovery.WorkerHealth;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DockerDiscoveryTest {

    @TempDir
    Path folder;

    private final BlockingQueue<String> nudges = new LinkedBlockingQueue<>();
    private FakeEngine engine;
    private Optional<WorkerDiscovery> started = Optional.empty();

    @BeforeEach
    void startEngine() {
        engine = new FakeEngine(folder);
        engine.has(Entries.healthy("shop_worker_1"));
    }

    @AfterEach
    void closeAll() {
        started.ifPresent(WorkerDiscovery::close);
        engine.close();
    }

    @Nested
    class TheContract extends WorkerDiscoveryContract {

        @Override
        protected WorkerDiscoveryProvider provider() {
            return new DockerDiscoveryProvider(Map.of());
        }

        @Override
        protected Map<String, String> working() {
            return Map.of("host", engine.host(), "project", Entries.PROJECT);
        }

        @Override
        protected Map<String, String> failing() {
            return Map.of("host", "unix://" + folder.resolve("nothing.sock"), "project", Entries.PROJECT);
        }
    }

    @Test
    void sightsAHealthyWorkerUnderItsContainersName() throws InterruptedException {
        start(Map.of());

        Sighting.Complete seen = complete();
        assertThat(seen.workers())
                .extracting(Worker::name, Worker::address, Worker::health, Worker::roleIsExplicit)
                .containsExactly(tuple("shop_worker_1", new HostPort("shop_worker_1", 5432), WorkerHealth.READY, true));
        assertThat(seen.scopes()).containsExactly(new Scope("docker", "engine FAKE:ENGINE, project shop"));
        assertThat(seen.absenceIsProof()).isTrue();
    }

    @Test
    void subscribesBeforeItLists() throws InterruptedException {
        start(Map.of());

        List<String> requests = engine.requests();
        assertThat(requests.stream().filter(line -> line.startsWith("GET")))
                .extracting(line -> line.replaceFirst("\\?.*", ""))
                .containsExactly("GET /info HTTP/1.1", "GET /events", "GET /containers/json");
        assertThat(requests)
                .anyMatch(line -> line.contains("\"label\":[\"com.docker.compose.project=shop\"]")
                        && line.contains("health_status")
                        && line.contains("\"type\":[\"container\"]"));
    }

    @Test
    void looksAgainAtAnEventAndNudges() throws InterruptedException {
        start(Map.of());
        engine.has(Entries.healthy("shop_worker_1"), Entries.healthy("shop_worker_2"));

        engine.emit(health("shop_worker_2"));

        assertThat(nextNudge()).contains("shop_worker_2 health_status: healthy");
        assertThat(complete().workers()).hasSize(2);
        assertThat(source().health().lastEvent()).isPresent();
    }

    @Test
    void readsEventsWithoutTheLegacyFields() throws InterruptedException {
        start(Map.of());
        engine.has(Entries.healthy("shop_worker_2"));

        engine.emit(Entries.bare("start", Entries.id("shop_worker_2"), "shop_worker_2", Entries.worker())
                .toString());

        assertThat(nextNudge()).contains("shop_worker_2 start");
    }

    @Test
    void aRepeatedHealthEdgeNudgesNobody() throws InterruptedException {
        start(Map.of());
        int lists = engine.lists();

        engine.emit(health("shop_worker_1"));
        await().until(() -> engine.lists() > lists);
        engine.has(Entries.healthy("shop_worker_2"));
        engine.emit(Entries.event("start", "x", "shop_worker_2", Entries.worker()));

        assertThat(nextNudge()).contains("shop_worker_2");
    }

    @Test
    void aRestartNudgesEvenIfTheListLooksAsBefore() throws InterruptedException {
        start(Map.of());

        engine.emit(Entries.event("start", Entries.id("shop_worker_1"), "shop_worker_1", Entries.worker()));

        assertThat(nextNudge()).contains("shop_worker_1 start");
    }

    @Test
    void looksAgainAfterAnEventThatCameBeforeItsEffect() throws InterruptedException {
        start(Map.of("resync", "1h"));
        int lists = engine.lists();

        engine.emit(Entries.event("pause", Entries.id("shop_worker_1"), "shop_worker_1", Entries.worker()));
        await().until(() -> engine.lists() > lists);
        engine.has(Entries.entry("shop_worker_1", "paused", "Up 5 minutes (Paused)", Entries.worker()));

        await().until(() -> complete().workers().stream().allMatch(worker -> worker.health() == WorkerHealth.PAUSED));
    }

    @Test
    void aStormOfHealthEventsCostsABoundedNumberOfLooks() throws InterruptedException {
        start(Map.of());
        int lists = engine.lists();

        for (int i = 0; i < 1000; i++) {
            engine.emit(health("shop_worker_1"));
        }
        engine.has(Entries.healthy("shop_worker_1"), Entries.healthy("last"));
        engine.emit(health("last"));

        await().until(() -> complete().workers().size() == 2);
        assertThat(engine.lists() - lists).isBetween(1, 100);
    }

    @Test
    void aCutStreamMeansUnavailableAndThenANewSubscription() throws InterruptedException {
        start(Map.of());

        engine.answers("/info", FakeEngine.Manner.FORBIDS);
        engine.cutStreams();
        assertThat(nextNudge()).contains("The event stream of the Docker engine");
        assertThat(source().sighting()).isInstanceOf(Sighting.Unavailable.class);
        assertThat(source().health().isConnected()).isFalse();

        engine.answers("/info", FakeEngine.Manner.NORMAL);
        nextNudge();
        assertThat(complete().workers()).hasSize(1);
        assertThat(engine.subscriptions()).isEqualTo(2);
        assertThat(source().health().isConnected()).isTrue();
    }

    @Test
    void garbageInTheStreamIsALossOfTheStream() throws InterruptedException {
        start(Map.of());

        engine.emit("this is no JSON");

        assertThat(nextNudge()).contains("not the JSON of a Docker engine");
        nextNudge();
        assertThat(engine.subscriptions()).isEqualTo(2);
    }

    @Test
    void aListThatBreaksOffIsNoSighting() throws InterruptedException {
        start(Map.of());

        engine.answers("/containers/json", FakeEngine.Manner.BREAKS_OFF);
        engine.emit(health("shop_worker_1"));

        nextNudge();
        assertThat(reason()).contains("not the JSON of a Docker engine");
    }

    @Test
    void anAnswerThatIsNoListIsNoSighting() throws InterruptedException {
        engine.answers("/containers/json", FakeEngine.Manner.TALKS_NONSENSE);
        begin(Map.of());

        await().until(() -> source().health().error().isPresent());
        assertThat(reason()).contains("GET /containers/json").contains("check that this is a Docker engine");
    }

    @Test
    void anEngineThatAcceptsAndNeverAnswersIsSaidToHang() throws InterruptedException {
        start(Map.of("timeout", "300ms", "resync", "200ms"));

        engine.answers("/containers/json", FakeEngine.Manner.HANGS);

        assertThat(nextNudge()).contains("did not answer GET /containers/json within 300 ms");
        engine.answers("/containers/json", FakeEngine.Manner.NORMAL);
        nextNudge();
        assertThat(complete().workers()).hasSize(1);
    }

    @Test
    void aSubscriptionThatGetsNoHeadersIsGivenUp() {
        engine.answers("/events", FakeEngine.Manner.HANGS);
        begin(Map.of("timeout", "300ms"));

        await().until(() -> source().health().error().isPresent());
        assertThat(reason()).contains("did not answer GET /events");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/info", "/events", "/containers/json"})
    void closesWhileTheEngineHangs(String path) {
        engine.answers(path, FakeEngine.Manner.HANGS);
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        begin(Map.of("timeout", "10m"));
        await().until(() -> engine.requests().stream().anyMatch(line -> line.startsWith("GET " + path)));

        assertTimeoutPreemptively(Duration.ofSeconds(5), () -> source().close());

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .noneMatch(thread -> thread.getName().startsWith("docker"));
    }

    @Test
    void aRefusingSocketIsSaidAndLeftWhenTheEngineIsBack() throws InterruptedException {
        start(Map.of());

        engine.stop();
        nextNudge();
        await().until(() -> reason().contains("refuses connections"));
        assertThat(source().health().restartNeeded()).isFalse();

        engine.start();
        nextNudge();
        assertThat(complete().workers()).hasSize(1);
    }

    @Test
    void aMissingSocketIsSaidAndFoundWhenItAppears() throws InterruptedException {
        engine.close();
        begin(Map.of());
        await().until(() -> source().health().error().isPresent());
        assertThat(reason()).contains("There is no Docker engine socket at " + engine.socket());

        engine.start();

        nextNudge();
        assertThat(complete().workers()).hasSize(1);
    }

    @Test
    void aChangeThatNoEventAnnouncedIsSeenAtTheRegularLookAndRenewsTheStream() throws InterruptedException {
        start(Map.of("resync", "100ms"));

        engine.has(Entries.healthy("shop_worker_2"));

        nextNudge();
        assertThat(complete().workers()).extracting(Worker::name).containsExactly("shop_worker_2");
        await().until(() -> engine.subscriptions() == 2);
    }

    @Test
    void anotherEngineBehindTheSameSocketIsAnotherScope() throws InterruptedException {
        start(Map.of());

        engine.isNow("OTHER:ENGINE");
        engine.cutStreams();

        nextNudge();
        nextNudge();
        assertThat(complete().scopes()).containsExactly(new Scope("docker", "engine OTHER:ENGINE, project shop"));
    }

    @Test
    void aProxyThatForbidsIsToldApartAndTheRemedyNamed() {
        engine.answers("/events", FakeEngine.Manner.FORBIDS);
        begin(Map.of());

        await().until(() -> source().health().error().isPresent());
        assertThat(reason())
                .contains("GET /events with HTTP 403")
                .contains("must allow GET on _ping, version, info, events and containers");
    }

    @Test
    void asksForTheConfiguredApiVersion() throws InterruptedException {
        engine.wantsVersionedPaths();

        start(Map.of("api-version", "1.44"));

        assertThat(complete().workers()).hasSize(1);
    }

    private static String health(String name) {
        return Entries.event("health_status: healthy", Entries.id(name), name, Entries.worker());
    }

    private void start(Map<String, String> options) throws InterruptedException {
        begin(options);
        nextNudge();
    }

    private void begin(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of("host", engine.host(), "project", Entries.PROJECT));
        all.putAll(options);
        started = Optional.of(DockerSource.started(Map.of(), all, nudges::add));
    }

    private WorkerDiscovery source() {
        return started.orElseThrow();
    }

    private String nextNudge() throws InterruptedException {
        String nudge = nudges.poll(20, TimeUnit.SECONDS);
        assertThat(nudge).as("a nudge").isNotNull();
        return nudge;
    }

    private Sighting.Complete complete() {
        assertThat(source().sighting()).isInstanceOf(Sighting.Complete.class);
        return (Sighting.Complete) source().sighting();
    }

    private String reason() {
        return source().sighting() instanceof Sighting.Unavailable unavailable ? unavailable.reason() : "";
    }
}
