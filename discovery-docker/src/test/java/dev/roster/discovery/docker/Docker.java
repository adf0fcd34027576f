package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A real engine by the {@code docker} command, with containers that need no registry: a root of a few links, into which the
 * machine's own {@code /usr} is mounted. Everything made carries a prefix of its own and is removed at the end.
 */
final class Docker implements AutoCloseable {

    private static final String IMAGE = "roster-discovery-docker:links";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String host;
    private final String prefix;

    Docker(String host, String prefix) {
        this.host = host;
        this.prefix = prefix;
    }

    /** Why no engine can be used here; empty if one answers. */
    static Optional<String> missing(String host) {
        try {
            Process process = new ProcessBuilder("docker", "-H", host, "version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of("docker -H " + host + " version does not end");
            }
            return process.exitValue() == 0 ? Optional.empty() : Optional.of(said.strip());
        } catch (IOException e) {
            return Optional.of("the docker command cannot be run: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    String host() {
        return host;
    }

    /** The compose project whose labels its containers carry. */
    String project() {
        return prefix;
    }

    String name(String name) {
        return prefix + "_" + name;
    }

    /** Makes and starts a worker that is healthy while its file {@code /tmp/healthy} exists, as it does from the start. */
    String worker(String name, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--label",
                Labels.ROLE + "=Worker",
                "--health-cmd",
                "test -e /tmp/healthy",
                "--health-interval",
                "300ms",
                "--health-retries",
                "1"));
        options.addAll(List.of(more));
        return container(name, options.toArray(String[]::new));
    }

    /** Makes and starts a container of the project; answers with its id. */
    String container(String name, String... options) {
        ensureImage();
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "-d",
                "--name",
                name(name),
                "--label",
                Labels.PROJECT + "=" + prefix,
                "-v",
                "/usr:/usr:ro",
                "--tmpfs",
                "/tmp",
                "--stop-timeout",
                "1"));
        if (List.of(options).stream().noneMatch(option -> option.startsWith("--network"))) {
            arguments.addAll(List.of("--network", "none"));
        }
        arguments.addAll(List.of(options));
        arguments.addAll(List.of(IMAGE, "/bin/sh", "-c", "touch /tmp/healthy; while :; do sleep 1; done"));
        return run(arguments.toArray(String[]::new));
    }

    /** Runs a command of the engine; its output without the last newline. */
    String run(String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker", "-H", host));
        command.addAll(List.of(arguments));
        return execute(command);
    }

    void awaitHealthy(String name) {
        await("health of " + name)
                .atMost(PATIENCE)
                .until(() -> run("inspect", "-f", "{{.State.Health.Status}}", name(name))
                        .equals("healthy"));
    }

    private void ensureImage() {
        if (!run("images", "-q", IMAGE).isEmpty()) {
            return;
        }
        try {
            Path root = Files.createTempDirectory("roster-links");
            for (String folder : List.of("usr", "etc", "tmp", "proc", "dev", "sys")) {
                Files.createDirectory(root.resolve(folder));
            }
            for (String folder : List.of("bin", "sbin", "lib", "lib64")) {
                Files.createSymbolicLink(root.resolve(folder), Path.of("usr/" + folder));
            }
            Path tar = Files.createTempFile("roster-links", ".tar");
            execute(List.of("tar", "-C", root.toString(), "-cf", tar.toString(), "."));
            run("import", tar.toString(), IMAGE);
            Files.delete(tar);
            execute(List.of("rm", "-r", root.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String execute(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as("%s: %s", command, err).isZero();
            return out.strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Removes every container of the project. */
    @Override
    public void close() {
        String ids = run("ps", "-aq", "--filter", "label=" + Labels.PROJECT + "=" + prefix);
        if (!ids.isEmpty()) {
            List<String> arguments = new ArrayList<>(List.of("rm", "-f"));
            ids.lines().forEach(arguments::add);
            run(arguments.toArray(String[]::new));
        }
    }
}
