package dev.roster.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as {@code ./roster demo} runs it, in a process of its own. */
class DemoIT {

    private static final Path JAR = Path.of("target/quarkus-app/quarkus-run.jar");

    @TempDir
    private Path folder;

    @Test
    void theHeadlessSceneGoesAsToldAndLeavesNothingBehind() throws IOException, InterruptedException {
        // The servers may run as another user, who has to get in.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));

        String output = run(0, "-Djava.io.tmpdir=" + temporary, "--headless", "--workers", "2");

        assertThat(output)
                .containsPattern("This is (real Citus|the Citus stand-in) on ")
                .contains("All of it went as told.");
        try (Stream<Path> left = Files.list(temporary)) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> name.startsWith("roster-pg")))
                    .isEmpty();
        }
    }

    @Test
    void aNumberOfWorkersThatCannotBeIsRefusedBeforeAnythingStarts() throws IOException, InterruptedException {
        assertThat(run(2, "-Dx=y", "--workers", "0")).contains("--workers is 0; accepted: 1 to 20");
    }

    private String run(int code, String property, String... arguments) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), property));
        words.addAll(List.of("-jar", JAR.toString()));
        words.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process demo = new ProcessBuilder(words)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(demo.waitFor(10, TimeUnit.MINUTES)).as("ended").isTrue();
        } finally {
            demo.destroyForcibly();
        }
        String text = Files.readString(output);
        assertThat(demo.exitValue()).as(text).isEqualTo(code);
        return text;
    }
}
