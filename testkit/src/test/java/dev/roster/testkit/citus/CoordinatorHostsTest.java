package dev.roster.testkit.citus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.roster.citus.CitusCatalog;
import dev.roster.citus.CoordinatorHosts;
import dev.roster.citus.CoordinatorSettings;
import dev.roster.cluster.CatalogStage.Fault;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.testkit.postgres.PostgresServer;
import java.sql.DriverManager;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** Several hosts in {@code CITUS_HOST}: only the writable one is used, and two writable ones end the pass. */
@Tag("catalog")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class CoordinatorHostsTest {

    private CitusStage stage;

    @BeforeEach
    void open() {
        stage = new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
    }

    @AfterEach
    void close() {
        stage.close();
    }

    @Test
    void theWritableOneIsUsedWhereverItStandsInTheList() throws CoordinatorUnavailable {
        HostPort standby = stage.newServer();
        stage.server(standby).restartAsStandby();
        HostPort nobody = stage.unfitServer(Fault.REFUSED);

        for (List<HostPort> hosts :
                List.of(List.of(standby, nobody, stage.coordinator()), List.of(stage.coordinator(), standby, nobody))) {
            try (Hosts of = new Hosts(hosts)) {
                assertThat(of.catalog().snapshot().coordinator().dialed()).isEqualTo(stage.coordinator());
            }
        }
        promote(standby);
    }

    @Test
    void twoWritableOnesAreNamedAndNothingIsReadUntilOneIsGone() throws CoordinatorUnavailable {
        HostPort other = stage.newServer();
        try (Hosts of = new Hosts(List.of(stage.coordinator(), other))) {
            CitusCatalog catalog = of.catalog();

            CoordinatorUnavailable both = catchThrowableOfType(CoordinatorUnavailable.class, catalog::snapshot);

            assertThat(both).hasMessageContaining("is writable in 2 places at once");
            assertThat(both.isSeveralWritable()).isTrue();
            for (HostPort each : List.of(stage.coordinator(), other)) {
                assertThat(both.getMessage())
                        .contains(each + " (system identifier "
                                + stage.identityOf(each).systemIdentifier() + ", timeline ");
            }
            assertThat(both.remedy()).contains("stop all but the one that holds the newest data");

            stage.server(other).restartAsStandby();
            assertThat(catalog.snapshot().nodes()).isEmpty();
            promote(other);
            assertThat(catchThrowableOfType(CoordinatorUnavailable.class, catalog::snapshot))
                    .hasMessageContaining("is writable in 2 places at once");

            stage.stop(other);
            assertThat(catalog.snapshot().nodes()).isEmpty();
        }
    }

    @Test
    void oneServerUnderTwoNamesIsOne() throws CoordinatorUnavailable {
        HostPort sameServer = new HostPort("localhost", stage.coordinator().port());
        try (Hosts of = new Hosts(List.of(stage.coordinator(), sameServer))) {
            assertThat(of.catalog().snapshot().nodes()).isEmpty();
            stage.execute(
                    stage.coordinator(),
                    List.of("SELECT citus_set_coordinator_host('localhost', " + sameServer.port() + ")"));

            assertThat(of.catalog().snapshot().coordinator().dialed()).isEqualTo(sameServer);
        }
    }

    @Test
    void aHostThatNeverAnswersIsWaitedForOnceOnly() throws CoordinatorUnavailable {
        HostPort silent = stage.unfitServer(Fault.BLACK_HOLE);
        try (Hosts of = new Hosts(List.of(stage.coordinator(), silent))) {
            CitusCatalog catalog = of.catalog();

            assertThat(catalog.snapshot().nodes()).isEmpty();
            assertThat(catalog.snapshot().nodes()).isEmpty();
        }
    }

    @Test
    void ifNoneIsWritableEachIsSaid() {
        HostPort standby = stage.newServer();
        stage.server(standby).restartAsStandby();
        HostPort nobody = stage.unfitServer(Fault.REFUSED);
        try (Hosts of = new Hosts(List.of(standby, nobody))) {
            CoordinatorUnavailable none = catchThrowableOfType(
                    CoordinatorUnavailable.class, () -> of.catalog().snapshot());

            assertThat(none)
                    .hasMessageContaining("is writable nowhere: " + standby + " is a standby; " + nobody
                            + " cannot be asked (Connection to " + nobody + " refused");
            assertThat(none.isSeveralWritable()).isFalse();
        }
        promote(standby);
    }

    private void promote(HostPort standby) {
        PostgresServer server = stage.server(standby);
        assertThat(server.query("SELECT pg_promote()")).isEqualTo("t");
    }

    /** A catalog as the service makes it for these hosts. */
    private final class Hosts implements AutoCloseable {

        private final CoordinatorSettings settings;
        private final CoordinatorHosts hosts;

        Hosts(List<HostPort> list) {
            CoordinatorSettings plain = stage.settings();
            this.settings = new CoordinatorSettings(
                    list, plain.database(), plain.user(), plain.limits(), plain.ledger(), plain.createExtension());
            this.hosts = new CoordinatorHosts(
                    host -> DriverManager.getConnection("jdbc:postgresql://" + host + "/" + plain.database()
                            + "?user=postgres&connectTimeout=2&loginTimeout=2"),
                    settings);
        }

        CitusCatalog catalog() {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setUrl("jdbc:postgresql://"
                    + settings.hosts().stream().map(HostPort::toString).collect(Collectors.joining(","))
                    + "/" + settings.database()
                    + "?user=postgres&targetServerType=primary&hostRecheckSeconds=0&connectTimeout=2&loginTimeout=4");
            return new CitusCatalog(source, hosts, settings, InstantSource.system());
        }

        @Override
        public void close() {
            hosts.close();
        }
    }
}
