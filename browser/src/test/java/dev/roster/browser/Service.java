package dev.roster.browser;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.ports.FreePort;
import dev.roster.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The packaged service as a process of its own, which can be ended and started again at the same address. */
final class Service implements AutoCloseable {

    /** What the tests' services take orders with. */
    static final String TOKEN = "open-sesame";

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    private static final Path JAR =
            Path.of("../app/target/quarkus-app/quarkus-run.jar").toAbsolutePath();

    private final Path folder;
    private final List<String> prefix;
    private final Map<String, String> environment;
    private final int port;
    private @Nullable Process process;

    private Service(List<String> prefix, Path folder, Map<String, String> environment, int port) {
        this.prefix = prefix;
        this.folder = folder;
        this.environment = environment;
        this.port = port;
    }

    /** Starts it with these settings beside those that every service needs. */
    static Service start(Path folder, Map<String, String> settings) {
        return startInside(List.of(), folder, settings);
    }

    /** The same with these words before its command; the process they make must become the command. */
    static Service startInside(List<String> prefix, Path folder, Map<String, String> settings) {
        Service service = new Service(prefix, folder, settings, FreePort.onLoopback());
        service.start();
        return service;
    }

    /** The settings with which it finds these workers of the cluster in a list. */
    static Map<String, String> settingsFor(PostgresServer coordinator, List<String> workers) {
        String address = address(coordinator);
        Map<String, String> settings = new HashMap<>();
        settings.put("CITUS_HOST", address);
        settings.put("POSTGRES_USER", coordinator.user());
        settings.put("POSTGRES_DB", "postgres");
        settings.put("ROSTER_COORDINATOR_ADVERTISED", address);
        settings.put("ROSTER_DISCOVERY", "static");
        settings.put("ROSTER_STATIC_WORKERS", String.join(",", workers));
        settings.put("ROSTER_PASS_INTERVAL", "1s");
        settings.put("ROSTER_API_TOKEN", TOKEN);
        return settings;
    }

    static Map<String, String> settingsFor(CitusCluster cluster) {
        return settingsFor(
                cluster.coordinator(),
                cluster.workers().stream().map(Service::address).collect(Collectors.toList()));
    }

    static String address(PostgresServer server) {
        return server.host() + ":" + server.port();
    }

    String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    void start() {
        try {
            List<String> words = new ArrayList<>(prefix);
            words.addAll(List.of(
                    ProcessHandle.current().info().command().orElse("java"),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xmx192m",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-jar",
                    JAR.toString()));
            ProcessBuilder builder = new ProcessBuilder(words)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve("service.txt").toFile()));
            builder.environment().clear();
            builder.environment()
                    .putAll(Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", Integer.toString(port)));
            builder.environment()
                    .put("ROSTER_READY_FILE", folder.resolve("ready").toString());
            builder.environment().putAll(environment);
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Awaitility.await("the service answers: " + folder.resolve("service.txt"))
                .atMost(Duration.ofMinutes(2))
                .until(() -> get("q/health/live").contains("UP"));
    }

    /** Waits until so many workers are members. */
    void awaitMembers(int members) {
        Awaitility.await(members + " members")
                .atMost(Duration.ofMinutes(2))
                .until(() -> get("q/metrics")
                        .contains("roster_workers{state=\"member\",weight=\"calm\"} " + members + ".0"));
    }

    /** The answer to a GET; empty text while nobody answers. */
    String get(String path) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url() + path))
                                    .timeout(LONGEST_ANSWER)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    String output() {
        try {
            return Files.readString(folder.resolve("service.txt"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it as a power cut would. */
    void stop() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
