package dev.roster.testkit.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.core.DefaultDockerClientConfig;
import com.github.dockerjava.core.DockerClientConfig;
import com.github.dockerjava.core.DockerClientImpl;
import com.github.dockerjava.httpclient5.ApacheDockerHttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The Docker engine of this machine, found as the {@code docker} command finds it ({@code DOCKER_HOST} or the usual socket).
 * It must be on this machine, since containers mount its {@code /usr}. Thread-safe.
 */
public final class DockerEngine {

    private static final DockerClientConfig CONFIG =
            DefaultDockerClientConfig.createDefaultConfigBuilder().build();

    private DockerEngine() {}

    /** Why containers cannot be used here, as words that begin with {@code needs}; empty if they can. Asked once for each JVM. */
    public static Optional<String> unusable() {
        return Answer.REASON;
    }

    /** The engine's socket, for a proxy in front of it and for mounting it into a container. */
    public static Path socket() {
        return Path.of(CONFIG.getDockerHost().getPath());
    }

    /** A client on the engine itself, never through a proxy; one for each JVM. */
    static DockerClient client() {
        return Connection.CLIENT;
    }

    private static Optional<String> ask() {
        if (!"unix".equals(CONFIG.getDockerHost().getScheme())) {
            return Optional.of("needs Docker: the engine is at " + CONFIG.getDockerHost()
                    + "; the containers need one on this machine, by its Unix socket");
        }
        if (!Files.exists(socket())) {
            return Optional.of("needs Docker: " + socket() + " does not exist");
        }
        if (!Files.isReadable(socket()) || !Files.isWritable(socket())) {
            return Optional.of("needs Docker: no access to " + socket() + ": run as root or in its group");
        }
        // The client ignores its own timeouts on Unix sockets, so the wait is bounded here.
        CompletableFuture<Void> ping =
                CompletableFuture.runAsync(() -> client().pingCmd().exec());
        try {
            ping.get(10, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return Optional.of("needs Docker: the engine at " + socket() + " refuses: " + e.getCause());
        } catch (TimeoutException e) {
            return Optional.of("needs Docker: the engine at " + socket() + " does not answer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("needs Docker: interrupted while asking the engine");
        }
        return HostPostgres.missing();
    }

    private static final class Answer {
        static final Optional<String> REASON = ask();
    }

    private static final class Connection {
        static final DockerClient CLIENT = DockerClientImpl.getInstance(
                CONFIG,
                new ApacheDockerHttpClient.Builder()
                        .dockerHost(CONFIG.getDockerHost())
                        .maxConnections(50)
                        .build());
    }
}
