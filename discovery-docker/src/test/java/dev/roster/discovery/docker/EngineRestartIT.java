package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerHealth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** This source on an engine of its own that is ended, killed, frozen and started again. */
class EngineRestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final BlockingQueue<String> nudges = new LinkedBlockingQueue<>();
    private OwnEngine engine;
    private Optional<WorkerDiscovery> started = Optional.empty();

    @BeforeEach
    void startEngine() throws IOException {
        Optional<String> missing = OwnEngine.missing();
        assumeTrue(missing.isEmpty(), () -> "needs Docker: no engine of its own: " + missing.orElse(""));
        engine = new OwnEngine();
        engine.start();
    }

    @AfterEach
    void stopEngine() {
        started.ifPresent(WorkerDiscovery::close);
        if (OwnEngine.missing().isEmpty()) {
            engine.close();
        }
    }

    @Test
    void anEngineThatRestartsIsLostAndFoundAgain() {
        watch(engine.host());
        engine.docker().worker("worker_1", "--restart", "always");
        awaitHealth(WorkerHealth.READY);

        engine.stop();
        await().atMost(PATIENCE).until(() -> source().sighting() instanceof Sighting.Unavailable);
        assertThat(source().health().isConnected()).isFalse();
        engine.start();

        awaitHealth(WorkerHealth.READY);
    }

    @Test
    void anEngineThatIsKilledIsLostAndFoundAgain() {
        watch(engine.host());
        engine.docker().worker("worker_1", "--restart", "always");
        awaitHealth(WorkerHealth.READY);

        engine.kill();
        await().atMost(PATIENCE)
                .until(() -> source().health().error().orElse("").contains("refuses connections"));
        engine.start();

        awaitHealth(WorkerHealth.READY);
    }

    @Test
    void anEngineThatIsFrozenIsSaidToHangAndFoundAgainWhenItThaws() {
        watch(engine.host());
        engine.docker().worker("worker_1");
        awaitHealth(WorkerHealth.READY);

        engine.freeze();
        await().atMost(PATIENCE)
                .until(() -> source().health().error().orElse("").contains("it hangs or is overloaded"));
        engine.thaw();

        awaitHealth(WorkerHealth.READY);
    }

    @Test
    void aSocketFileMountedBeforeARestartIsSaidToBeStaleAndAsksForARestart() throws IOException {
        Path mounted = Files.createTempFile("roster-mounted", ".sock");
        assumeTrue(
                OwnEngine.execute("mount", "--bind", engine.socket().toString(), mounted.toString()) == 0,
                "needs Docker: this user may not mount");
        try {
            watch("unix://" + mounted);
            await().atMost(PATIENCE).until(() -> source().health().isConnected());

            engine.stop();
            engine.start();

            await().atMost(PATIENCE).until(() -> source().health().restartNeeded());
            assertThat(source().health().error().orElseThrow())
                    .contains("left over from before the Docker engine restarted")
                    .contains("restart this container");
        } finally {
            OwnEngine.execute("umount", mounted.toString());
            Files.delete(mounted);
        }
    }

    private void watch(String host) {
        started = Optional.of(DockerSource.started(
                Map.of(),
                Map.of("host", host, "project", engine.docker().project(), "resync", "1s", "timeout", "2s"),
                nudges::add));
    }

    private WorkerDiscovery source() {
        return started.orElseThrow();
    }

    private void awaitHealth(WorkerHealth health) {
        await("worker " + health)
                .atMost(PATIENCE)
                .until(() -> source().sighting() instanceof Sighting.Complete seen
                        && seen.workers().stream().map(Worker::health).toList().equals(List.of(health)));
    }
}
