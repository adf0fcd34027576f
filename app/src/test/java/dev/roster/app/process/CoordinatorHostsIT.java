package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several hosts for the coordinator, and servers asked without it, by the packaged application. */
class CoordinatorHostsIT {

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Map<String, String> settings;

    @BeforeEach
    void startACluster() {
        cluster = CitusCluster.start(2);
        settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    @Test
    void ofSeveralHostsTheWritableOneIsUsed() throws Exception {
        PostgresServer dead = cluster.addWorker();
        PostgresServer standby = cluster.addWorker();
        dead.stop();
        standby.stop();
        Files.createFile(standby.folder().resolve("data/standby.signal"));
        standby.start();
        String coordinator = address(cluster.coordinator());
        settings.put("CITUS_HOST", address(dead) + "," + address(standby) + "," + coordinator);
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);

            assertThat(roster.get("/api/v1/status"))
                    .contains("\"address\":\"" + coordinator + "\"", "\"registered\":\"" + coordinator + "\"");
            assertThat(roster.output()).doesNotContain("\tat ");
        }
    }

    @Test
    void aStandbyAloneIsToldApartFromAnUnreachableServer() throws Exception {
        PostgresServer standby = cluster.addWorker();
        standby.stop();
        Files.createFile(standby.folder().resolve("data/standby.signal"));
        standby.start();
        settings.put("CITUS_HOST", address(standby));
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            eventually().until(() -> roster.get("/api/v1/status").contains("is a standby"));

            assertThat(roster.output()).contains("list all hosts there").doesNotContain("\tat ");
        }
    }

    @Test
    void serversAreAskedDirectlyOnRequest() throws Exception {
        PostgresServer dead = cluster.addWorker();
        dead.stop();
        settings.put("ROSTER_PROBE_MODE", "direct");
        settings.put("ROSTER_STATIC_WORKERS", settings.get("ROSTER_STATIC_WORKERS") + "," + address(dead));
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            eventually()
                    .until(() -> roster.get("/api/v1/workers").contains("refuses connections; start PostgreSQL there"));

            dead.start();

            roster.awaitMembers(3);
            assertThat(roster.output()).doesNotContain("\tat ");
        }
    }

    private static String address(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
