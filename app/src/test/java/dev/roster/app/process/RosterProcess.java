package dev.roster.app.process;

import static org.awaitility.Awaitility.await;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.ports.FreePort;
import dev.roster.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.core.ConditionFactory;

/** The packaged application as a process of its own, with nothing of the tests' environment. */
final class RosterProcess implements AutoCloseable {

    private static final Path JAR =
            Path.of("target/quarkus-app/quarkus-run.jar").toAbsolutePath();

    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

    private final Process process;
    private final Path output;
    private final int port;

    private RosterProcess(Process process, Path output, int port) {
        this.process = process;
        this.output = output;
        this.port = port;
    }

    /** Starts it in a folder of its own with this environment. */
    static RosterProcess start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return startInside(List.of(), folder, environment, arguments);
    }

    /** The same with these words before its command; the process they make must become the command. */
    static RosterProcess startInside(
            List<String> prefix, Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return start(prefix, FreePort.onLoopback(), folder, environment, arguments);
    }

    /** The same with a port that another had before. */
    static RosterProcess startAt(int port, Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        return start(List.of(), port, folder, environment, arguments);
    }

    /** The words that run the application. */
    static List<String> command() {
        return List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "--sun-misc-unsafe-memory-access=allow",
                "-jar",
                JAR.toString());
    }

    private static RosterProcess start(
            List<String> prefix, int port, Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        Path output = Files.createTempFile(folder, "output-", ".txt");
        List<String> words = new ArrayList<>(prefix);
        words.addAll(command());
        words.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment()
                .putAll(Map.of("QUARKUS_HTTP_HOST", "127.0.0.1", "QUARKUS_HTTP_PORT", Integer.toString(port)));
        builder.environment().putAll(environment);
        return new RosterProcess(builder.start(), output, port);
    }

    /** The settings with which it finds this cluster's workers in a list. */
    static Map<String, String> settingsOf(CitusCluster cluster, Path readyFile) {
        PostgresServer coordinator = cluster.coordinator();
        String address = coordinator.host() + ":" + coordinator.port();
        Map<String, String> settings = new HashMap<>();
        settings.put("CITUS_HOST", address);
        settings.put("POSTGRES_USER", coordinator.user());
        settings.put("POSTGRES_DB", "postgres");
        settings.put("ROSTER_COORDINATOR_ADVERTISED", address);
        settings.put("ROSTER_DISCOVERY", "static");
        settings.put(
                "ROSTER_STATIC_WORKERS",
                cluster.workers().stream()
                        .map(worker -> worker.host() + ":" + worker.port())
                        .collect(Collectors.joining(",")));
        settings.put("ROSTER_PASS_INTERVAL", "1s");
        settings.put("ROSTER_READY_FILE", readyFile.toString());
        return settings;
    }

    /** The answer to a GET; empty text while nobody answers. */
    String get(String path) throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(server() + path))
                                    .timeout(LONGEST_ANSWER)
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    int port() {
        return port;
    }

    /** The answer to a request with this JSON body, and with this token if it is not empty. */
    HttpResponse<String> send(String method, String path, String body, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server() + path))
                .timeout(LONGEST_ANSWER)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    String server() {
        return "http://127.0.0.1:" + port;
    }

    String output() throws IOException {
        return Files.readString(output);
    }

    /** Waits until it says of itself that it can do its work. */
    void awaitReady() {
        eventually().until(() -> get("/q/health/ready").contains("\"status\": \"UP\""));
    }

    /** Waits until so many workers are members. */
    void awaitMembers(int members) {
        eventually()
                .until(() -> isAlive()
                        && get("/q/metrics")
                                .contains("roster_workers{state=\"member\",weight=\"calm\"} " + members + ".0"));
    }

    /** The patience of these tests. */
    static ConditionFactory eventually() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(200));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end, as a container engine does, and waits for its exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        return exitCode();
    }

    /** Ends it as a power cut would. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        exitCode();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("it does not end");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
