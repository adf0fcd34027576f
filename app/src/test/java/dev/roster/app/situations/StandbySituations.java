package dev.roster.app.situations;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the situations with standbys share: a cluster of two workers for each test, with a table on both, and standbys and copies
 * of theirs.
 */
abstract class StandbySituations {

    static final String ROWS = "SELECT count(*) FROM public.orders";

    /** One of the two workers: the one that has the standbys. */
    PostgresServer primary;

    private final List<PostgresServer> extra = new ArrayList<>();
    private CitusCluster cluster;

    @BeforeEach
    void start() {
        cluster = CitusCluster.start(2);
        primary = cluster.worker(1);
    }

    @AfterEach
    void stop() {
        extra.forEach(PostgresServer::close);
        cluster.close();
    }

    /** The other worker. */
    PostgresServer other() {
        return cluster.worker(2);
    }

    /** A server with the extension that is no node yet. */
    PostgresServer newcomer() {
        return cluster.addWorker();
    }

    PostgresServer coordinator() {
        return cluster.coordinator();
    }

    String coordinator(String sql) {
        return cluster.coordinator().query(sql);
    }

    String describe() {
        return cluster.describe();
    }

    PostgresServer standby() {
        return standbyOf(primary);
    }

    PostgresServer standbyOf(PostgresServer server) {
        return closing(PostgresServer.standbyOf(server));
    }

    PostgresServer closing(PostgresServer server) {
        extra.add(server);
        return server;
    }

    /** Roster, to which both workers and these servers are listed. */
    EngineUnderTest roster(PostgresServer... servers) {
        return roster(
                Map.of(),
                Stream.concat(cluster.workers().stream(), Stream.of(servers)).toArray(PostgresServer[]::new));
    }

    /** Roster, to which these servers are listed and no others. */
    EngineUnderTest roster(Map<String, String> variables, PostgresServer... servers) {
        Map<String, String> all = new HashMap<>(Map.of(
                "ROSTER_PASS_INTERVAL", "1s",
                "ROSTER_PROBE_MAX_AGE", "2s",
                "ROSTER_FOLLOW_INTERVAL", "1s"));
        all.putAll(variables);
        return EngineUnderTest.start(cluster, List.of(servers), all);
    }

    /** Waits until both workers are members, makes the table, and answers the primary's row. */
    Row joinedWithTable(EngineUnderTest roster) {
        cluster.workers().forEach(worker -> roster.awaitMember(name(worker)));
        cluster.coordinator()
                .execute(
                        "CREATE TABLE public.orders (id int PRIMARY KEY)",
                        "SELECT create_distributed_table('public.orders', 'id', shard_count := 4)");
        onRealCitus(() -> cluster.coordinator().execute("INSERT INTO public.orders SELECT generate_series(1, 1000)"));
        return row(primary);
    }

    void isKnownStandby(EngineUnderTest roster, PostgresServer standby) {
        roster.await(
                "the ledger knows the standby",
                () -> coordinator("SELECT string_agg(standbys::text, ' ') FROM roster.member")
                        .contains(Integer.toString(standby.port())));
    }

    void replicated(EngineUnderTest roster, PostgresServer standby) {
        replicated(roster, primary, standby);
    }

    static void replicated(EngineUnderTest roster, PostgresServer from, PostgresServer standby) {
        String end = from.query("SELECT pg_current_wal_lsn()");
        roster.await(
                "the standby has everything",
                () -> standby.query("SELECT pg_last_wal_replay_lsn() >= '" + end + "'")
                        .equals("t"));
    }

    /** How many changes of rows Roster made because data was elsewhere. */
    int follows() {
        return Integer.parseInt(
                coordinator("SELECT count(*) FROM roster.journal WHERE action = 'follow' AND outcome = 'done'"));
    }

    /** What must not change by a failover. */
    record Row(String node, String group, String placements) {}

    /** The primary's row that has this server's address; all empty if none has. */
    Row row(PostgresServer server) {
        String where = " FROM pg_dist_node WHERE noderole = 'primary' AND nodeport = " + server.port();
        String group = coordinator("SELECT groupid" + where);
        return new Row(
                coordinator("SELECT nodeid" + where), group, group.isEmpty() ? "" : coordinator(placementsOf(group)));
    }

    String placements(Row row) {
        return coordinator(placementsOf(row.group()));
    }

    private static String placementsOf(String group) {
        return "SELECT string_agg(placementid || ' ' || shardid, ',' ORDER BY placementid) FROM pg_dist_placement"
                + " WHERE groupid = " + group;
    }

    static String name(PostgresServer server) {
        return server.host() + ":" + server.port();
    }

    void onRealCitus(Runnable act) {
        if (cluster.flavour() == CitusFlavour.REAL) {
            act.run();
        }
    }

    void keepsRows() {
        assumeTrue(cluster.flavour() == CitusFlavour.REAL, "needs real Citus: the stand-in keeps no rows");
    }
}
