package dev.roster.testkit.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The packaged application as the manager of the official compose file: in a container of the project with the engine's
 * socket and the {@code /healthcheck} volume mounted, on this machine's JDK. Not thread-safe.
 */
public final class Manager implements AutoCloseable {

    private static final String JDK = "/opt/jdk";
    private static final String APPLICATION = "/opt/roster";

    private final String name;
    private final Path healthcheck;

    private Manager(String name, Path healthcheck) {
        this.name = name;
        this.healthcheck = healthcheck;
    }

    /**
     * Creates it without starting it.
     *
     * @param cluster its project
     * @param application the folder of {@code quarkus-run.jar}
     * @param hostname an explicit {@code hostname:}; blank: the engine's default
     * @param variables beside those of the official compose file
     */
    public static Manager create(
            DockerCluster cluster, Path application, String hostname, Map<String, String> variables) {
        Manager manager = new Manager(cluster.project() + "_manager", temporaryFolder());
        Credentials credentials = cluster.credentials();
        Map<String, String> environment = new HashMap<>(Map.of(
                "CITUS_HOST", "master",
                "POSTGRES_USER", credentials.user(),
                "POSTGRES_PASSWORD", credentials.password(),
                "POSTGRES_DB", credentials.database()));
        environment.putAll(variables);
        List<String> lines = new ArrayList<>(List.of("PATH=" + JDK + "/bin:/usr/bin", "LC_ALL=C.UTF-8"));
        environment.forEach((key, value) -> lines.add(key + "=" + value));
        Map<String, String> labels = new HashMap<>(cluster.labels("Manager", "manager", 1));
        labels.remove(DockerCluster.ROLE);
        labels.putAll(Leftovers.labels(cluster.project()));
        CreateContainerCmd create = docker().createContainerCmd(NearEmptyImage.name())
                .withName(manager.name)
                .withLabels(labels)
                .withEnv(lines)
                .withEntrypoint(
                        JDK + "/bin/java",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-jar",
                        APPLICATION + "/quarkus-run.jar")
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode(cluster.network())
                        .withBinds(
                                readOnly(Path.of("/usr"), "/usr"),
                                readOnly(Path.of(System.getProperty("java.home")), JDK),
                                readOnly(application.toAbsolutePath(), APPLICATION),
                                new Bind(DockerEngine.socket().toString(), new Volume("/var/run/docker.sock")),
                                new Bind(manager.healthcheck.toString(), new Volume("/healthcheck"))));
        if (!hostname.isBlank()) {
            create.withHostName(hostname);
        }
        create.exec();
        return manager;
    }

    /** Starts it. */
    public Manager start() {
        docker().startContainerCmd(name).exec();
        return this;
    }

    /** Waits until the file exists for which the official compose file's workers wait. */
    public Manager awaitReady() {
        Waiting.until("the ready file of " + name, Duration.ofSeconds(90), () -> {
            if (!isRunning()) {
                throw new IllegalStateException("the manager ended:\n" + logs());
            }
            return hasReadyFile();
        });
        return this;
    }

    /** Whether that file exists now. */
    public boolean hasReadyFile() {
        return Files.exists(healthcheck.resolve("manager-ready"));
    }

    /** Kills it without warning. */
    public Manager kill() {
        docker().killContainerCmd(name).exec();
        return this;
    }

    /** Sends SIGTERM and waits for its end; the engine kills it after five seconds. Returns its exit code. */
    public long terminate() {
        docker().stopContainerCmd(name).withTimeout(5).exec();
        Long code = state().getExitCodeLong();
        return code == null ? -1 : code;
    }

    /** Whether its process runs. */
    public boolean isRunning() {
        return Boolean.TRUE.equals(state().getRunning());
    }

    /** All it printed since it was created. */
    public String logs() {
        return Logs.of(name);
    }

    /** Deletes its {@code /healthcheck}; the container goes with its project. */
    @Override
    public void close() {
        docker().removeContainerCmd(name).withForce(true).exec();
        try (Stream<Path> files = Files.walk(healthcheck)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InspectContainerResponse.ContainerState state() {
        return docker().inspectContainerCmd(name).exec().getState();
    }

    private static Path temporaryFolder() {
        try {
            return Files.createTempDirectory("rt-healthcheck");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Bind readOnly(Path from, String to) {
        return new Bind(from.toString(), new Volume(to), AccessMode.ro);
    }

    private static DockerClient docker() {
        return DockerEngine.client();
    }
}
