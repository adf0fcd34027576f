package dev.roster.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.citus.CitusFlavour;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private static final Pattern LINK =
            Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/(?:demo/)?#token=([0-9a-f]{32})");

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
                        "This is " + (real ? "real Citus" : "the Citus stand-in") + " on ",
                        "Roster: worker-1: Drain (ordered by demo, ",
                        " moves done (job ",
                        real ? "Before: 100,000 rows. After: 100,000 rows." : "Before: no rows",
                        "Stranded: absent since ",
                        "All of it went as told.");
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
    void buttonsNeedTheTokenThatOnlyTheLinksTell() throws Exception {
        Process demo = start(
                List.of("--workers", "1", "--stand-in", "--no-scene"),
                Map.of("ROSTER_API_TOKEN", "of-the-person", "ROSTER_API_TOKEN_FILE", "/nowhere"));
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> output().contains("added as group"));
            Matcher link = LINK.matcher(output());
            assertThat(link.find()).isTrue();
            String url = link.group(1);
            String token = link.group(2);

            assertThat(get(url + "/demo/")).contains("demo.js").doesNotContain(token);
            assertThat(get(url + "/demo/demo.js")).contains("stage/workers");
            assertThat(post(url + "/demo/stage/workers/1/stop", "")).isEqualTo(401);
            assertThat(post(url + "/demo/stage/workers/1/stop", "of-the-person"))
                    .isEqualTo(401);
            assertThat(get(url + "/demo/stage")).contains("\"state\":\"ready\"");
            assertThat(post(url + "/demo/stage/workers/1/stop", token)).isEqualTo(200);
            assertThat(get(url + "/demo/stage")).contains("\"state\":\"stopped\"", "worker 1 is stopped");
            assertThat(post(url + "/demo/stage/workers/1/start", token)).isEqualTo(200);
            assertThat(post(url + "/demo/stage/workers", token)).isEqualTo(200);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> get(url + "/api/v1/status").contains("\"nodes\":2"));
            assertThat(post(url + "/demo/stage/workers/worker-2/wipe", token)).isEqualTo(200);
            assertThat(post(url + "/demo/stage/workers/2/remove", token)).isEqualTo(200);
            assertThat(get(url + "/demo/stage")).contains("\"state\":\"gone\"");
            assertThat(post(url + "/demo/stage/workers/3/stop", token)).isEqualTo(404);
            assertThat(post(url + "/demo/stage/workers/1/burn", token)).isEqualTo(404);
            assertThat(post(url + "/api/v1/reconcile", token)).isEqualTo(202);
            // In the links and nowhere else.
            assertThat(output().lines().filter(line -> line.contains(token)))
                    .isNotEmpty()
                    .allMatch(line -> LINK.matcher(line).find());
        } finally {
            demo.destroy();
            ended(demo);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> foldersLeft().isEmpty());
    }

    @Test
    void theBrowserIsGivenTheLinkInAFileThatOnlyItsUserCanRead() throws Exception {
        Path programs = Files.createDirectory(folder.resolve("programs"));
        Path asked = folder.resolve("asked");
        Path opener = Files.writeString(programs.resolve("xdg-open"), """
                #!/bin/sh
                page=${1#file://}
                { echo "$1"; ls -l "$page"; cat "$page"; } >%s.draft
                mv %s.draft %s
                """.formatted(asked, asked, asked));
        Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process demo = start(
                List.of("--workers", "1", "--stand-in", "--no-scene"),
                Map.of("DISPLAY", ":0", "PATH", programs + ":" + System.getenv("PATH")));
        try {
            await().atMost(Duration.ofMinutes(2)).until(() -> Files.exists(asked));
            Matcher link = LINK.matcher(output());
            assertThat(link.find()).isTrue();

            List<String> lines = Files.readAllLines(asked);
            assertThat(lines.get(0)).startsWith("file:///").doesNotContain(link.group(2));
            assertThat(lines.get(1)).startsWith("-rw-------");
            assertThat(String.join("", lines)).contains("url=" + link.group());
        } finally {
            demo.destroy();
            ended(demo);
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> foldersLeft().isEmpty());
    }

    @Test
    void aNumberOfWorkersThatCannotBeIsRefusedBeforeAnythingStarts() throws Exception {
        assertThat(ended(start(List.of("--workers", "0")))).isEqualTo(2);
        assertThat(output()).contains("--workers is 0; accepted: 1 to 20");
    }

    @Test
    void aPortThatIsTakenIsSaidBeforeAnythingStarts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(ended(start(List.of("--port", Integer.toString(taken.getLocalPort())))))
                    .isEqualTo(2);
            assertThat(output().lines())
                    .containsExactly(
                            "Port " + taken.getLocalPort() + " is taken; name another one, or leave --port out");
        }
    }

    private Process start(List<String> arguments) throws IOException {
        return start(arguments, Map.of());
    }

    private Process start(List<String> arguments, Map<String, String> environment) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-jar",
                JAR.toString()));
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        // A test opens no browser on the screen of whoever runs it.
        builder.environment().keySet().removeAll(Set.of("DISPLAY", "WAYLAND_DISPLAY"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static String get(String url) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    private static int post(String url, String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{}"));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .statusCode();
        }
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
                    .filter(name -> name.startsWith("roster-pg") || name.startsWith("roster-demo"))
                    .toList();
        }
    }
}
