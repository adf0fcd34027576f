package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** libpq's variables for encryption, from the packaged application to a coordinator with a self-made certificate. */
class EncryptionIT {

    private static final String PLAIN_SESSIONS = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
            + " WHERE application_name LIKE 'roster%' AND NOT ssl";
    private static final String ENCRYPTED_SESSIONS =
            "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
                    + " WHERE application_name LIKE 'roster%' AND ssl";

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Map<String, String> settings;

    @BeforeEach
    void startACluster() {
        cluster = CitusCluster.start(1);
        settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
    }

    @AfterEach
    void endIt() {
        cluster.close();
    }

    @Test
    void requiredEncryptionIsWaitedForAndThenUsedByEverySession() throws Exception {
        cluster.coordinator().execute("ALTER SYSTEM SET ssl = off", "SELECT pg_reload_conf()");
        settings.put("PGSSLMODE", "require");
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            eventually().until(() -> roster.get("/api/v1/status").contains("offers no TLS"));
            assertThat(roster.output().lines().filter(line -> line.contains("offers no TLS")))
                    .singleElement()
                    .asString()
                    .contains("switch ssl on there");

            Certificate.of("coordinator", "127.0.0.1", folder).install(cluster.coordinator());

            roster.awaitMembers(1);
            assertThat(cluster.coordinator().query(PLAIN_SESSIONS)).isEqualTo("0");
            assertThat(cluster.coordinator().query(ENCRYPTED_SESSIONS)).isNotEqualTo("0");
            assertThat(roster.output()).doesNotContain("\tat ");
        }
    }

    @Test
    void theCertificateAndItsNameAreVerified() throws Exception {
        Certificate certificate = Certificate.of("coordinator", "127.0.0.1", folder);
        certificate.install(cluster.coordinator());
        settings.put("PGSSLMODE", "verify-full");
        settings.put("PGSSLROOTCERT", certificate.certificate().toString());
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(1);

            assertThat(cluster.coordinator().query(PLAIN_SESSIONS)).isEqualTo("0");
        }
    }

    @Test
    void anotherAuthoritysCertificateIsOneSentence() throws Exception {
        Certificate.of("coordinator", "127.0.0.1", folder).install(cluster.coordinator());
        settings.put("PGSSLMODE", "verify-ca");
        settings.put(
                "PGSSLROOTCERT",
                Certificate.of("another", "127.0.0.1", folder).certificate().toString());
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            eventually()
                    .until(() ->
                            roster.get("/api/v1/status").contains("has a certificate that PGSSLMODE does not accept"));

            assertThat(roster.output().lines().filter(line -> line.contains("has a certificate that")))
                    .singleElement()
                    .asString()
                    .contains("PGSSLROOTCERT");
            assertThat(roster.output()).doesNotContain("\tat ");
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefusedWithItsReason() throws Exception {
        Certificate certificate = Certificate.of("coordinator", "127.0.0.2", folder);
        certificate.install(cluster.coordinator());
        settings.put("PGSSLMODE", "verify-full");
        settings.put("PGSSLROOTCERT", certificate.certificate().toString());
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            eventually()
                    .until(() ->
                            roster.get("/api/v1/status").contains("has a certificate that PGSSLMODE does not accept"));

            assertThat(roster.output()).doesNotContain("\tat ");
        }
    }
}
