package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.plan.Situation;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Standbys that replicate for real, registered as Citus secondaries: through a failover and back, until they are gone. */
class SecondariesIT {

    private final List<PostgresServer> standbys = new ArrayList<>();
    private CitusCluster cluster;
    private PostgresServer primary;

    @BeforeEach
    void start() {
        cluster = CitusCluster.start(2);
        primary = cluster.worker(1);
    }

    @AfterEach
    void stop() {
        standbys.forEach(PostgresServer::close);
        cluster.close();
    }

    @Test
    void aStandbyIsRegisteredAndChangesPlacesByAFailoverAndItsRowGoesWithIt() {
        PostgresServer standby = standbyOf(primary);
        String node;
        String secondary;
        try (EngineUnderTest roster = roster(Map.of("ROSTER_SECONDARIES", "register"), primary, standby)) {
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
        try (EngineUnderTest roster = roster(Map.of("ROSTER_DEPARTURE_GRACE", "2s"), standby)) {
            roster.awaitGone(name(primary));
            assertThat(nodeAt(standby)).isEqualTo(node);
            assertThat(coordinator("SELECT sentence FROM roster.journal ORDER BY id DESC LIMIT 1"))
                    .startsWith("Secondary " + name(primary) + " of group ");
        }
    }

    @Test
    void readersThatWantSecondariesReadFromThem() throws SQLException {
        assumeTrue(cluster.flavour() == CitusFlavour.REAL, "needs real Citus: the stand-in keeps no rows");
        PostgresServer first = standbyOf(cluster.worker(2));
        PostgresServer second = standbyOf(primary);
        try (EngineUnderTest roster =
                roster(Map.of("ROSTER_SECONDARIES", "register"), cluster.worker(2), primary, first, second)) {
            joinedWithTable(roster);
            awaitRole(roster, first, "secondary");
            awaitRole(roster, second, "secondary");
            replicated(roster, cluster.worker(2), first);
            replicated(roster, primary, second);

            try (Connection reader = DriverManager.getConnection("jdbc:postgresql://%s:%d/postgres?user=%s&options=%s"
                            .formatted(
                                    cluster.coordinator().host(),
                                    cluster.coordinator().port(),
                                    cluster.coordinator().user(),
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

    private PostgresServer standbyOf(PostgresServer server) {
        PostgresServer standby = PostgresServer.standbyOf(server);
        standbys.add(standby);
        return standby;
    }

    /** With the other worker always, since Citus spreads the table over both. */
    private EngineUnderTest roster(Map<String, String> variables, PostgresServer... servers) {
        Map<String, String> all = new HashMap<>(Map.of("ROSTER_PASS_INTERVAL", "2s", "ROSTER_PROBE_MAX_AGE", "5s"));
        all.putAll(variables);
        return EngineUnderTest.start(
                cluster,
                Stream.concat(Stream.of(cluster.worker(2)), Stream.of(servers))
                        .distinct()
                        .toList(),
                all);
    }

    private void joinedWithTable(EngineUnderTest roster) {
        cluster.workers().forEach(worker -> roster.awaitMember(name(worker)));
        cluster.coordinator()
                .execute(
                        "CREATE TABLE public.orders (id int PRIMARY KEY)",
                        "SELECT create_distributed_table('public.orders', 'id', shard_count := 4)");
        onRealCitus(() -> cluster.coordinator().execute("INSERT INTO public.orders SELECT generate_series(1, 1000)"));
    }

    private void onRealCitus(Runnable act) {
        if (cluster.flavour() == CitusFlavour.REAL) {
            act.run();
        }
    }

    private void awaitRole(EngineUnderTest roster, PostgresServer server, String role) {
        roster.await(name(server) + " is a " + role, () -> role(server).equals(role));
    }

    private static void replicated(EngineUnderTest roster, PostgresServer from, PostgresServer standby) {
        String end = from.query("SELECT pg_current_wal_lsn()");
        roster.await(
                "the standby has everything",
                () -> standby.query("SELECT pg_last_wal_replay_lsn() >= '" + end + "'")
                        .equals("t"));
    }

    private String role(PostgresServer server) {
        return coordinator("SELECT noderole FROM pg_dist_node WHERE nodeport = " + server.port());
    }

    private String nodeAt(PostgresServer server) {
        return coordinator("SELECT nodeid FROM pg_dist_node WHERE nodeport = " + server.port());
    }

    private String coordinator(String sql) {
        return cluster.coordinator().query(sql);
    }

    private static String name(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
