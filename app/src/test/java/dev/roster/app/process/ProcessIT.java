package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application, started and ended as people and engines do. */
class ProcessIT {

    /** The exit code of a process that SIGTERM ended. */
    private static final int TERMINATED = 128 + 15;

    private static final String PASSWORD = "p@ss 'w\"o\\rd%41 ü";

    private static final String HOLDERS_OF_THE_LOCK =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'roster%'";

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Path readyFile;
    private Map<String, String> settings;

    @BeforeEach
    void startACluster() {
        use(CitusCluster.start(CitusFlavour.STAND_IN, 2, UnaryOperator.identity()));
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    @Test
    void startsWhileTheDatabaseIsDownAndGoesOnWhenItIsUp() throws Exception {
        cluster.coordinator().stop();
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            eventually().until(() -> roster.get("/q/health/live").contains("UP"));
            eventually().until(() -> roster.get("/q/health/ready").contains("cannot be reached"));
            assertThat(readyFile).doesNotExist();

            cluster.coordinator().start();

            awaitMembers(roster);
            assertThat(readyFile).exists();
            assertThat(roster.output()).doesNotContain("\tat ").contains("Coordinator answers again");
        }
    }

    @Test
    void aWrongPasswordIsOneLineThatNeverShowsItAndIsForgottenWhenItIsRight() throws Exception {
        cluster.close();
        use(CitusCluster.start(CitusFlavour.STAND_IN, 1, options -> options.withPassword(PASSWORD)));
        Path secret = Files.writeString(folder.resolve("secret"), "wr0ng-one");
        settings.put("POSTGRES_PASSWORD_FILE", secret.toString());
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            eventually().until(() -> roster.get("/api/v1/status").contains("refuses the password"));
            assertThat(roster.output().lines().filter(line -> line.contains("refuses the password")))
                    .singleElement()
                    .asString()
                    .contains("POSTGRES_PASSWORD");

            Files.writeString(secret, PASSWORD + "\n");

            roster.awaitReady();
            assertThat(roster.output() + roster.get("/api/v1/status")).doesNotContain("wr0ng-one", PASSWORD, "\tat ");
        }
    }

    @Test
    void sigtermWhileSteadyLeavesNothingBehind() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitMembers(roster);
            assertThat(readyFile).exists();

            assertThat(roster.terminate()).isEqualTo(TERMINATED);

            assertThat(readyFile).doesNotExist();
            eventually()
                    .until(() ->
                            cluster.coordinator().query(HOLDERS_OF_THE_LOCK).equals("0"));
            assertThat(roster.output()).endsWith("Roster has ended\n").doesNotContain("\tat ");
        }
    }

    @Test
    void sigtermWhileWaitingForTheCoordinatorEndsItToo() throws Exception {
        cluster.coordinator().pause();
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            eventually().until(() -> roster.get("/q/health/live").contains("UP"));

            assertThat(roster.terminate()).isEqualTo(TERMINATED);

            assertThat(roster.output()).endsWith("Roster has ended\n");
        } finally {
            cluster.coordinator().resume();
        }
    }

    @Test
    void killedAndStartedAgainItKnowsItsMembersAndAddsNobodyTwice() throws Exception {
        String since;
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitMembers(roster);
            since = cluster.coordinator().query("SELECT min(since) || ' ' || max(since) FROM roster.member");
            roster.kill();
        }
        assertThat(readyFile).exists();

        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitMembers(roster);

            assertThat(cluster.coordinator().query("SELECT min(since) || ' ' || max(since) FROM roster.member"))
                    .isEqualTo(since);
            assertThat(roster.get("/q/metrics")).doesNotContain("roster_actions_total");
        }
    }

    @Test
    void ofTwoOneLeadsAndTheOtherShowsWhoAndTakesOver() throws Exception {
        Map<String, String> others = new HashMap<>(settings);
        others.put("ROSTER_READY_FILE", folder.resolve("other-ready").toString());
        others.put("HOSTNAME", "second-host");
        settings.put("HOSTNAME", "first-host");
        try (RosterProcess first = RosterProcess.start(folder, settings)) {
            awaitMembers(first);
            try (RosterProcess second = RosterProcess.start(folder, others)) {
                eventually().until(() -> second.get("/q/health/ready").contains("\"status\": \"UP\""));
                eventually().until(() -> second.get("/api/v1/status").contains("roster first-host"));
                assertThat(second.get("/q/metrics")).contains("roster_leader 0.0");

                first.terminate();

                eventually().until(() -> second.get("/q/metrics").contains("roster_leader 1.0"));
            }
        }
    }

    @Test
    void faultsOfTheConfigurationAreTheOnlyThingItSays() throws Exception {
        settings.put("ROSTER_MODE", "manag");
        settings.put("ROSTER_MOOD", "good");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            assertThat(roster.exitCode()).isEqualTo(2);
            assertThat(roster.output().lines())
                    .containsExactly(
                            "Roster cannot start, its configuration has 2 faults:",
                            "  ROSTER_MOOD is no setting of Roster; did you mean ROSTER_MODE?",
                            "  ROSTER_MODE is 'manag'; accepted: manage, add-only, observe");
        }
    }

    @Test
    void aReadyFileThatCannotBeWrittenIsOneSentence() throws Exception {
        settings.put("ROSTER_READY_FILE", folder.resolve("missing/ready").toString());
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            assertThat(roster.exitCode()).isEqualTo(2);
            assertThat(roster.output().lines()).singleElement().asString().contains("its folder does not exist");
        }
    }

    @Test
    void aPortThatIsTakenIsNamedWithTheWayOut() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                RosterProcess roster = RosterProcess.startAt(other.getLocalPort(), folder, settings)) {
            assertThat(roster.exitCode()).isEqualTo(1);
            assertThat(roster.output())
                    .contains("Roster could not start: port " + other.getLocalPort() + " is taken by another program;")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void onceAddsEverybodyAndSaysSo() throws Exception {
        try (RosterProcess once = RosterProcess.start(folder, settings, "once", "--timeout", "2m")) {
            assertThat(once.exitCode()).as(once.output()).isZero();
            assertThat(once.output())
                    .contains("Done: 2 workers discovered, each one a member")
                    .contains("add ");
            assertThat(once.output().lines()).allMatch(line -> line.length() <= 80);
        }
        try (RosterProcess again = RosterProcess.start(folder, settings, "once", "--json")) {
            assertThat(again.exitCode()).isZero();
            assertThat(again.output()).startsWith("{\"done\":true,").contains("\"actions\":[]");
        }
    }

    @Test
    void onceSaysWhomItCouldNotReach() throws Exception {
        cluster.coordinator().stop();
        try (RosterProcess once = RosterProcess.start(folder, settings, "once", "--timeout", "3s")) {
            assertThat(once.exitCode()).isEqualTo(3);
            assertThat(once.output()).contains("cannot be reached").doesNotContain("\tat ");
        }
    }

    @Test
    void theCommandsThatAskSpeakToTheService() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            awaitMembers(roster);
            for (List<String> asked : List.of(
                    List.of("status", "this Roster"), List.of("plan", "Nothing to do"), List.of("journal", "added"))) {
                try (RosterProcess command =
                        RosterProcess.start(folder, Map.of(), asked.getFirst(), "--server", roster.server())) {
                    assertThat(command.exitCode()).isZero();
                    assertThat(command.output()).contains(asked.getLast());
                    assertThat(command.output().lines()).allMatch(line -> line.length() <= 80);
                }
            }
            try (RosterProcess wrong =
                    RosterProcess.start(folder, Map.of(), "journal", "--limit", "0", "--server", roster.server())) {
                assertThat(wrong.exitCode()).isEqualTo(2);
                assertThat(wrong.output()).contains("limit is '0'");
            }
        }
        try (RosterProcess nobody = RosterProcess.start(folder, Map.of(), "status", "--server", "http://127.0.0.1:1")) {
            assertThat(nobody.exitCode()).isEqualTo(3);
            assertThat(nobody.output().lines()).singleElement().asString().startsWith("No Roster answers at");
        }
    }

    private void use(CitusCluster started) {
        cluster = started;
        readyFile = folder.resolve("ready");
        settings = RosterProcess.settingsOf(cluster, readyFile);
    }

    private void awaitMembers(RosterProcess roster) {
        roster.awaitMembers(cluster.workers().size());
    }
}
