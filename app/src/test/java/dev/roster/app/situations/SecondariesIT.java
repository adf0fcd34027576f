package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Situation;
import dev.roster.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Standbys that replicate for real, registered as Citus secondaries: through a failover and back, until they are gone. */
class SecondariesIT extends StandbySituations {

    @Test
    void aStandbyIsRegisteredAndChangesPlacesByAFailoverAndItsRowGoesWithIt() {
        PostgresServer standby = standbyOf(primary);
        String node;
        String secondary;
        try (EngineUnderTest roster = roster(Map.of("ROSTER_SECONDARIES", "register"), other(), primary, standby)) {
            joinedWithTable(roster);
            awaitRole(roster, standby, "secondary");
            assertThat(roster.awaitVerdict(name(standby), Situation.MEMBER))
                    .contains("Secondary of group", "bytes behind");
            node = nodeAt(primary);
            secondary = nodeAt(standby);
            replicated(roster, primary, standby);

            primary.kill();
            standby.query("SELECT pg_promote()");
            awaitRole(roster, standby, "primary");
            assertThat(nodeAt(standby)).isEqualTo(node);
            assertThat(role(primary)).isEqualTo("secondary");
            assertThat(nodeAt(primary)).isEqualTo(secondary);

            primary.startAsStandbyOf(standby);
            roster.awaitVerdict(name(primary), Situation.MEMBER);
            roster.awaitPasses(2);
            assertThat(role(primary)).isEqualTo("secondary");
            assertThat(coordinator("SELECT count(*) FROM pg_dist_node WHERE groupid > 0"))
                    .isEqualTo("3");
            assertThat(coordinator("SELECT count(*) FROM roster.journal WHERE action = 'other-writer'"))
                    .isEqualTo("0");
            onRealCitus(() -> assertThat(coordinator("SELECT count(*) FROM public.orders"))
                    .isEqualTo("1000"));
        }

        primary.stop();
        try (EngineUnderTest roster = roster(Map.of("ROSTER_DEPARTURE_GRACE", "2s"), other(), standby)) {
            roster.awaitGone(name(primary));
            assertThat(nodeAt(standby)).isEqualTo(node);
            assertThat(coordinator("SELECT sentence FROM roster.journal ORDER BY id DESC LIMIT 1"))
                    .startsWith("Secondary " + name(primary) + " of group ");
        }
    }

    @Test
    void readersThatWantSecondariesReadFromThem() throws SQLException {
        keepsRows();
        PostgresServer first = standbyOf(other());
        PostgresServer second = standbyOf(primary);
        try (EngineUnderTest roster =
                roster(Map.of("ROSTER_SECONDARIES", "register"), other(), primary, first, second)) {
            joinedWithTable(roster);
            awaitRole(roster, first, "secondary");
            awaitRole(roster, second, "secondary");
            replicated(roster, other(), first);
            replicated(roster, primary, second);

            try (Connection reader = DriverManager.getConnection("jdbc:postgresql://%s:%d/postgres?user=%s&options=%s"
                            .formatted(
                                    coordinator().host(),
                                    coordinator().port(),
                                    coordinator().user(),
                                    "-c%20citus.use_secondary_nodes=always"));
                    Statement statement = reader.createStatement()) {
                assertThat(value(statement, "SELECT count(*) FROM public.orders"))
                        .isEqualTo("1000");
                assertThat(value(statement, "SELECT bool_and(pg_is_in_recovery()) FROM public.orders"))
                        .isEqualTo("t");
            }
        }
    }

    private static String value(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    private void awaitRole(EngineUnderTest roster, PostgresServer server, String role) {
        roster.await(name(server) + " is a " + role, () -> role(server).equals(role));
    }

    private String role(PostgresServer server) {
        return coordinator("SELECT noderole FROM pg_dist_node WHERE nodeport = " + server.port());
    }

    private String nodeAt(PostgresServer server) {
        return coordinator("SELECT nodeid FROM pg_dist_node WHERE nodeport = " + server.port());
    }
}
