package dev.roster.app.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.RequiresDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code docs/compose-ha.md} plays, with the very files of {@code deploy/compose-ha}. One project for all, in the order of
 * the guide.
 */
@RequiresDocker
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComposeHaIT {

    private static final String PASSWORD = "it's a \"s3cret\": \\word+/=";

    /** Which of the two workers joins first, and so gets the lower number, is chance. */
    private static final String MEMBER = "group \\d member Member of group \\d, added by Roster";

    private static final HaDeployment DEPLOYMENT = new HaDeployment(PASSWORD);

    @TempDir
    private static Path folder;

    private static KeptSession application;

    @BeforeAll
    static void makeTheImages() throws IOException {
        OfficialComposeIT.needs(
                HaDeployment.canBeComposed(), "needs Docker: neither docker-compose nor docker compose is installed");
        OfficialComposeIT.needs(
                Files.isExecutable(Path.of("/usr/bin/dpkg-query")),
                "needs Docker: the images are made of Debian's packages, and this is no Debian");
        assumeTrue(
                Files.isExecutable(Path.of("/usr/sbin/pgbouncer")),
                "needs PgBouncer: its image is made of Debian's package pgbouncer, which is not installed");
        DEPLOYMENT.prepare(folder);
    }

    @AfterAll
    static void removeAll() throws SQLException {
        DEPLOYMENT.remove();
        if (application != null) {
            application.close();
        }
    }

    @Test
    @Order(1)
    void everythingComesUpAndThePrimariesAreMembers() throws SQLException {
        DEPLOYMENT.compose("up", "-d", "--no-build").succeeded();

        eventually()
                .untilAsserted(() -> assertThat(status())
                        .contains("Leader this Roster", "registered as coord-a:5432")
                        .containsPattern(row("worker1-a", MEMBER))
                        .containsPattern(row("worker2-a", MEMBER))
                        .containsPattern(row("worker1-b", "- standby A standby of member worker1-a:5432"))
                        .containsPattern(row("worker2-b", "- standby A standby of member worker2-a:5432")));
        application = session();
        application.createTable();
        application.store(100);
        assertThat(nodes()).hasSize(3);
    }

    @Test
    @Order(2)
    void throughPgBouncerRosterRefusesToWork() {
        Commands.Ended check =
                DEPLOYMENT.compose("run", "-T", "--rm", "-e", "CITUS_HOST=pgbouncer:6432", "roster", "check");

        assertThat(check.code()).isNotZero();
        assertThat(check.output() + check.errors())
                .contains("The coordinator (pgbouncer:6432, database postgres) is behind a connection pooler");
    }

    @Test
    @Order(3)
    void aLostWorkersStandbyIsPromotedAndRosterFollowsIt() throws SQLException {
        List<String> nodes = nodes();
        List<String> shards = shards();
        DEPLOYMENT.compose("kill", "worker2-a").succeeded();
        eventually()
                .untilAsserted(() -> assertThat(status())
                        .containsPattern(
                                row("worker2-a", "group \\d member-not-ready Node of group \\d, stopped by docker"))
                        .containsPattern(row("worker2-b", "- standby A standby of member worker2-a:5432")));
        List<String> refusals = application.tryToStore(50);

        promote("worker2-b");

        eventually()
                .untilAsserted(() -> assertThat(status())
                        .containsPattern(row("worker2-b", MEMBER))
                        .containsPattern(row("worker2-a", "- not-ready Stopped")));
        assertThat(nodes()).isEqualTo(moved(nodes, "worker2-a", "worker2-b"));
        assertThat(shards()).isEqualTo(shards).hasSize(8);
        application.store(50);
        application.assertNothingIsLost();
        assertThat(DEPLOYMENT.logs("roster"))
                .containsPattern("Node worker2-a:5432 of group \\d followed to worker2-b:5432 "
                        + "\\(its standby was promoted, timeline 2 ");
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
    void theCoordinatorsStandbyIsPromotedAndRosterAndPgBouncerMoveToIt() throws SQLException {
        List<String> nodes = nodes();
        List<String> shards = shards();
        KeptSession busy = session();
        CompletableFuture<Void> underWay = meanwhile(() -> busy.column("SELECT pg_sleep(120)"));
        eventually()
                .untilAsserted(() -> assertThat(application.column(
                                "SELECT state FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"))
                        .containsExactly("active"));
        DEPLOYMENT.compose("kill", "coord-a").succeeded();
        CompletableFuture<Void> row = meanwhile(application::store);
        eventually()
                .untilAsserted(() -> assertThat(status())
                        .contains("is writable nowhere", "coord-b:5432 is a standby", "Leader nobody"));

        promote("coord-b");

        assertThat(row).as("the statement that waited").succeedsWithin(Duration.ofMinutes(2));
        assertThat(underWay).as("the one under way").failsWithin(Duration.ofMinutes(1));
        busy.close();
        eventually()
                .untilAsserted(() -> assertThat(status())
                        .contains("Leader this Roster", "registered as coord-b:5432")
                        .containsPattern("coord-b group 0 coordinator-row"));
        assertThat(nodes()).isEqualTo(moved(nodes, "coord-a", "coord-b"));
        assertThat(shards()).isEqualTo(shards);
        application.store(50);
        application.assertNothingIsLost();
        assertThat(DEPLOYMENT.logs("pgbouncer")).contains("coord-b is the writable coordinator now");
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
        List<String> nodes = nodes();
        DEPLOYMENT.compose("stop", "worker1-a").succeeded();

        promote("worker1-b");

        eventually().untilAsserted(() -> assertThat(status()).containsPattern(row("worker1-b", MEMBER)));
        assertThat(nodes()).isEqualTo(moved(nodes, "worker1-a", "worker1-b"));
        application.store(50);
        application.assertNothingIsLost();
    }

    @Test
    @Order(8)
    void theJournalCameAlongAndNoPasswordIsInAnyLog() {
        assertThat(DEPLOYMENT.inRoster("roster", "journal", "--json"))
                .contains(
                        "Coordinator registered as coord-a:5432",
                        "Worker worker1-a:5432 added",
                        "Worker worker2-a:5432 added",
                        "Coordinator registered as coord-b:5432 instead of coord-a:5432")
                .containsPattern("Node worker2-a:5432 of group \\d followed to worker2-b:5432")
                .containsPattern("Node worker1-a:5432 of group \\d followed to worker1-b:5432");
        assertThat(DEPLOYMENT.compose("logs", "--no-color").succeeded()).doesNotContain("s3cret");
    }

    private static void promote(String service) {
        assertThat(DEPLOYMENT
                        .compose("exec", "-T", "-u", "postgres", service, "pg_ctl", "promote")
                        .succeeded())
                .contains("server promoted");
    }

    /** Starts a lost server, which has to wait, and lets it copy the one that was promoted. */
    private static void startAgain(String lost, String primary) {
        DEPLOYMENT.compose("start", lost).succeeded();
        eventually()
                .untilAsserted(() -> assertThat(DEPLOYMENT.logs(lost))
                        .contains("does not start: " + primary + " is the primary now"));
        Commands.Ended rejoined = DEPLOYMENT.compose("exec", "-T", lost, "/server.sh", "rejoin");
        assertThat(rejoined.output() + rejoined.errors())
                .contains("what was here is kept in", "is a standby of " + primary + ", and starts as such");
    }

    private static KeptSession session() throws SQLException {
        return new KeptSession(
                DEPLOYMENT.compose("port", "pgbouncer", "6432").succeeded().strip(), PASSWORD);
    }

    /** What an application does while something happens. */
    private interface Deed {
        void run() throws SQLException;
    }

    private static CompletableFuture<Void> meanwhile(Deed deed) {
        return CompletableFuture.runAsync(() -> {
            try {
                deed.run();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static List<String> nodes() throws SQLException {
        return application.column(
                "SELECT format('%s: group %s, %s', nodeid, groupid, nodename) FROM pg_dist_node ORDER BY nodeid");
    }

    /** The nodes with their numbers, one of which has a new address. */
    private static List<String> moved(List<String> nodes, String from, String to) {
        return nodes.stream().map(node -> node.replace(from, to)).toList();
    }

    private static List<String> shards() throws SQLException {
        return application.column(
                "SELECT format('%s in group %s', shardid, groupid) FROM pg_dist_placement ORDER BY shardid");
    }

    /** The status with each row of the table in one line, whatever the width of the terminal. */
    private static String status() {
        return DEPLOYMENT
                .inRoster("roster", "status")
                .replaceAll("\n {10,}", " ")
                .replaceAll(" {2,}", " ");
    }

    /** A container's row, whichever compose gave it its name. */
    private static Pattern row(String service, String rest) {
        return Pattern.compile("[_-]" + service + "[_-]1 " + rest);
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofMinutes(3)).pollInterval(Duration.ofMillis(500));
    }
}
