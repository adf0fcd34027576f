package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerDiscovery;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to an engine beside its socket, and what of a container is registered. */
class EngineRoutesTest {

    @TempDir
    Path folder;

    private final BlockingQueue<String> nudges = new LinkedBlockingQueue<>();
    private final Map<String, String> environment = new HashMap<>();
    private FakeEngine engine;

    @BeforeEach
    void startEngine() {
        engine = new FakeEngine(folder);
        engine.has(Entries.healthy("w"));
    }

    @AfterEach
    void stopEngine() {
        engine.close();
    }

    @Test
    void reachesAnEngineOverTcpAndHearsItsEvents() throws Exception {
        try (TcpFront front = new TcpFront(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), engine.socket());
                WorkerDiscovery source = source(Map.of("host", "tcp://127.0.0.1:" + front.port()))) {
            assertThat(workers(source)).containsExactly(new HostPort("w", 5432));

            engine.has();
            engine.emit(Entries.event("destroy", Entries.id("w"), "w", Entries.worker()));

            assertThat(nextNudge()).contains("w destroy");
            assertThat(workers(source)).isEmpty();
        }
    }

    @Test
    void closesWhileAnEngineHangsOverTcp() throws Exception {
        engine.answers("/events", FakeEngine.Manner.HANGS);
        try (TcpFront front =
                new TcpFront(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), engine.socket())) {
            WorkerDiscovery source = DockerSource.started(
                    environment,
                    Map.of("host", "tcp://127.0.0.1:" + front.port(), "project", "shop", "timeout", "10m"),
                    nudges::add);
            await().until(() -> engine.requests().stream().anyMatch(line -> line.contains("/events")));

            assertTimeoutPreemptively(Duration.ofSeconds(5), source::close);
        }
    }

    @Test
    void reachesAnEngineThatWantsCertificates() throws Exception {
        Certificates certificates = new Certificates();
        certificates.writeTo(folder.resolve("certs"));
        environment.put("DOCKER_TLS_VERIFY", "1");
        environment.put("DOCKER_CERT_PATH", folder.resolve("certs").toString());
        try (TcpFront front = new TcpFront(certificates.listen(), engine.socket())) {
            environment.put("DOCKER_HOST", "tcp://127.0.0.1:" + front.port());
            try (WorkerDiscovery source = source(Map.of())) {
                assertThat(workers(source)).containsExactly(new HostPort("w", 5432));

                engine.has();
                engine.emit(Entries.event("destroy", Entries.id("w"), "w", Entries.worker()));
                nextNudge();
                assertThat(workers(source)).isEmpty();
            }
        }
    }

    @Test
    void refusesAnEngineOfAnotherAuthority() throws Exception {
        new Certificates().writeTo(folder.resolve("certs"));
        environment.put("DOCKER_TLS_VERIFY", "1");
        environment.put("DOCKER_CERT_PATH", folder.resolve("certs").toString());
        try (TcpFront front = new TcpFront(new Certificates().listen(), engine.socket())) {
            environment.put("DOCKER_HOST", "tcp://127.0.0.1:" + front.port());

            assertThat(complaint(Map.of()))
                    .startsWith("TLS with the Docker engine at tcp://127.0.0.1:" + front.port() + " failed")
                    .contains("check DOCKER_CERT_PATH");
        }
    }

    @Test
    void neverFallsBackToAConnectionWithoutTls() {
        environment.put("DOCKER_TLS_VERIFY", "1");
        environment.put("DOCKER_CERT_PATH", folder.toString());
        environment.put("DOCKER_HOST", "tcp://127.0.0.1:1");

        assertThat(complaint(Map.of())).contains("needs " + folder.resolve("ca.pem") + ", which cannot be read");
    }

    @Test
    void certificatesThatAreNoneAreSaid() throws IOException {
        for (String file : new String[] {"ca.pem", "cert.pem", "key.pem"}) {
            Files.writeString(folder.resolve(file), "nonsense");
        }
        environment.put("DOCKER_TLS_VERIFY", "1");
        environment.put("DOCKER_CERT_PATH", folder.toString());
        environment.put("DOCKER_HOST", "tcp://127.0.0.1:1");

        assertThat(complaint(Map.of())).contains("check ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH");
    }

    @Test
    void anEngineThatIsNotThereIsSaid() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }

        assertThat(complaint(Map.of("host", "tcp://127.0.0.1:" + free)))
                .contains("The Docker engine at tcp://127.0.0.1:" + free + " is not reached by GET /info");
    }

    @Test
    void asksOnlyWhatAReadOnlySocketProxyAllows() throws InterruptedException {
        engine.has(Entries.entry("w", "running", "Up", Entries.worker()));
        engine.inspects(Map.of(Entries.id("w"), "{\"Config\":{\"Hostname\":\"db\"}}"));
        try (WorkerDiscovery source = source(Map.of("node-name", "hostname"))) {
            workers(source);

            assertThat(engine.requests())
                    .isNotEmpty()
                    .allMatch(line -> line.matches("(GET )?/(_ping|version|info|events|containers/).*"));
        }
    }

    @Test
    void registersTheHostNameWhereAskedTo() throws InterruptedException {
        engine.inspects(Map.of(Entries.id("w"), "{\"Config\":{\"Hostname\":\"db-one\"}}"));
        try (WorkerDiscovery source = source(Map.of("node-name", "hostname"))) {
            assertThat(workers(source)).containsExactly(new HostPort("db-one", 5432));
        }
    }

    @Test
    void registersTheAddressOfTheNamedNetworkAndRemembersItWhileTheContainerIsStopped() throws InterruptedException {
        Map<String, String> addresses = Map.of("a_front", "172.20.0.9", "b_back", "172.21.0.9");
        engine.has(Entries.entry(Entries.id("w"), "w", "running", "Up", Entries.worker(), addresses));
        try (WorkerDiscovery source = source(Map.of("node-name", "ip", "network", "b_back"))) {
            assertThat(workers(source)).containsExactly(new HostPort("172.21.0.9", 5432));

            engine.has(Entries.entry(Entries.id("w"), "w", "exited", "Exited (0)", Entries.worker(), Map.of()));
            engine.emit(Entries.event("die", Entries.id("w"), "w", Entries.worker()));
            nextNudge();
            assertThat(workers(source)).containsExactly(new HostPort("172.21.0.9", 5432));
        }
    }

    @Test
    void withoutANamedNetworkItIsTheFirstByName() throws InterruptedException {
        engine.has(Entries.entry(
                Entries.id("w"),
                "w",
                "running",
                "Up",
                Entries.worker(),
                Map.of("b_back", "172.21.0.9", "a_front", "172.20.0.9")));
        try (WorkerDiscovery source = source(Map.of("node-name", "ip"))) {
            assertThat(workers(source)).containsExactly(new HostPort("172.20.0.9", 5432));
        }
    }

    @Test
    void keepsLookingWhereNoProjectIsKnown() throws InterruptedException {
        environment.put("HOSTNAME", "roster-1");
        environment.put("DOCKER_HOST", engine.host());
        try (WorkerDiscovery source = DockerSource.started(environment, Map.of(), nudges::add)) {
            await().until(() -> source.health().error().isPresent());
            assertThat(source.health().error().orElseThrow()).contains("set roster.docker.project");

            engine.inspects(Map.of(
                    "roster-1",
                    "{\"Id\":\"abc\",\"Config\":{\"Hostname\":\"roster-1\",\"Labels\":{\"" + Labels.PROJECT
                            + "\":\"shop\"}}}"));
            nextNudge();
            assertThat(workers(source)).containsExactly(new HostPort("w", 5432));
        }
    }

    private String complaint(Map<String, String> options) {
        Map<String, String> all = new HashMap<>(Map.of("project", "shop"));
        all.putAll(options);
        try (WorkerDiscovery source = DockerSource.started(environment, all, nudges::add)) {
            await().until(() -> source.health().error().isPresent());
            return source.health().error().orElseThrow();
        }
    }

    private WorkerDiscovery source(Map<String, String> options) throws InterruptedException {
        environment.putIfAbsent("DOCKER_HOST", engine.host());
        Map<String, String> all = new HashMap<>(Map.of("project", "shop"));
        all.putAll(options);
        WorkerDiscovery source = DockerSource.started(environment, all, nudges::add);
        nextNudge();
        return source;
    }

    private List<HostPort> workers(WorkerDiscovery source) {
        return source.sighting() instanceof Sighting.Complete seen
                ? seen.workers().stream().map(Worker::address).toList()
                : List.of();
    }

    private String nextNudge() throws InterruptedException {
        String nudge = nudges.poll(20, TimeUnit.SECONDS);
        assertThat(nudge).as("a nudge").isNotNull();
        return nudge;
    }
}
