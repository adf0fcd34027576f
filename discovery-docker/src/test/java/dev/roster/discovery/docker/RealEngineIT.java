package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerHealth;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** This source on the machine's own Docker engine, with containers that come and go. The regular look is out of reach. */
class RealEngineIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HOST =
            EngineAddress.find(Optional.empty(), System.getenv()).toString();

    private final BlockingQueue<String> nudges = new LinkedBlockingQueue<>();
    private Docker docker;
    private WorkerDiscovery source;

    @TempDir
    Path folder;

    @BeforeAll
    static void needsAnEngine() {
        Optional<String> missing = Docker.missing(HOST);
        assumeTrue(missing.isEmpty(), () -> "needs Docker: no engine: " + missing.orElse(""));
    }

    @BeforeEach
    void watch() {
        docker = new Docker(
                HOST,
                "rosterdd"
                        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt()));
        source =
                DockerSource.started(System.getenv(), Map.of("project", docker.project(), "resync", "1h"), nudges::add);
        await().atMost(PATIENCE).until(() -> source.health().isConnected());
    }

    @AfterEach
    void cleanUp() {
        source.close();
        docker.close();
    }

    @Test
    void aWorkerIsReadyOnceItsHealthCheckPasses() {
        docker.worker("worker_1");

        awaitHealth("worker_1", WorkerHealth.READY);
        assertThat(nudges).anyMatch(reason -> reason.contains(docker.name("worker_1")));
    }

    @Test
    void aWorkerWithoutAHealthCheckIsReadyWhenItRuns() {
        docker.container("plain", "--label", "com.citusdata.role=wORKER");

        awaitHealth("plain", WorkerHealth.READY);
    }

    @Test
    void aHealthCheckThatFailsIsUnhealthy() {
        docker.worker("worker_1");
        awaitHealth("worker_1", WorkerHealth.READY);

        docker.run("exec", docker.name("worker_1"), "rm", "/tmp/healthy");
        awaitHealth("worker_1", WorkerHealth.UNHEALTHY);

        docker.run("exec", docker.name("worker_1"), "touch", "/tmp/healthy");
        awaitHealth("worker_1", WorkerHealth.READY);
    }

    @Test
    void stopStartRestartPauseAndUnpauseAreFollowed() {
        docker.worker("worker_1");
        awaitHealth("worker_1", WorkerHealth.READY);

        docker.run("stop", docker.name("worker_1"));
        awaitHealth("worker_1", WorkerHealth.STOPPED);
        docker.run("start", docker.name("worker_1"));
        awaitHealth("worker_1", WorkerHealth.READY);
        docker.run("pause", docker.name("worker_1"));
        awaitHealth("worker_1", WorkerHealth.PAUSED);
        docker.run("unpause", docker.name("worker_1"));
        awaitHealth("worker_1", WorkerHealth.READY);
        nudges.clear();
        docker.run("restart", docker.name("worker_1"));
        await().atMost(PATIENCE).until(() -> !nudges.isEmpty());
        awaitHealth("worker_1", WorkerHealth.READY);
    }

    @Test
    void aKilledWorkerThatItsEngineRestartsIsToldOf() {
        docker.worker("worker_1", "--restart", "always");
        awaitHealth("worker_1", WorkerHealth.READY);
        nudges.clear();

        docker.run("exec", docker.name("worker_1"), "sh", "-c", "kill -9 -1 || true");
        docker.run("kill", docker.name("worker_1"));

        await().atMost(PATIENCE).until(() -> !nudges.isEmpty());
    }

    @Test
    void aRenamedWorkerIsSightedUnderItsNewNameAlone() {
        docker.worker("worker_1");
        awaitHealth("worker_1", WorkerHealth.READY);

        docker.run("rename", docker.name("worker_1"), docker.name("My_Worker.A-1"));

        awaitWorkers("My_Worker.A-1");
    }

    @Test
    void aRecreatedWorkerIsNeverAbsentAndItsGhostNeverAWorker() {
        String old = docker.worker("worker_1");
        awaitHealth("worker_1", WorkerHealth.READY);

        docker.run("stop", docker.name("worker_1"));
        docker.run("rename", docker.name("worker_1"), old.substring(0, 12) + "_" + docker.name("worker_1"));
        await().atMost(PATIENCE)
                .until(() -> seen().workers().isEmpty()
                        && seen().alsoPresent().contains(new HostPort(docker.name("worker_1"), 5432)));
        String replacement = docker.worker("worker_1");
        docker.run("rm", old);

        awaitHealth("worker_1", WorkerHealth.READY);
        assertThat(replacement).isNotEqualTo(old);
        awaitWorkers("worker_1");
    }

    @Test
    void aRemovedWorkerIsAbsent() {
        docker.worker("worker_1");
        docker.worker("worker_2");
        awaitHealth("worker_1", WorkerHealth.READY);

        docker.run("rm", "-f", docker.name("worker_1"));

        awaitWorkers("worker_2");
        assertThat(seen().alsoPresent()).isEmpty();
        assertThat(seen().absenceIsProof()).isTrue();
    }

    @Test
    void aOneOffContainerIsNoWorker() {
        docker.worker("worker_run_1", "--label", "com.docker.compose.oneoff=True");
        docker.worker("worker_1");

        awaitHealth("worker_1", WorkerHealth.READY);
        awaitWorkers("worker_1");
    }

    @Test
    void anotherProjectIsNotSeen() {
        try (Docker other = new Docker(HOST, docker.project() + "x")) {
            other.worker("worker_1");
            docker.worker("worker_2");

            awaitHealth("worker_2", WorkerHealth.READY);
            awaitWorkers("worker_2");
        }
    }

    @Test
    void eightWorkersAtOnceAreAllSighted() {
        IntStream.rangeClosed(1, 8).parallel().forEach(i -> docker.worker("worker_" + i));

        await().atMost(PATIENCE)
                .until(() -> seen().workers().size() == 8
                        && seen().workers().stream().allMatch(worker -> worker.health() == WorkerHealth.READY));
    }

    @Test
    void theHostNameOfAContainerMayBeRegistered() {
        docker.worker("worker_1", "--hostname", "db-one");
        try (WorkerDiscovery byHostname = DockerSource.started(
                System.getenv(), Map.of("project", docker.project(), "node-name", "hostname"), reason -> {})) {
            await().atMost(PATIENCE)
                    .until(() -> byHostname.sighting() instanceof Sighting.Complete complete
                            && complete.workers().stream()
                                    .anyMatch(worker -> worker.address().equals(new HostPort("db-one", 5432))));
        }
    }

    @Test
    void theOwnContainerIsFoundWhateverItsHostNameIs() throws Exception {
        for (List<String> options : List.of(
                List.of("--network=bridge"),
                List.of("--network=bridge", "--hostname", "any-text"),
                List.of("--network=host"),
                List.of("--network=bridge", "--env", "HOSTNAME=wrong"))) {
            String id = docker.container("roster", options.toArray(String[]::new));

            assertThat(projectOf("roster")).as("with %s", options).isEqualTo(docker.project());
            docker.run("rm", "-f", id);
        }
    }

    @Test
    void theOwnContainerIsFoundInTheNetworkOfAnother() throws Exception {
        try (Docker other = new Docker(HOST, docker.project() + "net")) {
            other.container("vpn", "--network=bridge");
            docker.container("roster", "--network=container:" + other.name("vpn"));

            assertThat(projectOf("roster")).isIn(docker.project(), other.project());
            if (!docker.run("exec", docker.name("roster"), "cat", "/proc/self/cgroup")
                    .endsWith(":/")) {
                assertThat(projectOf("roster")).isEqualTo(docker.project());
            }
        }
    }

    /** What Roster would find out inside that container, from the files it would see there. */
    private String projectOf(String name) throws Exception {
        for (String file : List.of("mountinfo", "cgroup")) {
            Files.writeString(
                    folder.resolve(file), docker.run("exec", docker.name(name), "cat", "/proc/self/" + file) + "\n");
        }
        String hostname = docker.run("exec", docker.name(name), "/bin/sh", "-c", "echo $HOSTNAME");
        try (EngineClient client = EngineClient.of(
                EngineAddress.find(Optional.of(HOST), Map.of()), Duration.ofSeconds(20), Optional.empty())) {
            return new OwnContainer(folder, Map.of("HOSTNAME", hostname)).project(client);
        }
    }

    private Sighting.Complete seen() {
        assertThat(source.sighting()).isInstanceOf(Sighting.Complete.class);
        return (Sighting.Complete) source.sighting();
    }

    private void awaitHealth(String name, WorkerHealth health) {
        await(name + " " + health)
                .atMost(PATIENCE)
                .until(() -> seen().workers().stream()
                        .anyMatch(worker -> worker.name().equals(docker.name(name)) && worker.health() == health));
    }

    private void awaitWorkers(String... names) {
        List<String> wanted = List.of(names).stream().map(docker::name).toList();
        await("workers " + wanted)
                .atMost(PATIENCE)
                .until(() ->
                        seen().workers().stream().map(Worker::name).toList().equals(wanted));
    }
}
