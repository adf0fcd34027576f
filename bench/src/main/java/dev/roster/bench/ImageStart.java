package dev.roster.bench;

import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.DockerEngine;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * The JVM image beside a plain {@code java -jar} of the same version: from the start of the process to the first positive
 * answer of its readiness, and its resident memory after some passes and requests. Both in turn, beside the same cluster
 * with two workers. The image has to be there, built with {@code src/main/docker/Dockerfile.jvm}.
 */
final class ImageStart {

    private static final String IMAGE = System.getProperty("bench.image", "roster");
    private static final Path JAR = Path.of("app/target/quarkus-app/quarkus-run.jar");
    private static final int ROUNDS = Integer.getInteger("bench.image.rounds", 5);
    private static final List<String> PATHS = List.of(
            "/q/health/ready",
            "/q/metrics",
            "/api/v1/status",
            "/api/v1/workers",
            "/api/v1/nodes",
            "/api/v1/plan",
            "/api/v1/journal");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofMillis(500)).build();
    private final DockerCluster cluster;

    private ImageStart(DockerCluster cluster) {
        this.cluster = cluster;
    }

    static void measure(PrintStream out) throws Exception {
        Optional<String> missing = DockerEngine.unusable();
        if (missing.isPresent()) {
            out.println("not measured: " + missing.get());
            return;
        }
        if (!Files.exists(JAR)) {
            out.println("not measured: needs " + JAR + "; run ./mvnw package -DskipTests");
            return;
        }
        if (!said("docker", "image", "inspect", "-f", "there", IMAGE).equals("there")) {
            out.println("not measured: needs the image " + IMAGE
                    + "; build it with src/main/docker/Dockerfile.jvm, or name" + " another with -Dbench.image");
            return;
        }
        try (DockerCluster cluster = DockerCluster.create("image").up(2)) {
            ImageStart start = new ImageStart(cluster);
            List<Run> images = new ArrayList<>();
            List<Run> jars = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                images.add(start.image());
                jars.add(start.jar());
            }
            out.printf("%-10s  %-17s  %s%n", "", "", Spread.HEAD);
            row(out, "image", "ready, ms", images, Run::readyMillis);
            row(out, "java -jar", "ready, ms", jars, Run::readyMillis);
            row(out, "image", "resident, MB", images, Run::residentMegabytes);
            row(out, "java -jar", "resident, MB", jars, Run::residentMegabytes);
        }
    }

    private static void row(PrintStream out, String what, String unit, List<Run> runs, ToDoubleFunction<Run> value) {
        out.printf(
                "%-10s  %-17s  %s%n",
                what, unit, Spread.of(runs.stream().map(value::applyAsDouble).toList()));
    }

    private record Run(double readyMillis, double residentMegabytes) {}

    private Run image() throws Exception {
        String name = cluster.project() + "_roster";
        List<String> command = new ArrayList<>(List.of(
                "docker",
                "run",
                "-d",
                "--name",
                name,
                "--network",
                cluster.network(),
                "--label",
                "com.docker.compose.project=" + cluster.project(),
                "--read-only",
                "--tmpfs",
                "/tmp",
                "-v",
                DockerEngine.socket() + ":/var/run/docker.sock"));
        environment(cluster.coordinator().name())
                .forEach((key, value) -> command.addAll(List.of("-e", key + "=" + value)));
        command.add(IMAGE);
        try {
            said(command.toArray(String[]::new));
            String address = said(
                    "docker",
                    "inspect",
                    "-f",
                    "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}} {{.State.StartedAt}}",
                    name);
            Instant started = Instant.parse(address.substring(address.indexOf(' ') + 1));
            URI base = URI.create("http://" + address.substring(0, address.indexOf(' ')) + ":8080");
            double ready = millisUntilReady(base, started);
            use(base);
            return new Run(ready, resident(Long.parseLong(said("docker", "inspect", "-f", "{{.State.Pid}}", name))));
        } finally {
            said("docker", "rm", "-f", "-v", name);
        }
    }

    private Run jar() throws Exception {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", JAR.toString(), "serve");
        builder.environment().putAll(environment(cluster.coordinatorIp()));
        builder.environment().put("ROSTER_DOCKER_HOST", "unix://" + DockerEngine.socket());
        builder.environment().put("QUARKUS_HTTP_HOST", "127.0.0.1");
        builder.environment().put("QUARKUS_HTTP_PORT", Integer.toString(port));
        Path readyFile = Files.createTempDirectory("bench-ready").resolve("ready");
        builder.environment().put("ROSTER_READY_FILE", readyFile.toString());
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Instant started = Instant.now();
        Process process = builder.start();
        try {
            URI base = URI.create("http://127.0.0.1:" + port);
            double ready = millisUntilReady(base, started);
            use(base);
            return new Run(ready, resident(process.pid()));
        } finally {
            process.destroy();
            process.waitFor();
            Files.deleteIfExists(readyFile);
            Files.deleteIfExists(readyFile.getParent());
        }
    }

    private Map<String, String> environment(String coordinator) {
        return new HashMap<>(Map.of(
                "CITUS_HOST", coordinator,
                "ROSTER_COORDINATOR_ADVERTISED", cluster.coordinator().name(),
                "POSTGRES_USER", cluster.credentials().user(),
                "POSTGRES_PASSWORD", cluster.credentials().password(),
                "POSTGRES_DB", cluster.credentials().database(),
                "ROSTER_DOCKER_PROJECT", cluster.project(),
                "ROSTER_PASS_INTERVAL", "1s"));
    }

    private double millisUntilReady(URI base, Instant started) {
        Engines.await("ready", () -> status(base.resolve("/q/health/ready")) == 200);
        return Duration.between(started, Instant.now()).toNanos() / 1e6;
    }

    /** Twenty rounds of what people and probes ask for, over some ten passes. */
    private void use(URI base) throws InterruptedException {
        for (int i = 0; i < 20; i++) {
            PATHS.forEach(path -> status(base.resolve(path)));
            Thread.sleep(500);
        }
    }

    private int status(URI uri) {
        try {
            return client.send(
                            HttpRequest.newBuilder(uri)
                                    .timeout(Duration.ofSeconds(2))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException e) {
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static double resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** The last line that a command printed. */
    private static String said(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> lines = process.inputReader().readAllLines();
        process.waitFor();
        return lines.isEmpty() ? "" : lines.getLast();
    }
}
