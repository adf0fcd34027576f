package dev.roster.app.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.docker.ComposeOverride;
import dev.roster.testkit.docker.RequiresDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * The image that {@code Dockerfile.jvm} makes, in the manager's place of the official compose file, with a read-only root file
 * system. PostgreSQL and the base images come from this machine; nothing else is changed. One project for all: the image
 * takes minutes.
 */
@RequiresDocker
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OfficialComposeIT {

    /** The exit code of a process that SIGTERM ended. */
    private static final int TERMINATED = 128 + 15;

    private static final String PASSWORD = "it's a \"s3cret\" word";

    private static final String PROJECT =
            "rtimage%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24));
    private static final String IMAGE = "roster-test/" + PROJECT;
    private static final String MANAGER = PROJECT + "_manager";
    private static final String FIRST = PROJECT + "_worker_1 true";
    private static final String SECOND = PROJECT + "_worker_2 true";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final ComposeOverride OVERRIDE = new ComposeOverride(PROJECT, """
            image: "%s"
            read_only: true
            """.formatted(IMAGE));

    private static final Commands COMMANDS = new Commands(Map.of(
            "COMPOSE_PROJECT_NAME", PROJECT,
            "POSTGRES_PASSWORD", PASSWORD,
            // Any free port of loopback in the place of the fixed one.
            "COORDINATOR_EXTERNAL_PORT", "127.0.0.1:"));

    @TempDir
    private static Path folder;

    private static List<String> compose = List.of();

    @BeforeAll
    static void buildTheImage() throws IOException {
        List<String> command = composeCommand();
        needs(!command.isEmpty(), "needs Docker: neither docker-compose nor docker compose is installed");
        needs(
                Files.isExecutable(Path.of("/usr/bin/dpkg-query")),
                "needs Docker: the image's base is made of Debian's packages, and this is no Debian");
        ImageBuild.build(COMMANDS, IMAGE, OVERRIDE.labels());
        Path override = OVERRIDE.write(folder);
        compose = Stream.concat(
                        command.stream(),
                        Stream.of("-f", "deploy/compose/docker-compose.yml", "-f", override.toString()))
                .toList();
    }

    @AfterAll
    static void removeAll() {
        if (!compose.isEmpty()) {
            compose("down", "-v", "-t", "3");
        }
        ImageBuild.remove(COMMANDS, OVERRIDE.labels());
        OVERRIDE.removeLeftovers();
    }

    @Test
    @Order(1)
    void workersWaitForTheReadyFileAndThenJoin() {
        compose("up", "-d", "--no-build", "--scale", "worker=0", "master").succeeded();
        compose("up", "-d", "--no-build", "--no-deps", "worker").succeeded();
        assertThat(logs("worker")).as("the server behind the gate").doesNotContain("database system");

        compose("up", "-d", "--no-build", "--scale", "worker=2").succeeded();

        awaitNodes(FIRST, SECOND);
        eventually().until(() -> inspect("{{.State.Health.Status}}").equals("healthy"));
        assertThat(inManager("ls", "/healthcheck")).contains("manager-ready");
    }

    @Test
    @Order(2)
    void aSmallerScaleRemovesAndALargerOneAdds() {
        compose("up", "-d", "--no-build", "--scale", "worker=1").succeeded();

        awaitNodes(FIRST);

        compose("up", "-d", "--no-build", "--scale", "worker=2").succeeded();

        awaitNodes(FIRST, SECOND);
    }

    @Test
    @Order(3)
    void theCommandInTheContainerTellsHowThingsAre() {
        eventually()
                .untilAsserted(() -> assertThat(inManager("roster", "status"))
                        .contains(PROJECT + "_worker_1", PROJECT + "_worker_2", "this Roster"));
        assertThat(inManager("roster", "journal")).contains("add", "remove");
        assertThat(inManager("roster", "--version")).startsWith("Roster ");
    }

    @Test
    @Order(4)
    void theServiceIsNotRootHasNoCapabilitiesAndCannotWriteToItsImage() {
        assertThat(inManager("cat", "/proc/1/status"))
                .containsPattern("Uid:\\s+10001\\s+10001\\s+10001\\s+10001")
                .containsPattern("CapEff:\\s+0000000000000000")
                .containsPattern("CapPrm:\\s+0000000000000000")
                .containsPattern("NoNewPrivs:\\s+1");
        assertThat(inManager("cat", "/proc/1/cmdline")).startsWith("java\0-XX:AOTCache=");
        assertThat(compose("exec", "-T", "manager", "touch", "/opt/roster/file").errors())
                .contains("Read-only file system");
    }

    @Test
    @Order(5)
    void thePasswordIsNowhereInItsOutputNorIsAStackTrace() {
        assertThat(logs("manager"))
                .contains("starts: ", "added")
                .doesNotContain("s3cret")
                .doesNotContain("\tat ");
    }

    @Test
    @Order(6)
    void sigtermEndsItBeforeAnyKillAndTakesTheReadyFileAway() {
        COMMANDS.run(MINUTE, List.of("docker", "stop", "-t", "10", MANAGER)).succeeded();

        assertThat(inspect("{{.State.ExitCode}}")).isEqualTo(Integer.toString(TERMINATED));
        assertThat(logs("manager").stripTrailing()).endsWith("Roster has ended");
        assertThat(compose("exec", "-T", "worker", "/usr/bin/test", "-f", "/healthcheck/manager-ready")
                        .code())
                .as("a worker that starts now waits")
                .isEqualTo(1);

        COMMANDS.run(MINUTE, List.of("docker", "start", MANAGER)).succeeded();

        eventually().until(() -> inspect("{{.State.Health.Status}}").equals("healthy"));
        awaitNodes(FIRST, SECOND);
    }

    private static void awaitNodes(String... nodes) {
        eventually().untilAsserted(() -> assertThat(nodes()).containsExactlyInAnyOrder(nodes));
    }

    private static List<String> nodes() {
        return compose(
                        "exec",
                        "-T",
                        "master",
                        ComposeOverride.psql().toString(),
                        "-XAtqc",
                        "SELECT nodename || ' ' || isactive::text FROM pg_dist_node WHERE groupid <> 0",
                        "-h",
                        "127.0.0.1",
                        "postgres")
                .succeeded()
                .lines()
                .toList();
    }

    private static String inManager(String... words) {
        return compose(Stream.concat(Stream.of("exec", "-T", "manager"), Stream.of(words))
                        .toArray(String[]::new))
                .succeeded();
    }

    private static String logs(String service) {
        return compose("logs", "--no-color", service).succeeded();
    }

    private static String inspect(String format) {
        return COMMANDS.run(MINUTE, List.of("docker", "inspect", "-f", format, MANAGER))
                .succeeded()
                .strip();
    }

    private static Commands.Ended compose(String... words) {
        return COMMANDS.run(
                Duration.ofMinutes(2),
                Stream.concat(compose.stream(), Stream.of(words)).toList());
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(500));
    }

    static void needs(boolean given, String reason) {
        if ("required".equals(System.getProperty("verify.docker"))) {
            assertThat(given).as(reason).isTrue();
        }
        assumeTrue(given, reason);
    }

    static List<String> composeCommand() {
        return Stream.of(List.of("docker-compose"), List.of("docker", "compose"))
                .filter(words ->
                        COMMANDS.run(MINUTE, List.of("sh", "-c", String.join(" ", words) + " version >/dev/null 2>&1"))
                                        .code()
                                == 0)
                .findFirst()
                .orElse(List.of());
    }
}
