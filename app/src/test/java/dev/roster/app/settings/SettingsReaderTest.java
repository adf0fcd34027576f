package dev.roster.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.WorkerDiscoveryProvider;
import dev.roster.plan.PlanSettings;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsReaderTest {

    private static final List<WorkerDiscoveryProvider> TWO_SOURCES = new SettingsReader()
            .providers().stream()
                    .filter(provider -> List.of("docker", "static").contains(provider.type()))
                    .toList();

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> properties = new HashMap<>();

    @TempDir
    Path folder;

    @Nested
    class WithNothingSet {

        @Test
        void everyDefaultIsTheSafeOne() {
            RosterSettings settings = read();

            assertThat(settings.coordinator().hosts()).containsExactly(new HostPort("master", 5432));
            assertThat(settings.coordinator().user()).isEqualTo("postgres");
            assertThat(settings.coordinator().database()).isEqualTo("postgres");
            assertThat(settings.coordinator().password()).isEqualTo(new Password.None());
            assertThat(settings.coordinator().sslMode()).isEqualTo(SslMode.PREFER);
            assertThat(settings.sources())
                    .extracting(source -> source.provider().type())
                    .containsExactly("docker");
            assertThat(settings.plan().coordinator().hosts())
                    .isEqualTo(settings.coordinator().hosts());
            assertThat(settings.plan())
                    .usingRecursiveComparison()
                    .ignoringFields("coordinator.hosts")
                    .isEqualTo(PlanSettings.DEFAULTS);
            assertThat(settings.passInterval()).isEqualTo(Duration.ofSeconds(30));
            assertThat(settings.probeMode()).isEqualTo(RosterConfig.ProbeMode.COORDINATOR);
            assertThat(settings.probeTimeout()).isEqualTo(Duration.ofSeconds(3));
            assertThat(settings.ledger()).isEqualTo(RosterConfig.Ledger.DATABASE);
            assertThat(settings.createExtension()).isFalse();
            assertThat(settings.run()).isEqualTo(RosterConfig.Run.FOREVER);
            assertThat(settings.readyFile()).isEmpty();
        }

        @Test
        void theReadyFileIsWhereTheOfficialComposeFileLooksForItIfThatFolderExists() throws IOException {
            Files.createDirectory(folder.resolve("healthcheck"));

            assertThat(read().readyFile()).contains(folder.resolve("healthcheck/manager-ready"));
        }
    }

    @Nested
    class TheToken {

        @Test
        void isTrimmedAndNeitherExpandedNorPrinted() throws IOException {
            environment.put("ROSTER_API_TOKEN", "  s3cret-${HOME}\n");

            ApiToken token = read().api().token();

            assertThat(token.read()).contains("s3cret-${HOME}");
            assertThat(token.toString()).doesNotContain("s3cret");
        }

        @Test
        void mayStandInAFile() throws IOException {
            Path file = Files.writeString(folder.resolve("token"), "s3cret\n");
            environment.put("ROSTER_API_TOKEN_FILE", file.toString());

            assertThat(read().api().token().read()).contains("s3cret");
        }

        @Test
        void inTwoPlacesIsAFault() throws IOException {
            Path file = Files.writeString(folder.resolve("token"), "s3cret\n");
            environment.put("ROSTER_API_TOKEN", "another");
            environment.put("ROSTER_API_TOKEN_FILE", file.toString());

            assertThat(faults())
                    .containsExactly("ROSTER_API_TOKEN and ROSTER_API_TOKEN_FILE are both set, the latter to '" + file
                            + "'; accepted: one of them");
        }

        @Test
        void inAFileThatCannotBeReadIsAFault() {
            environment.put("ROSTER_API_TOKEN_FILE", folder.resolve("missing").toString());

            assertThat(faults())
                    .singleElement()
                    .asString()
                    .contains("ROSTER_API_TOKEN_FILE is '", "which cannot be read or holds no token");
        }

        @Test
        void withABlankInItIsAFaultThatDoesNotShowIt() {
            environment.put("ROSTER_API_TOKEN", "s3cret two");

            assertThat(faults()).containsExactly("ROSTER_API_TOKEN is ***; accepted: ASCII characters without blanks");
        }

        @Test
        void isNeededIfReadersHaveToSendIt() {
            environment.put("ROSTER_API_READS", "token");

            assertThat(faults()).singleElement().asString().startsWith("ROSTER_API_TOKEN is not set, and");
        }
    }

    @Nested
    class ThePeersVariables {

        @Test
        void nameTheCoordinator() {
            environment.put("CITUS_HOST", "shop_master");
            environment.put("POSTGRES_USER", "shop");
            environment.put("POSTGRES_PASSWORD", "secret");

            CoordinatorAccess access = read().coordinator();

            assertThat(access.hosts()).containsExactly(new HostPort("shop_master", 5432));
            assertThat(access.user()).isEqualTo("shop");
            assertThat(access.database()).isEqualTo("shop");
            assertThat(access.password()).isEqualTo(new Password.Literal("secret"));
        }

        @Test
        void mayListHostsWithAndWithoutPorts() {
            environment.put("CITUS_HOST", "a, b:6000,[fd00::1]:7000");
            environment.put("ROSTER_COORDINATOR_PORT", "5555");

            assertThat(read().coordinator().hosts())
                    .containsExactly(new HostPort("a", 5555), new HostPort("b", 6000), new HostPort("fd00::1", 7000));
        }

        @Test
        void knowTheOtherNameOfTheHost() {
            environment.put("COORDINATOR_HOST", "db.example.com");

            assertThat(read().coordinator().hosts()).containsExactly(new HostPort("db.example.com", 5432));
        }

        @Test
        void nameTheDatabase() {
            environment.put("POSTGRES_DB", "orders");

            assertThat(read().coordinator().database()).isEqualTo("orders");
        }

        @ParameterizedTest
        @ValueSource(strings = {"a b", " ' \" ", "back\\slash", "p@ss%41:/word", "pä$${x}${y}", "密码", "a,b"})
        void takeAPasswordAsItStandsWhateverIsInIt(String password) {
            environment.put("POSTGRES_PASSWORD", password);

            assertThat(read().coordinator().password()).isEqualTo(new Password.Literal(password));
        }

        @Test
        void anEmptyPasswordIsNone() {
            environment.put("POSTGRES_PASSWORD", "");

            assertThat(read().coordinator().password()).isEqualTo(new Password.None());
        }

        @Test
        void thePasswordMayStandInAFileThatIsReadEachTime() throws IOException {
            Path secret = Files.writeString(folder.resolve("secret"), "first\n");
            environment.put("POSTGRES_PASSWORD_FILE", secret.toString());
            Password password = read().coordinator().password();

            assertThat(password.read()).isEqualTo("first");
            Files.writeString(secret, " second \r\n");
            assertThat(password.read()).isEqualTo(" second ");
        }

        @Test
        void aCertificateGoesWithTheMode() throws IOException {
            Path certificate = Files.writeString(folder.resolve("root.crt"), "");
            environment.put("PGSSLMODE", "verify-full");
            environment.put("PGSSLROOTCERT", certificate.toString());

            assertThat(read().coordinator().sslMode()).isEqualTo(SslMode.VERIFY_FULL);
            assertThat(read().coordinator().sslRootCert()).contains(certificate);
        }
    }

    @Nested
    class TheDatabaseUrl {

        @Test
        void winsOverTheSingleVariables() {
            environment.put("DATABASE_URL", "postgresql://u%40x:p%2Fw%25@one:6000,[fd00::1]/my%20db?sslmode=require");
            environment.put("CITUS_HOST", "other");
            environment.put("POSTGRES_USER", "other");
            environment.put("POSTGRES_PASSWORD", "other");
            environment.put("POSTGRES_DB", "other");

            CoordinatorAccess access = read().coordinator();

            assertThat(access.hosts()).containsExactly(new HostPort("one", 6000), new HostPort("fd00::1", 5432));
            assertThat(access.user()).isEqualTo("u@x");
            assertThat(access.password()).isEqualTo(new Password.Literal("p/w%"));
            assertThat(access.database()).isEqualTo("my db");
            assertThat(access.sslMode()).isEqualTo(SslMode.REQUIRE);
        }

        @Test
        void leavesToThemWhatItDoesNotSay() {
            environment.put("DATABASE_URL", "postgres://host/db");
            environment.put("POSTGRES_USER", "u");
            environment.put("POSTGRES_PASSWORD", "p+q");

            CoordinatorAccess access = read().coordinator();

            assertThat(access.user()).isEqualTo("u");
            assertThat(access.password()).isEqualTo(new Password.Literal("p+q"));
        }

        @Test
        void keepsAPlusSign() {
            environment.put("DATABASE_URL", "postgres://u:a+b@host");

            assertThat(read().coordinator().password()).isEqualTo(new Password.Literal("a+b"));
        }

        @ParameterizedTest
        @CsvSource(delimiter = '|', textBlock = """
                        jdbc:postgresql://u:s3cret@h/db     | does not begin with postgresql:// or postgres://
                        postgres://u:s3cret%zz@h/db         | has a percent sign that begins no percent-encoded byte
                        postgres://u:s3cret@h:0/db          | has a port outside 1 to 65535
                        postgres://u:s3cret@h:70000/db      | has a port outside 1 to 65535
                        postgres://u:s3cret@:5432/db        | has an empty host
                        postgres://u:s3cret@h/db?user=x     | has a parameter that Roster does not know
                        postgres://u:s3cret@h/db?sslmode    | has a parameter without a name or a value after the question mark
                        postgres://u:s3cret@%2Frun%2Fpg/db  | names a Unix socket, and workers could not reach that
                        """)
        void isRefusedWithAReasonAndWithoutItsPassword(String url, String reason) {
            environment.put("DATABASE_URL", url);

            assertThat(faults()).singleElement().asString().startsWith("DATABASE_URL is ***, which " + reason);
            assertThat(faults().toString()).doesNotContain("s3cret");
        }

        @Test
        void namesItsParameterWhereThatIsWrong() {
            environment.put("DATABASE_URL", "postgres://h/db?sslmode=maybe");

            assertThat(faults())
                    .singleElement()
                    .asString()
                    .startsWith("DATABASE_URL's sslmode is 'maybe'")
                    .endsWith("accepted: disable, allow, prefer, require, verify-ca, verify-full");
        }
    }

    @Nested
    class BadInput {

        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                        ROSTER_MODE             | manag     | ROSTER_MODE is 'manag'; accepted: manage, add-only, observe
                        ROSTER_RUN              | twice     | ROSTER_RUN is 'twice'; accepted: forever, once
                        ROSTER_PASS_INTERVAL    | soon      | ROSTER_PASS_INTERVAL is 'soon'; accepted: a duration such as 500ms, 30s, 5m, 1h or 2d
                        ROSTER_PASS_INTERVAL    | 0s        | ROSTER_PASS_INTERVAL is '0s'; accepted: a duration such as 500ms, 30s, 5m, 1h or 2d
                        ROSTER_PROBE_TIMEOUT    | -3s       | ROSTER_PROBE_TIMEOUT is '-3s'; accepted: a duration such as 500ms, 30s, 5m, 1h or 2d
                        ROSTER_DISABLE_AFTER    | nevr      | ROSTER_DISABLE_AFTER is 'nevr'; accepted: never, or a duration such as 500ms, 30s, 5m, 1h or 2d
                        ROSTER_PROVISION_CREATE_EXTENSION | yep | ROSTER_PROVISION_CREATE_EXTENSION is 'yep'; accepted: true or false
                        ROSTER_COORDINATOR_PORT | 0         | ROSTER_COORDINATOR_PORT is '0'; accepted: a port from 1 to 65535
                        ROSTER_COORDINATOR_PORT | 70000     | ROSTER_COORDINATOR_PORT is '70000'; accepted: a port from 1 to 65535
                        ROSTER_DISCOVERY        | dokcer    | ROSTER_DISCOVERY is 'dokcer', which names no source 'dokcer'; accepted: docker, static; several separated by commas
                        ROSTER_DISCOVERY        | docker,docker | ROSTER_DISCOVERY is 'docker,docker', which names docker twice; accepted: docker, static; several separated by commas
                        CITUS_HOST              | ""        | CITUS_HOST is empty, which has an empty host; accepted: host or host:port, several separated by commas
                        CITUS_HOST              | a,,b      | CITUS_HOST is 'a,,b', which has an empty host; accepted: host or host:port, several separated by commas
                        CITUS_HOST              | a:0       | CITUS_HOST is 'a:0', which has a port outside 1 to 65535; accepted: host or host:port, several separated by commas
                        PGSSLMODE               | on        | PGSSLMODE is 'on', which is none of them; accepted: disable, allow, prefer, require, verify-ca, verify-full
                        """)
        void isOneLineNamingKeyValueAndWhatIsAccepted(String key, String value, String line) {
            environment.put(key, value);

            assertThat(faults()).containsExactly(line);
        }

        @Test
        void namesThePropertyWhereAPropertyWasWritten() {
            properties.put("roster.mode", "manag");

            assertThat(faults()).containsExactly("roster.mode is 'manag'; accepted: manage, add-only, observe");
        }

        @Test
        void isToldAllAtOnce() {
            environment.put("ROSTER_MODE", "x");
            environment.put("ROSTER_MOOD", "x");
            environment.put("CITUS_HOST", ":1");
            environment.put("ROSTER_DISCOVERY", "carrier-pigeon");

            assertThat(faults()).hasSize(4);
            assertThatThrownBy(SettingsReaderTest.this::read)
                    .hasMessageStartingWith("Roster cannot start, its configuration has 4 faults:\n  ROSTER_MOOD ");
        }

        @Test
        void anOptionOfAPlugInIsToldInThePlugInsWords() {
            environment.put("ROSTER_DISCOVERY", "static");
            environment.put("ROSTER_STATIC_WORKERS", "a:0");

            assertThat(faults())
                    .containsExactly(
                            "ROSTER_STATIC_WORKERS is 'a:0', which has the entry 'a:0', which has a port outside 1 to"
                                    + " 65535; accepted: host[:port][@group], separated by commas");
        }

        @Test
        void anOptionThatASourceNeedsIsAskedFor() {
            environment.put("ROSTER_DISCOVERY", "static");

            assertThat(faults()).singleElement().asString().startsWith("roster.static.workers is not set");
        }

        @Test
        void twoPasswordsContradictEachOther() throws IOException {
            Path secret = Files.writeString(folder.resolve("secret"), "hidden");
            environment.put("POSTGRES_PASSWORD", "s3cret");
            environment.put("POSTGRES_PASSWORD_FILE", secret.toString());

            assertThat(faults())
                    .containsExactly("POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE are both set, the latter to '"
                            + secret + "'; accepted: one of them");
        }

        @Test
        void aSecretFileMustBeThere() {
            environment.put("POSTGRES_PASSWORD_FILE", "/nowhere/secret");

            assertThat(faults())
                    .containsExactly("POSTGRES_PASSWORD_FILE is '/nowhere/secret', which is not there or is no file;"
                            + " accepted: the path of a file that Roster may read");
        }

        @Test
        void aLoopbackCoordinatorNeedsAnotherNameForWorkers() {
            environment.put("CITUS_HOST", "localhost");
            assertThat(faults())
                    .singleElement()
                    .asString()
                    .startsWith(
                            "ROSTER_COORDINATOR_ADVERTISED is not set, and the coordinator's address localhost:5432 means"
                                    + " another server on every worker");

            environment.put("ROSTER_COORDINATOR_ADVERTISED", "db.example.com:6000");
            assertThat(read().plan().coordinator().advertised()).contains(new HostPort("db.example.com", 6000));
        }
    }

    @Nested
    class UnknownNames {

        @ParameterizedTest
        @CsvSource({
            "ROSTER_MOOD, ROSTER_MODE",
            "ROSTER_STATIC_WORKER, ROSTER_STATIC_WORKERS",
            "ROSTER_READYFILE, ROSTER_READY_FILE",
            "ROSTER_DEPARTURE_GRACE_TIME, ROSTER_DEPARTURE_GRACE"
        })
        void areFaultsWithTheNearestKey(String name, String meant) {
            environment.put(name, "x");

            assertThat(faults()).containsExactly(name + " is no setting of Roster; did you mean " + meant + "?");
        }

        @Test
        void areFaultsAmongPropertiesToo() {
            properties.put("roster.pass.intervall", "1s");

            assertThat(faults())
                    .containsExactly(
                            "roster.pass.intervall is no setting of Roster; did you mean roster.pass.interval?");
        }

        @ParameterizedTest
        @CsvSource({
            "ROSTER_SERVICE_HOST, 10.0.0.1",
            "ROSTER_SERVICE_PORT, 8080",
            "ROSTER_SERVICE_PORT_HTTP, 8080",
            "ROSTER_PORT, tcp://10.0.0.1:8080",
            "ROSTER_PORT_8080_TCP, tcp://10.0.0.1:8080",
            "ROSTER_PORT_8080_TCP_PROTO, tcp",
            "ROSTER_PORT_8080_TCP_PORT, 8080",
            "ROSTER_PORT_8080_TCP_ADDR, 10.0.0.1",
            "ROSTER_METRICS_PORT, tcp://10.0.0.1:9090",
            "ROSTER_JAVA_HOME, /opt/jdk"
        })
        void thatAnOrchestratorOrTheLauncherSetsAreLeftAlone(String name, String value) {
            environment.put(name, value);

            assertThat(read()).isNotNull();
        }

        @Test
        void ofOtherProgramsAreNoneOfRostersBusiness() {
            environment.put("ROSTERING", "x");
            properties.put("rosters.mode", "x");

            assertThat(read()).isNotNull();
        }
    }

    @Test
    void aBlankSettingCountsAsNotSetSinceComposeFilesPassOnUnsetVariablesSo() {
        environment.put("ROSTER_MODE", "");
        environment.put("ROSTER_READY_FILE", " ");
        environment.put("POSTGRES_DB", "");

        assertThat(read().plan().mode()).isEqualTo(PlanSettings.Mode.MANAGE);
        assertThat(read().coordinator().database()).isEqualTo("postgres");
    }

    @Test
    void wordsAreReadInAnyCase() {
        environment.put("ROSTER_MODE", "ADD_ONLY");
        environment.put("ROSTER_DISCOVERY", "Docker");

        assertThat(read().plan().mode()).isEqualTo(PlanSettings.Mode.ADD_ONLY);
    }

    @Test
    void sourcesKeepTheirOrder() {
        environment.put("ROSTER_DISCOVERY", "static, docker");
        environment.put("ROSTER_STATIC_WORKERS", "a");

        assertThat(read().sources())
                .extracting(source -> source.provider().type())
                .containsExactly("static", "docker");
    }

    @Test
    void aRunThatEndsNeverRemovesAndHasNoReadyFile() {
        environment.put("ROSTER_READY_FILE", folder.resolve("ready").toString());

        RosterSettings once = read().forOneRun();

        assertThat(once.plan().once()).isTrue();
        assertThat(once.readyFile()).isEmpty();
    }

    @Test
    void settingsPrintWithoutThePassword() {
        environment.put("POSTGRES_PASSWORD", "s3cret");

        assertThat(read().toString()
                        + read().coordinator()
                        + read().coordinator().password())
                .doesNotContain("s3cret");
    }

    private List<String> faults() {
        InvalidConfiguration refused = catchThrowableOfType(InvalidConfiguration.class, this::read);
        return refused.faults().stream().map(Fault::line).toList();
    }

    private RosterSettings read() {
        return new SettingsReader(TWO_SOURCES, folder.resolve("healthcheck"))
                .read(new SmallRyeConfigBuilder()
                        .withSources(
                                new EnvConfigSource(environment, 300),
                                new PropertiesConfigSource(properties, "file", 100))
                        .build());
    }
}
