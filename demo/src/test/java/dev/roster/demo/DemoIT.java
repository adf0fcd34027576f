package dev.roster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.citus.CitusFlavour;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The demo as {@code ./roster demo} runs it, in a process of its own. */
class DemoIT {

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");

    @TempDir
    private Path folder;

    private Path temporary;

    @BeforeEach
    void makeATemporaryFolder() throws IOException {
        // The servers may run as another user, who has to get in.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        temporary = Files.createDirectory(folder.resolve("temporary"));
    }

    @ParameterizedTest
    @EnumSource(CitusFlavour.class)
    void theHeadlessSceneGoesAsToldAndLeavesNothingBehind(CitusFlavour citus) throws Exception {
        boolean real = citus == CitusFlavour.REAL;
        assumeTrue(
                !real || CitusFlavour.chosen() == CitusFlavour.REAL,
                "needs real Citus: the demo uses it where it is installed");
        Process demo = start(
                real ? List.of("--headless", "--workers", "2") : List.of("--headless", "--workers", "2", "--stand-in"));

        assertThat(ended(demo)).as(output()).isZero();

        assertThat(output())
                .contains(
                        "This is " + (real ? "real Citus" : "the Citus stand-in") + " on ", "All of it went as told.");
        assertThat(foldersLeft()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void endedBySignalItLeavesNoProcessAndNoFolderBehind(String signal) throws Exception {
        Process demo = start(List.of("--workers", "1", "--stand-in"));
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> output().contains("added as group"));
            List<ProcessHandle> servers = demo.descendants().toList();
            assertThat(servers).isNotEmpty();

            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + demo.pid())
                    .start()
                    .waitFor();

            assertThat(ended(demo)).isEqualTo(signal.equals("INT") ? 130 : 143);
            await().atMost(Duration.ofSeconds(30)).until(() -> servers.stream().noneMatch(ProcessHandle::isAlive));
            assertThat(foldersLeft()).isEmpty();
            assertThat(output()).doesNotContain("\tat ");
        } finally {
            demo.destroyForcibly();
        }
    }

    @Test
    void theEndOfItsInputEndsItToo() throws Exception {
        Process demo = start(List.of("--workers", "1", "--stand-in"));
        try (OutputStream keys = demo.getOutputStream()) {
            keys.write("stop 7\nstop 1\nstart 1\nstatus\n".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(ended(demo)).as(output()).isZero();

        assertThat(output()).contains("'7' is no worker; name one of [1]", "worker 1 is stopped", "worker 1 runs");
        assertThat(foldersLeft()).isEmpty();
    }

    @Test
    void aNumberOfWorkersThatCannotBeIsRefusedBeforeAnythingStarts() throws Exception {
        assertThat(ended(start(List.of("--workers", "0")))).isEqualTo(2);
        assertThat(output()).contains("--workers is 0; accepted: 1 to 20");
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-jar",
                JAR.toString()));
        words.addAll(arguments);
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static int ended(Process demo) throws InterruptedException {
        try {
            assertThat(demo.waitFor(10, TimeUnit.MINUTES)).as("ended").isTrue();
        } finally {
            demo.destroyForcibly();
        }
        return demo.exitValue();
    }

    private String output() throws IOException {
        return Files.readString(folder.resolve("output"));
    }

    private List<String> foldersLeft() throws IOException {
        try (Stream<Path> left = Files.list(temporary)) {
            return left.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("roster-pg"))
                    .toList();
        }
    }
}
