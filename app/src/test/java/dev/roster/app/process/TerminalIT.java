package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that go on until something is over, on a terminal and without one, with the packaged application on both sides. */
class TerminalIT {

    /** The exit code of a process that Ctrl-C ended. */
    private static final int INTERRUPTED = 128 + 2;

    private static final String ESCAPE = "\u001b[";

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Map<String, String> settings;

    @BeforeEach
    void startACluster() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 2, UnaryOperator.identity());
        settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    @Test
    void watchTellsWhatHappensSurvivesARestartAndEndsByCtrlC() throws Exception {
        String worker = address(cluster.worker(2));
        RosterProcess roster = RosterProcess.start(folder, settings);
        try {
            roster.awaitMembers(2);
            try (TerminalProcess watch =
                    TerminalProcess.start(folder, Map.of(), "watch", "--server", roster.server())) {
                eventually().until(() -> watch.text().contains("Nothing to do"));

                done(roster, "hold", worker);
                eventually().until(() -> watch.text().contains("hold ordered  Hold (ordered by "));

                roster.kill();
                eventually().until(() -> watch.text().contains("trying again"));
                roster = RosterProcess.startAt(roster.port(), folder, settings);
                eventually().until(() -> watch.text().contains("Roster answers again"));
                roster.awaitMembers(2);
                done(roster, "cancel", worker);
                eventually().until(() -> watch.text().contains("hold cancelled  Hold (ordered by "));

                watch.pressCtrlC();
                assertThat(watch.exitCode()).isEqualTo(INTERRUPTED);
                assertThat(watch.text().split("hold ordered", -1)).hasSize(2);
                assertThat(watch.text()).doesNotContain("\tat ");
            }
        } finally {
            roster.close();
        }
    }

    @Test
    void watchGivesProgramsALineOfJsonForEachEvent() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            try (RosterProcess watch =
                    RosterProcess.start(folder, Map.of(), "watch", "--json", "--server", roster.server())) {
                eventually().until(() -> watch.output().contains("{\"event\":\"journal\""));

                assertThat(watch.output().lines())
                        .filteredOn(line -> !line.isEmpty())
                        .allMatch(line -> line.startsWith("{\"event\":\"") && line.endsWith("}"));
                assertThat(watch.output()).doesNotContain(ESCAPE);
            }
        }
    }

    @Test
    void aDrainThatIsWaitedForShowsABarOnATerminal() throws Exception {
        giveShards();
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            distribute();
            String worker = address(cluster.worker(2));
            try (TerminalProcess drain =
                    TerminalProcess.start(folder, Map.of(), "drain", worker, "--wait", "--server", roster.server())) {
                assertThat(drain.exitCode()).as(drain.output()).isZero();

                assertThat(drain.text()).contains(worker + "  [", "#", " of 4 done", "Kept out: drained by order of");
            }
        }
    }

    @Test
    void withoutATerminalThereIsALineForEachChangeAndAnEnd() throws Exception {
        giveShards();
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            distribute();
            try (RosterProcess drain = RosterProcess.start(
                    folder,
                    Map.of(),
                    "drain",
                    address(cluster.worker(2)),
                    "--wait",
                    "--timeout",
                    "100s",
                    "--server",
                    roster.server())) {
                assertThat(drain.exitCode()).as(drain.output()).isZero();

                assertThat(drain.output())
                        .contains(" of 4 moves done", "Kept out: drained by order of")
                        .doesNotContain(ESCAPE);
            }
            try (RosterProcess over =
                    RosterProcess.start(folder, Map.of(), "drain", "nobody", "--wait", "--server", roster.server())) {
                assertThat(over.exitCode()).isEqualTo(1);
            }
        }
    }

    @Test
    void whoeverStopsWaitingLeavesTheOrderStanding() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            String worker = address(cluster.worker(2));
            PostgresServer server = cluster.worker(2);
            cluster.coordinator()
                    .execute("SELECT citus_disable_node('" + server.host() + "', " + server.port() + ", true)");
            server.pause();
            eventually().until(() -> roster.get("/api/v1/nodes").contains("\"isactive\":false"));
            try (TerminalProcess activate = TerminalProcess.start(
                    folder, Map.of(), "activate", worker, "--wait", "--server", roster.server())) {
                eventually().until(activate::text, containsString("waits until"));
                activate.pressCtrlC();

                assertThat(activate.exitCode()).isEqualTo(INTERRUPTED);
                assertThat(activate.text()).contains("'roster cancel " + worker + "' takes it back");
            }
            try (RosterProcess late = RosterProcess.start(
                    folder, Map.of(), "activate", worker, "--wait", "--timeout", "1s", "--server", roster.server())) {
                assertThat(late.exitCode()).isEqualTo(1);
                assertThat(late.output()).contains("The time is up.", "roster orders");
            }
            assertThat(roster.get("/api/v1/orders")).contains("\"kind\":\"activate\"");
            server.resume();
        }
    }

    @Test
    void colourIsForTerminalsAlone() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            assertThat(onTerminal(roster, Map.of(), "status")).contains(ESCAPE + "32mmember");
            assertThat(onTerminal(roster, Map.of("NO_COLOR", "1"), "status")).doesNotContain(ESCAPE);
            assertThat(onTerminal(roster, Map.of(), "status", "--color", "never"))
                    .doesNotContain(ESCAPE);
            assertThat(onTerminal(roster, Map.of(), "status", "--json")).doesNotContain(ESCAPE);
            assertThat(piped(roster, "status")).doesNotContain(ESCAPE);
            assertThat(piped(roster, "status", "--color", "always")).contains(ESCAPE + "32mmember");
        }
    }

    private String onTerminal(RosterProcess roster, Map<String, String> environment, String... command)
            throws Exception {
        try (TerminalProcess asked = TerminalProcess.start(folder, environment, withServer(roster, command))) {
            assertThat(asked.exitCode()).as(asked.output()).isZero();
            return asked.output();
        }
    }

    private String piped(RosterProcess roster, String... command) throws Exception {
        try (RosterProcess asked = RosterProcess.start(folder, Map.of(), withServer(roster, command))) {
            assertThat(asked.exitCode()).as(asked.output()).isZero();
            return asked.output();
        }
    }

    private void done(RosterProcess roster, String... command) throws Exception {
        piped(roster, command);
    }

    private static String[] withServer(RosterProcess roster, String... command) {
        String[] words = java.util.Arrays.copyOf(command, command.length + 2);
        words[command.length] = "--server";
        words[command.length + 1] = roster.server();
        return words;
    }

    private void giveShards() {
        cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
    }

    private void distribute() {
        cluster.coordinator().execute("SET citus.shard_count = 8; SELECT create_distributed_table('orders', 'id')");
    }

    private static String address(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
