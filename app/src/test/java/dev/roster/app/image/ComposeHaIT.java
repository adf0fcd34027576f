package dev.roster.app.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.docker.ComposeProject;
import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.RequiresDocker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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
 * What {@code docs/compose-ha.md} plays, with the very files of {@code deploy/compose-ha}: a copy of the folder, since a person
 * may have secrets there. The images are made of this machine's PostgreSQL, Citus and PgBouncer, and of the packaged
 * application. One project for all, in the order of the guide.
 */
@RequiresDocker
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeHaIT {

    private static final String PASSWORD = "it's a \"s3cret\": \\word+/=";

    private static final ComposeProject PROJECT = ComposeProject.create("ha");
    private static final String CITUS = "roster-test/" + PROJECT.name() + "-citus";
    private static final String ROSTER = "roster-test/" + PROJECT.name();
    private static final String PGBOUNCER = "roster-test/" + PROJECT.name() + "-pgbouncer";
    private static final Duration MINUTES = Duration.ofMinutes(5);

    private static final Commands COMMANDS = new Commands(Map.of(
            "COMPOSE_PROJECT_NAME",
            PROJECT.name(),
            "CITUS_IMAGE",
            CITUS,
            "ROSTER_IMAGE",
            ROSTER,
            "PGBOUNCER_IMAGE",
            PGBOUNCER,
            // Any free ports of loopback.
            "ROSTER_PORT_OUTSIDE",
            "0",
            "PGBOUNCER_PORT",
            "127.0.0.1:"));

    @TempDir
    private static Path folder;

    private static List<String> compose = List.of();
    private static KeptSession application;

    @BeforeAll
    static void makeTheImages() throws IOException {
        List<String> command = OfficialComposeIT.composeCommand();
        OfficialComposeIT.needs(
                !command.isEmpty(), "needs Docker: neither docker-compose nor docker compose is installed");
        OfficialComposeIT.needs(
                Files.isExecutable(Path.of("/usr/bin/dpkg-query")),
                "needs Docker: the images are made of Debian's packages, and this is no Debian");
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/pgbouncer")),
                "needs PgBouncer: its image is made of Debian's package pgbouncer, which is not installed");
        CompletableFuture<Void> servers = CompletableFuture.runAsync(ComposeHaIT::makeServerImages);
        ImageBuild.buildOfThePackaged(
                COMMANDS, ROSTER, PROJECT.labels(), Files.createDirectory(folder.resolve("context")));
        servers.join();
        Path deployment = copyOfTheDeployment();
        List<String> files = Stream.concat(
                        command.stream(),
                        Stream.of("-f", deployment.resolve("docker-compose.yml").toString()))
                .toList();
        Path labels = PROJECT.writeLabels(
                folder.resolve("labels.yml"), names(files, "--services"), names(files, "--volumes"));
        compose = Stream.concat(files.stream(), Stream.of("-f", labels.toString()))
                .toList();
    }

    @AfterAll
    static void removeAll() throws SQLException {
        if (application != null) {
            application.close();
        }
        if (!compose.isEmpty()) {
            compose("down", "-v", "-t", "3");
        }
        ImageBuild.remove(COMMANDS, PROJECT.labels());
        PROJECT.removeLeftovers();
    }

    @Test
    @Order(1)
    void everythingComesUpAndThePrimariesAreMembers() throws SQLException {
        compose("up", "-d", "--no-build").succeeded();

        eventually()
                .untilAsserted(() -> assertThat(status())
                        .contains("Leader this Roster", "registered as coord-a:5432")
                        .containsPattern(row("worker1-a", "group 1 member Member of group 1, added by Roster"))
                        .containsPattern(row("worker2-a", "group 2 member Member of group 2, added by Roster"))
                        .containsPattern(row("worker1-b", "- standby A standby of member worker1-a:5432"))
                        .containsPattern(row("worker2-b", "- standby A standby of member worker2-a:5432")));
        application =
                new KeptSession(compose("port", "pgbouncer", "6432").succeeded().strip(), PASSWORD);
        application.createTable();
        application.store(100);
        assertThat(nodes()).containsExactly("1: group 0, coord-a", "2: group 1, worker1-a", "3: group 2, worker2-a");
    }

    @Test
    @Order(2)
    void throughPgBouncerRosterRefusesToWork() {
        Commands.Ended check = compose("run", "-T", "--rm", "-e", "CITUS_HOST=pgbouncer:6432", "roster", "check");

        assertThat(check.code()).isNotZero();
        assertThat(check.output() + check.errors())
                .contains("The coordinator (pgbouncer:6432, database postgres) is behind a connection pooler");
    }

    @Test
    @Order(3)
    void aLostWorkersStandbyIsPromotedAndRosterFollowsIt() throws SQLException {
        List<String> shards = shards();
        compose("kill", "worker2-a").succeeded();
        eventually()
                .untilAsserted(() -> assertThat(status())
                        .containsPattern(
                                row("worker2-a", "group 2 member-not-ready Node of group 2, stopped by docker"))
                        .containsPattern(row("worker2-b", "- standby A standby of member worker2-a:5432")));
        List<String> refusals = application.tryToStore(50);

        promote("worker2-b");

        eventually()
                .untilAsserted(() -> assertThat(status())
                        .containsPattern(row("worker2-b", "group 2 member Member of group 2, added by Roster"))
                        .containsPattern(row("worker2-a", "- not-ready Stopped")));
        assertThat(nodes()).containsExactly("1: group 0, coord-a", "2: group 1, worker1-a", "3: group 2, worker2-b");
        assertThat(shards()).isEqualTo(shards).hasSize(8);
        application.store(50);
        application.assertNothingIsLost();
        assertThat(logs("roster"))
                .contains(
                        "Node worker2-a:5432 of group 2 followed to worker2-b:5432 (its standby was promoted, timeline 2");
        assumeTrue(
                DockerCluster.hasRealCitus(),
                "needs real Citus: the stand-in's shards have no rows, so none was refused while they were lost");
        assertThat(refusals)
                .as("what was said of the lost shards; those of the other worker took their rows")
                .isNotEmpty()
                .hasSizeLessThan(50)
                .allSatisfy(refusal -> assertThat(refusal).contains("worker2-a"));
    }

    @Test
    @Order(4)
    void aLostPrimaryDoesNotComeBackAsASecondOneAndRejoinsAsAStandby() {
        startAgain("worker2-a", "worker2-b");

        eventually()
                .untilAsserted(() -> assertThat(status())
                        .containsPattern(row("worker2-a", "- standby A standby of member worker2-b:5432")));
    }

    @Test
    @Order(5)
    void theCoordinatorsStandbyIsPromotedAndRosterAndPgBouncerMoveToIt() throws Exception {
        List<String> shards = shards();
        compose("kill", "coord-a").succeeded();
        CompletableFuture<Void> row = CompletableFuture.runAsync(ComposeHaIT::storeOne);
        eventually()
                .untilAsserted(() -> assertThat(status())
                        .contains("is writable nowhere", "coord-b:5432 is a standby", "Leader nobody"));

        promote("coord-b");

        row.get(2, TimeUnit.MINUTES);
        eventually()
                .untilAsserted(() -> assertThat(status())
                        .contains("Leader this Roster", "registered as coord-b:5432")
                        .containsPattern("coord-b group 0 coordinator-row"));
        assertThat(nodes()).containsExactly("1: group 0, coord-b", "2: group 1, worker1-a", "3: group 2, worker2-b");
        assertThat(shards()).isEqualTo(shards);
        application.store(50);
        application.assertNothingIsLost();
        assertThat(logs("pgbouncer")).contains("coord-b is the writable coordinator now");
    }

    @Test
    @Order(6)
    void aLostCoordinatorRejoinsAsAStandby() {
        startAgain("coord-a", "coord-b");

        eventually()
                .untilAsserted(() -> assertThat(application.column("SELECT state FROM pg_stat_replication"))
                        .containsExactly("streaming"));
    }

    @Test
    @Order(7)
    void aSwitchoverOnPurposeIsFollowedByTheCoordinatorThatWasPromoted() throws SQLException {
        compose("stop", "worker1-a").succeeded();

        promote("worker1-b");

        eventually()
                .untilAsserted(() -> assertThat(status())
                        .containsPattern(row("worker1-b", "group 1 member Member of group 1, added by Roster")));
        assertThat(nodes()).containsExactly("1: group 0, coord-b", "2: group 1, worker1-b", "3: group 2, worker2-b");
        application.store(50);
        application.assertNothingIsLost();
    }

    @Test
    @Order(8)
    void theJournalCameAlongAndNoPasswordIsInAnyLog() {
        assertThat(inRoster("roster", "journal", "--json"))
                .contains(
                        "Coordinator registered as coord-a:5432",
                        "Worker worker1-a:5432 added as group 1",
                        "Worker worker2-a:5432 added as group 2",
                        "Node worker2-a:5432 of group 2 followed to worker2-b:5432",
                        "Coordinator registered as coord-b:5432 instead of coord-a:5432",
                        "Node worker1-a:5432 of group 1 followed to worker1-b:5432");
        assertThat(compose("logs", "--no-color").succeeded()).doesNotContain("s3cret");
    }

    private static void makeServerImages() {
        List<String> words = new ArrayList<>(List.of(".ci/server-images", CITUS, PGBOUNCER));
        try {
            words.addAll(ComposeProject.serverImageOptions(Files.createDirectory(folder.resolve("stand-in"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PROJECT.labels().forEach((label, value) -> words.add(label + "=" + value));
        COMMANDS.run(MINUTES, words).succeeded();
    }

    private static Path copyOfTheDeployment() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("compose-ha"));
        try (Stream<Path> files = Files.list(Commands.ROOT.resolve("deploy/compose-ha"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Path secrets = Files.createDirectory(copy.resolve("secrets"));
        Files.writeString(secrets.resolve("postgres_password"), PASSWORD + "\n");
        Files.writeString(secrets.resolve("roster_token"), "0123456789abcdef0123456789abcdef\n");
        return copy;
    }

    private static List<String> names(List<String> files, String kind) {
        return COMMANDS.run(
                        MINUTES,
                        Stream.concat(files.stream(), Stream.of("config", kind)).toList())
                .succeeded()
                .lines()
                .toList();
    }

    private static void promote(String service) {
        assertThat(compose("exec", "-T", "-u", "postgres", service, "pg_ctl", "promote")
                        .succeeded())
                .contains("server promoted");
    }

    /** Starts a lost server, which has to wait, and lets it copy the one that was promoted. */
    private static void startAgain(String lost, String primary) {
        compose("start", lost).succeeded();
        eventually()
                .untilAsserted(
                        () -> assertThat(logs(lost)).contains("does not start: " + primary + " is the primary now"));
        Commands.Ended rejoined = compose("exec", "-T", lost, "/server.sh", "rejoin");
        assertThat(rejoined.output() + rejoined.errors())
                .contains("what was here is kept in", "is a standby of " + primary + ", and starts as such");
    }

    private static void storeOne() {
        try {
            application.store();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> nodes() throws SQLException {
        return application.column(
                "SELECT format('%s: group %s, %s', nodeid, groupid, nodename) FROM pg_dist_node ORDER BY nodeid");
    }

    private static List<String> shards() throws SQLException {
        return application.column(
                "SELECT format('%s in group %s', shardid, groupid) FROM pg_dist_placement ORDER BY shardid");
    }

    /** The status with each row of the table in one line, whatever the width of the terminal. */
    private static String status() {
        return inRoster("roster", "status").replaceAll("\n {10,}", " ").replaceAll(" {2,}", " ");
    }

    /** A container's row, whichever compose gave it its name. */
    private static Pattern row(String service, String rest) {
        return Pattern.compile("[_-]" + service + "[_-]1 " + Pattern.quote(rest));
    }

    private static String inRoster(String... words) {
        return compose(Stream.concat(Stream.of("exec", "-T", "roster"), Stream.of(words))
                        .toArray(String[]::new))
                .succeeded();
    }

    private static String logs(String service) {
        return compose("logs", "--no-color", service).succeeded();
    }

    private static Commands.Ended compose(String... words) {
        return COMMANDS.run(
                MINUTES, Stream.concat(compose.stream(), Stream.of(words)).toList());
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(500));
    }
}
