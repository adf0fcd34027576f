package dev.roster.testkit.citus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.roster.citus.CitusCatalog;
import dev.roster.citus.DirectProbe;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ProbeResult;
import dev.roster.testkit.postgres.PostgresOptions;
import dev.roster.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Direct probes, and reading the coordinator, with the meanings of {@code PGSSLMODE} and {@code PGSSLROOTCERT}. */
@Tag("catalog")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TlsTest {

    @TempDir
    private static Path folder;

    // Made once before all tests.
    private static PostgresServer encrypted;
    private static Path authority;
    private static Path otherAuthority;

    private CitusStage stage;

    @BeforeAll
    static void startWithTls() throws IOException {
        Certificate certificate = Certificate.made(folder, "ip:127.0.0.1");
        authority = Files.writeString(folder.resolve("root.crt"), certificate.certificate());
        otherAuthority = Files.writeString(
                folder.resolve("other.crt"),
                Certificate.made(folder, "dns:elsewhere.example").certificate());
        encrypted = PostgresServer.start(
                PostgresOptions.of(CitusFlavour.STAND_IN.binariesIfPresent().orElseThrow())
                        .with("shared_preload_libraries", "citus"));
        encrypted.writeFile("data/server.crt", certificate.certificate());
        encrypted.writeFile("data/server.key", certificate.key());
        encrypted.execute("ALTER SYSTEM SET ssl = on");
        encrypted.restart();
    }

    @AfterAll
    static void stop() {
        encrypted.close();
    }

    @BeforeEach
    void open() {
        stage = new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
        encrypted.execute("CREATE DATABASE \"" + stage.database() + "\"");
        encrypted.executeIn(stage.database(), "CREATE EXTENSION citus");
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void aDirectProbeChecksTheWorkersCertificate() throws CoordinatorUnavailable {
        HostPort worker = new HostPort("127.0.0.1", encrypted.port());

        for (String mode : List.of("sslmode=require", "sslmode=verify-full&sslrootcert=" + authority)) {
            assertThat(probed(worker, mode)).as(mode).isInstanceOf(ProbeResult.Answered.class);
        }
        assertThat(failed(worker, "sslmode=verify-full&sslrootcert=" + otherAuthority))
                .contains("has a certificate that PGSSLMODE does not accept")
                .contains("PGSSLROOTCERT");
    }

    @Test
    void theCertificateHasToCarryTheName() throws CoordinatorUnavailable {
        HostPort byName = new HostPort("localhost", encrypted.port());

        assertThat(probed(byName, "sslmode=verify-ca&sslrootcert=" + authority))
                .isInstanceOf(ProbeResult.Answered.class);
        assertThat(failed(byName, "sslmode=verify-full&sslrootcert=" + authority))
                .contains("has a certificate that PGSSLMODE does not accept")
                .contains("let the certificate carry the worker's name");
    }

    @Test
    void aServerWithoutTlsIsSaidWhereItIsDemanded() throws CoordinatorUnavailable {
        HostPort plain = stage.newServer();

        assertThat(probed(plain, "sslmode=prefer")).isInstanceOf(ProbeResult.Answered.class);
        assertThat(failed(plain, "sslmode=require")).contains("offers no TLS, which PGSSLMODE demands");
        assertThat(unreadable(plain, "sslmode=require")).hasMessageContaining("offers no TLS, which PGSSLMODE demands");
    }

    @Test
    void theCoordinatorsCertificateIsChecked() throws CoordinatorUnavailable {
        HostPort coordinator = new HostPort("127.0.0.1", encrypted.port());

        assertThat(catalog(coordinator, "sslmode=verify-full&sslrootcert=" + authority)
                        .snapshot()
                        .nodes())
                .isEmpty();
        CoordinatorUnavailable untrusted = unreadable(coordinator, "sslmode=verify-full&sslrootcert=" + otherAuthority);
        assertThat(untrusted).hasMessageContaining("has a certificate that PGSSLMODE does not accept");
        assertThat(untrusted.remedy()).contains("PGSSLROOTCERT");
    }

    private String failed(HostPort worker, String tls) throws CoordinatorUnavailable {
        ProbeResult result = probed(worker, tls);
        assertThat(result)
                .isInstanceOfSatisfying(
                        ProbeResult.Failed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(ProbeFailure.LOGIN));
        return ((ProbeResult.Failed) result).sentence();
    }

    private ProbeResult probed(HostPort worker, String tls) throws CoordinatorUnavailable {
        DirectProbe probe = new DirectProbe(
                stage.source(),
                (server, database) -> DriverManager.getConnection(
                        "jdbc:postgresql://" + server + "/" + database + "?user=postgres&loginTimeout=5&" + tls),
                stage.settings(),
                InstantSource.system());
        return Objects.requireNonNull(
                probe.probe(List.of(new ProbeRequest(worker, ProbeRequest.Depth.CANDIDATE, Optional.empty())))
                        .get(worker));
    }

    private CoordinatorUnavailable unreadable(HostPort coordinator, String tls) {
        return catchThrowableOfType(
                CoordinatorUnavailable.class, () -> catalog(coordinator, tls).snapshot());
    }

    private CitusCatalog catalog(HostPort coordinator, String tls) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl("jdbc:postgresql://" + coordinator + "/" + stage.database() + "?user=postgres&" + tls);
        return new CitusCatalog(source, stage.settings(), InstantSource.system());
    }
}
