package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members and the coordinator are set up from files, by the packaged application. */
class ProvisioningIT {

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Map<String, String> settings;
    private Path workerSql;
    private Path coordinatorSql;

    @BeforeEach
    void startACluster() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 2, UnaryOperator.identity());
        settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
        workerSql = folder.resolve("worker.sql");
        coordinatorSql = folder.resolve("coordinator.sql");
        settings.put("ROSTER_PROVISION_WORKER_SQL", workerSql.toString());
        settings.put("ROSTER_PROVISION_COORDINATOR_SQL", coordinatorSql.toString());
        settings.put("ROSTER_PROVISION_MINIMUM_WORKERS", "2");
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    @Test
    void filesAreCarriedOutOnceAndAgainWhenTheyChange() throws Exception {
        Files.writeString(workerSql, "CREATE TABLE IF NOT EXISTS public.notes (id int);\n");
        Files.writeString(coordinatorSql, "CREATE TABLE public.orders (id int);\n");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            eventually().until(() -> roster.get("/api/v1/status").contains("\"settled\":true,\"done\":3,\"of\":3"));
            assertThat(tables("notes")).isEqualTo(2);

            Files.writeString(workerSql, "CREATE TABLE IF NOT EXISTS public.more (id int);\n");
            eventually().until(() -> tables("more") == 2);
            assertThat(roster.get("/api/v1/journal?limit=20"))
                    .contains("\"action\":\"provision\"", "carried out on", "coordinator-sql");
        }
        try (RosterProcess again = RosterProcess.start(folder, settings)) {
            eventually().until(() -> again.get("/api/v1/status").contains("\"settled\":true,\"done\":3,\"of\":3"));
            assertThat(again.output()).doesNotContain("carried out on");
        }
    }

    @Test
    void aFailureIsShownAndKeepsNobodyOut() throws Exception {
        Files.writeString(workerSql, "CREATE TABLE public.notes (id int);\nSELECT * FROM nowhere;\n");
        Files.writeString(coordinatorSql, "CREATE TABLE public.orders (id int);\n");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            eventually().until(() -> roster.get("/api/v1/status").contains("worker-sql fails on "));

            assertThat(roster.get("/api/v1/status"))
                    .contains(
                            "statement 2, line 2: 42P01: relation \\\"nowhere\\\" does not exist",
                            "\"state\":\"failed\"",
                            "waits for 2 members with worker-sql done, 0 are there");
            try (RosterProcess status = RosterProcess.start(folder, Map.of(), "status", "--server", roster.server())) {
                assertThat(status.exitCode()).isZero();
                assertThat(status.output()).contains("Provisioning", "Alarm", "42P01");
            }

            Files.writeString(workerSql, "CREATE TABLE public.notes (id int);\n");
            eventually().until(() -> roster.get("/api/v1/status").contains("\"settled\":true"));
            assertThat(roster.get("/api/v1/status")).contains("\"alarms\":[]");
        }
    }

    @Test
    void aRunThatEndsByItselfWaitsForItAndSaysWhatIsMissing() throws Exception {
        Files.writeString(workerSql, "CREATE TABLE public.notes (id int);\n");
        Files.writeString(coordinatorSql, "CREATE TABLE public.orders (id int);\n");
        try (RosterProcess once = RosterProcess.start(folder, settings, "once", "--timeout", "60s")) {
            assertThat(once.exitCode()).as(once.output()).isZero();
        }
        assertThat(tables("notes")).isEqualTo(2);

        Files.writeString(coordinatorSql, "SELECT 1/0");
        try (RosterProcess once = RosterProcess.start(folder, settings, "once", "--timeout", "3s")) {
            assertThat(once.exitCode()).isEqualTo(1);
            assertThat(once.output().replaceAll("\\s+", " "))
                    .contains("provisioning: 2 of 3 done", "22012: division by zero");
        }
    }

    @Test
    void aFileThatIsNoGoodIsToldAtTheStart() throws Exception {
        Files.writeString(workerSql, " \n");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            assertThat(roster.exitCode()).isEqualTo(2);
            assertThat(roster.output())
                    .contains(
                            "ROSTER_PROVISION_WORKER_SQL is '" + workerSql
                                    + "', which is empty; accepted: the path of a file",
                            "ROSTER_PROVISION_COORDINATOR_SQL is '" + coordinatorSql + "', which is not there");
        }
    }

    private int tables(String name) {
        return (int) cluster.workers().stream()
                .filter(worker -> worker.query("SELECT to_regclass('public." + name + "') IS NOT NULL")
                        .equals("t"))
                .count();
    }
}
