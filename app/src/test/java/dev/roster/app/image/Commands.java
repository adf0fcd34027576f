package dev.roster.app.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Runs commands in the source tree, as a person would. */
final class Commands {

    /** The root of the source tree: tests run in the folder of their module. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private final Map<String, String> environment;

    Commands(Map<String, String> environment) {
        this.environment = new TreeMap<>(environment);
    }

    /**
     * How it ended.
     *
     * @param code its exit code
     * @param output what it printed
     * @param errors what it printed as its errors
     */
    record Ended(int code, String output, String errors) {

        /** The output of a command that has to succeed. */
        String succeeded() {
            assertThat(code).as(output + errors).isZero();
            return output;
        }
    }

    /** Runs one to its end. */
    Ended run(Duration atMost, List<String> words) {
        try {
            Path output = Files.createTempFile("roster-command", ".out");
            Path errors = Files.createTempFile("roster-command", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(words)
                        .directory(ROOT.toFile())
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                if (!process.waitFor(atMost.toSeconds(), TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw new IllegalStateException(words + " did not end within " + atMost + ": "
                            + Files.readString(output) + Files.readString(errors));
                }
                return new Ended(process.exitValue(), Files.readString(output), Files.readString(errors));
            } finally {
                Files.deleteIfExists(output);
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + words, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for " + words, e);
        }
    }
}
