package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.plan.Situation;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Servers that are something else than their address or their data says. One cluster of two members with a table serves all
 * tests; each leaves it as it was.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class OtherServersIT {

    private static final Map<String, String> TIMES = Map.of("ROSTER_PASS_INTERVAL", "1s", "ROSTER_PROBE_MAX_AGE", "1s");

    private static final String SYSTEM = "SELECT system_identifier FROM pg_control_system()";

    private static CitusCluster cluster;
    private static PostgresServer coordinator;

    /** That of group 1, as any other cluster has one. */
    private static PostgresServer member;

    private static List<PostgresServer> members;
    private static String rows;

    @BeforeAll
    static void twoMembersWithATable() {
        cluster = CitusCluster.start(2);
        coordinator = cluster.coordinator();
        members = cluster.workers();
        try (EngineUnderTest roster = roster()) {
            members.forEach(each -> roster.awaitMember(name(each)));
            coordinator.execute(
                    "SELECT citus_set_node_property('%s', %d, 'shouldhaveshards', true)"
                            .formatted(coordinator.host(), coordinator.port()),
                    "CREATE TABLE public.orders (id int PRIMARY KEY)",
                    "SELECT create_distributed_table('public.orders', 'id', shard_count := 6)");
            if (hasRows()) {
                coordinator.execute("INSERT INTO public.orders SELECT generate_series(1, 1000)");
            }
        }
        int port = Integer.parseInt(coordinator.query("SELECT nodeport FROM pg_dist_node WHERE groupid = 1"));
        member =
                members.stream().filter(each -> each.port() == port).findFirst().orElseThrow();
        rows = rowsOf(coordinator);
    }

    @AfterAll
    static void end() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aCloneOfTheCoordinatorIsNoWorker() {
        try (PostgresServer clone = PostgresServer.copyOf(coordinator)) {
            clone.start();
            try (EngineUnderTest roster = roster(clone)) {
                assertThat(roster.awaitVerdict(name(clone), Situation.FOREIGN))
                        .contains(
                                "copy of this cluster's coordinator", "Stop it", "which of the two has the newer rows");
                roster.awaitPasses(3);
                assertAllIsAsItWas();
                assertThat(rowsOf(clone)).isEqualTo(rows);
                assertThat(clone.query("SELECT groupid FROM pg_dist_local_group"))
                        .isEqualTo("0");
            }
        }
    }

    @Test
    void aMemberAfterAMajorUpgradeIsTheMemberStill() {
        PostgresServer upgraded = upgraded();
        try (EngineUnderTest roster = roster()) {
            roster.awaitVerdict(name(member), Situation.MEMBER);
            String before = member.query(SYSTEM);

            takesThePlaceOfTheMember(upgraded);

            String after = upgraded.query(SYSTEM);
            roster.await("the ledger has the new identity", () -> identity().equals(after));
            roster.awaitVerdict(name(member), Situation.MEMBER);
            assertThat(journal("re-initialised")).contains(after + " instead of " + before);
            roster.awaitPasses(2);
            assertAllIsAsItWas();
            assertEveryRowIsReadable();

            upgraded.stop();
            member.start();
            roster.await(
                    "the ledger has the old identity again", () -> identity().equals(before));
            roster.awaitVerdict(name(member), Situation.MEMBER);
            assertAllIsAsItWas();
            assertEveryRowIsReadable();
        }
        assumeTrue(hasRows(), "needs real Citus: the stand-in keeps no rows");
    }

    @Test
    void aServerOfAnotherClusterWithTheSameTablesIsNotTakenForTheMember() {
        PostgresServer staging = cluster.addWorker();
        PostgresServer theirs = cluster.addWorker();
        staging.execute(
                "SELECT citus_set_coordinator_host('%s', %d)".formatted(staging.host(), staging.port()),
                "SELECT citus_add_node('%s', %d)".formatted(theirs.host(), theirs.port()),
                "CREATE TABLE public.orders (id int PRIMARY KEY)",
                "SELECT create_distributed_table('public.orders', 'id', shard_count := 6)");
        String own = rowsOf(theirs);
        try (EngineUnderTest roster = roster()) {
            roster.awaitVerdict(name(member), Situation.MEMBER);
            String before = member.query(SYSTEM);

            takesThePlaceOfTheMember(theirs);

            assertThat(roster.awaitVerdict(name(member), Situation.REPLACED)).contains("Ways out");
            roster.awaitPasses(3);
            assertThat(identity()).isEqualTo(before);
            assertAllIsAsItWas();
            assertThat(rowsOf(theirs)).isEqualTo(own);
            assertThat(theirs.query("SELECT groupid FROM pg_dist_local_group")).isEqualTo("1");

            theirs.stop();
            member.start();
            roster.awaitVerdict(name(member), Situation.MEMBER);
            assertEveryRowIsReadable();
        }
    }

    @Test
    void aMemberThatBecameAStandbyOfNobodyIsKeptAndTold() {
        try (EngineUnderTest roster = roster()) {
            roster.awaitVerdict(name(member), Situation.MEMBER);

            member.restartAsStandby();

            assertThat(roster.awaitVerdict(name(member), Situation.WRONG_RECOVERY_STATE))
                    .contains("its server is in recovery", "pg_promote()");
            roster.awaitPasses(2);
            assertAllIsAsItWas();

            member.query("SELECT pg_promote()");
            roster.awaitVerdict(name(member), Situation.MEMBER);
            assertAllIsAsItWas();
            assertEveryRowIsReadable();
        }
    }

    @Test
    void aMemberThatCannotBeSentTheMetadataIsAnAlarmAfterTwoMinutes() {
        PostgresServer other =
                members.stream().filter(each -> each != member).findFirst().orElseThrow();
        member.execute("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()");
        Awaitility.await().until(() -> member.query("SHOW default_transaction_read_only"), "on"::equals);
        moves(other, "localhost");
        moves(other, other.host());
        AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
        try (EngineUnderTest roster = roster(() -> Instant.now().plus(ahead.get()))) {
            roster.awaitVerdict(name(other), Situation.MEMBER);
            roster.awaitVerdict(name(member), Situation.MEMBER);
            assertThat(isSynced(member)).isFalse();

            ahead.set(Duration.ofMinutes(2));

            assertThat(roster.awaitVerdict(name(member), Situation.OUT_OF_SYNC))
                    .contains("metadatasynced=false", "whether this server accepts");
            roster.awaitVerdict(name(other), Situation.MEMBER);

            member.execute("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
            roster.await("its metadata is in sync", () -> {
                // Which Citus refuses until then; on the stand-in any change is what sends the metadata.
                coordinator.execute("SELECT citus_set_node_property('%s', %d, 'shouldhaveshards', true)"
                        .formatted(other.host(), other.port()));
                return isSynced(member);
            });
            roster.awaitVerdict(name(member), Situation.MEMBER);
            assertAllIsAsItWas();
            assertEveryRowIsReadable();
        }
    }

    /**
     * What {@code initdb}, a dump of the member and {@code citus_finish_pg_upgrade} make of it: its tables, its shards with
     * their rows, and the catalogs of Citus with the {@code server_id}, in a server with an identifier of its own.
     */
    private static PostgresServer upgraded() {
        PostgresServer upgraded = cluster.addWorker();
        upgraded.execute("CREATE TABLE public.orders (id int PRIMARY KEY)");
        coordinator
                .query(
                        "SELECT string_agg('public.orders_' || shardid, E'\\n') FROM pg_dist_placement WHERE groupid = 1")
                .lines()
                .forEach(shard -> {
                    upgraded.execute("CREATE TABLE " + shard + " (id int PRIMARY KEY)");
                    carry(shard, upgraded);
                });
        upgraded.execute(
                "UPDATE pg_dist_local_group SET groupid = 1",
                "UPDATE pg_dist_node_metadata SET metadata = '%s'"
                        .formatted(member.query("SELECT metadata FROM pg_dist_node_metadata")));
        Stream.of("node", "partition", "shard", "placement", "colocation")
                .forEach(each -> carry("pg_catalog.pg_dist_" + each, upgraded));
        return upgraded;
    }

    private static void carry(String table, PostgresServer to) {
        String file = member.folder().resolve(table).toString();
        member.execute("COPY " + table + " TO '" + file + "'");
        to.execute("COPY " + table + " FROM '" + file + "'");
    }

    private static void takesThePlaceOfTheMember(PostgresServer other) {
        member.stop();
        other.moveTo(member.host(), member.port());
    }

    private static void moves(PostgresServer worker, String host) {
        coordinator.execute("SELECT citus_update_node(nodeid, '%s', nodeport) FROM pg_dist_node WHERE nodeport = %d"
                .formatted(host, worker.port()));
    }

    private static boolean isSynced(PostgresServer worker) {
        return coordinator
                .query("SELECT metadatasynced FROM pg_dist_node WHERE nodeport = " + worker.port())
                .equals("t");
    }

    private static String identity() {
        return coordinator.query("SELECT system FROM roster.member WHERE port = " + member.port());
    }

    private static String journal(String action) {
        return coordinator.query(
                "SELECT string_agg(sentence, ' | ') FROM roster.journal WHERE action = '" + action + "'");
    }

    private static EngineUnderTest roster(PostgresServer... more) {
        return EngineUnderTest.start(
                cluster, Stream.concat(members.stream(), Stream.of(more)).toList(), TIMES);
    }

    private static EngineUnderTest roster(InstantSource time) {
        return EngineUnderTest.start(cluster, members, TIMES, time);
    }

    private static void assertAllIsAsItWas() {
        assertThat(rowsOf(coordinator)).isEqualTo(rows);
    }

    private static void assertEveryRowIsReadable() {
        if (hasRows()) {
            assertThat(coordinator.query("SELECT count(*) FROM public.orders")).isEqualTo("1000");
        }
    }

    /** The nodes and where the shards are, as this server knows it. */
    private static String rowsOf(PostgresServer server) {
        return server.query("SELECT string_agg(concat_ws(' ', nodeid, groupid, nodename, nodeport, isactive,"
                + " shouldhaveshards), E'\\n' ORDER BY nodeid) || E'\\n' || (SELECT string_agg(concat_ws(' ', placementid,"
                + " shardid, groupid), ', ' ORDER BY placementid) FROM pg_dist_placement) FROM pg_dist_node");
    }

    private static boolean hasRows() {
        return cluster.flavour() == CitusFlavour.REAL;
    }

    private static String name(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
