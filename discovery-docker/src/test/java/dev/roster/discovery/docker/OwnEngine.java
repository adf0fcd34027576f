package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A second Docker engine beside the machine's own, with its own folders, socket, mounts and, above all, network
 * namespace: without that it would take down the bridge of the first.
 */
final class OwnEngine implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Docker docker;
    private Optional<Process> process = Optional.empty();

    OwnEngine() {
        try {
            folder = Files.createTempDirectory("roster-engine");
            Files.createDirectory(folder.resolve("run"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        docker = new Docker(host(), "rosterown");
    }

    /** Why none can be started here; empty if it can. */
    static Optional<String> missing() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return Optional.of("starting dockerd needs root");
        }
        for (String command : List.of("dockerd", "unshare", "docker")) {
            if (Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                    .noneMatch(folder -> Files.isExecutable(Path.of(folder, command)))) {
                return Optional.of(command + " is not installed");
            }
        }
        return Optional.empty();
    }

    /** Runs a command to its end. */
    static int execute(String... command) {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Docker docker() {
        return docker;
    }

    Path socket() {
        return folder.resolve("run/docker.sock");
    }

    String host() {
        return "unix://" + socket();
    }

    void start() {
        List<String> command = new ArrayList<>(List.of("unshare", "--net", "--mount", "dockerd"));
        command.addAll(List.of("--bridge", "none", "--iptables=false", "--storage-driver", "vfs"));
        command.addAll(List.of("--data-root", folder.resolve("data").toString()));
        command.addAll(List.of("--exec-root", folder.resolve("exec").toString()));
        command.addAll(List.of("--pidfile", folder.resolve("pid").toString()));
        command.addAll(List.of("-H", host()));
        try {
            process = Optional.of(new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("log").toFile()))
                    .start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await("engine of its own")
                .atMost(PATIENCE)
                .until(() -> Docker.missing(host()).isEmpty());
    }

    /** Ends it as a service manager does. */
    void stop() {
        Process running = process.orElseThrow();
        running.destroy();
        awaitEnd(running);
    }

    /** Kills it; its socket file stays. */
    void kill() {
        Process running = process.orElseThrow();
        running.destroyForcibly();
        awaitEnd(running);
        try {
            // Its containerd died with it; where nobody reaps processes, the next engine would wait for that one.
            Files.deleteIfExists(folder.resolve("exec/containerd/containerd.pid"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes it accept connections, as the kernel does for it, and answer nothing. */
    void freeze() {
        assertThat(execute("kill", "-STOP", Long.toString(process.orElseThrow().pid())))
                .isZero();
    }

    void thaw() {
        assertThat(execute("kill", "-CONT", Long.toString(process.orElseThrow().pid())))
                .isZero();
    }

    @Override
    public void close() {
        if (process.filter(Process::isAlive).isEmpty()) {
            start();
        }
        thaw();
        docker.close();
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void awaitEnd(Process running) {
        try {
            assertThat(running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
