package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of the password while the packaged application runs: read anew for each connection. */
class SecretsIT {

    private static final String PASSWORD = "right-one";

    /** The server ends every session of Roster, so that it needs new connections. */
    private static final String END_ALL_SESSIONS =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'roster%'";

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Path secret;
    private Map<String, String> settings;

    @BeforeEach
    void startACluster() throws Exception {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 1, options -> options.withPassword(PASSWORD));
        secret = Files.writeString(folder.resolve("secret"), PASSWORD + "\n");
        settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
        settings.put("POSTGRES_PASSWORD_FILE", secret.toString());
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    @Test
    void aFileThatVanishesIsOneSentenceUntilItIsBack() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitReady();

            Files.delete(secret);
            cluster.coordinator().query(END_ALL_SESSIONS);

            String sentence = "The file " + secret + " of POSTGRES_PASSWORD_FILE cannot be read (it is not there)";
            RosterProcess.eventually().until(() -> roster.get("/api/v1/status").contains(sentence));
            RosterProcess.eventually().until(() -> roster.get("/q/health/ready").contains("\"status\": \"DOWN\""));

            Files.writeString(secret, PASSWORD);

            roster.awaitReady();
            assertThat(roster.output().lines().filter(line -> line.contains(sentence)))
                    .singleElement()
                    .asString()
                    .contains("make it readable");
            assertThat(roster.output()).doesNotContain("\tat ", PASSWORD);
        }
    }

    @Test
    void anEmptyFileIsOneSentenceUntilItIsFilled() throws Exception {
        Files.writeString(secret, "\n");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            RosterProcess.eventually().until(() -> roster.get("/api/v1/status").contains("rejects the connection"));

            Files.writeString(secret, PASSWORD);

            roster.awaitReady();
            assertThat(roster.output().lines().filter(line -> line.contains("rejects the connection")))
                    .singleElement()
                    .asString()
                    .contains("POSTGRES_PASSWORD_FILE");
            assertThat(roster.output()).doesNotContain("\tat ", PASSWORD);
        }
    }

    @Test
    void aPasswordThatChangesNeedsNoRestart() throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitReady();

            Files.writeString(secret, "the-next-one\n");
            cluster.coordinator()
                    .execute(
                            "ALTER ROLE " + cluster.coordinator().user() + " PASSWORD 'the-next-one'",
                            END_ALL_SESSIONS);

            RosterProcess.eventually()
                    .untilAsserted(
                            () -> assertThat(roster.get("/api/v1/journal")).contains("added"));
            roster.awaitReady();
        }
    }
}
