package dev.roster.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class PostgresServerTest {

    private static final PostgresOptions PLAIN = PostgresOptions.of(PostgresBinaries.embedded());
    private static final String IDENTIFIER = "SELECT system_identifier FROM pg_control_system()";

    @Test
    void keepsPortAndDataOverRestartAndKill() {
        try (PostgresServer server = PostgresServer.start(PLAIN)) {
            server.execute("CREATE TABLE kept (id int)", "INSERT INTO kept VALUES (7)");
            int port = server.port();

            server.restart();
            assertThat(server.query("SELECT id FROM kept")).isEqualTo("7");

            server.kill();
            assertThat(server.isRunning()).isFalse();
            server.start();
            assertThat(server.query("SELECT id FROM kept")).isEqualTo("7");
            assertThat(server.port()).isEqualTo(port);
        }
    }

    @Test
    void wipedServerIsAnotherServerOnTheSamePort() {
        try (PostgresServer server = PostgresServer.start(PLAIN)) {
            String before = server.query(IDENTIFIER);
            int port = server.port();

            server.wipe();

            assertThat(server.query(IDENTIFIER)).isNotEqualTo(before);
            assertThat(server.port()).isEqualTo(port);
        }
    }

    @Test
    void demandsThePasswordItWasGiven() {
        String secret = "a b'c\"d\\e@f%ü";
        try (PostgresServer server = PostgresServer.start(PLAIN.withPassword(secret))) {
            assertThat(server.query("SELECT 1")).isEqualTo("1");

            assertThatThrownBy(() -> server.dataSource("postgres", "wrong").getConnection())
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void demandsThePasswordStillAfterARestartAndWhenItIsAnotherServer() {
        try (PostgresServer server = PostgresServer.start(PLAIN.withPassword("s3cret"))) {
            String before = server.query(IDENTIFIER);

            server.restart();
            assertThat(server.query(IDENTIFIER)).isEqualTo(before);

            server.wipe();
            assertThat(server.query(IDENTIFIER)).isNotEqualTo(before);
            assertThatThrownBy(() -> server.dataSource("postgres", "wrong").getConnection())
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void isAStandbyUntilItIsPromoted() {
        try (PostgresServer server = PostgresServer.start(PLAIN)) {
            server.restartAsStandby();
            assertThat(server.query("SELECT pg_is_in_recovery()")).isEqualTo("t");
            assertThatThrownBy(() -> server.execute("CREATE TABLE t (id int)"))
                    .hasMessageContaining("read-only transaction");

            assertThat(server.query("SELECT pg_promote()")).isEqualTo("t");
            server.execute("CREATE TABLE t (id int)");
        }
    }

    @Test
    void leavesNothingBehindWhenClosed() {
        PostgresServer server = PostgresServer.start(PLAIN);

        server.close();
        server.close();

        assertThat(server.isRunning()).isFalse();
        assertThat(Files.exists(server.folder())).isFalse();
    }

    @Test
    void saysInTheServersWordsWhyItDoesNotStart() {
        assertThatThrownBy(() -> PostgresServer.start(PLAIN.with("max_connections", "none")))
                .hasMessageContaining("invalid value for parameter");
    }
}
