package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.cluster.HostPort;
import dev.roster.identity.ProbeResult;
import dev.roster.plan.Situation;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failovers with real streaming replication, by nobody's tool in particular: servers die and are promoted, Roster sees it. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class FollowingIT {

    private static final String ROWS = "SELECT count(*) FROM public.orders";

    private final List<PostgresServer> extra = new ArrayList<>();
    private CitusCluster cluster;
    private PostgresServer primary;

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

    @Test
    void theGroupOfAKilledPrimaryServesAgainFromItsPromotedStandby() {
        PostgresServer standby = standby();
        try (EngineUnderTest roster = roster(standby)) {
            Row before = joinedWithTable(roster);
            isKnownStandby(roster, standby);
            replicated(roster, standby);

            primary.kill();
            roster.awaitSentence(name(primary), "does not answer");
            standby.query("SELECT pg_promote()");
            long promoted = System.nanoTime();
            roster.await("the row follows", () -> row(standby).equals(before));
            Duration took = Duration.ofNanos(System.nanoTime() - promoted);
            System.out.println("From the promotion to the committed update on " + cluster.describe() + ": "
                    + took.toMillis() + " ms");

            roster.awaitMember(name(standby));
            assertThat(coordinator("SELECT count(*) FROM pg_dist_node WHERE groupid = " + before.group()))
                    .isEqualTo("1");
            assertThat(coordinator("SELECT count(*) FROM roster.journal WHERE action = 'follow' AND outcome = 'done'"))
                    .isEqualTo("1");
            assertThat(placements(before)).isEqualTo(before.placements());

            primary.start();
            assertThat(roster.awaitVerdict(name(primary), Situation.TWIN)).contains(name(standby));
            roster.awaitPasses(2);
            assertThat(row(standby)).isEqualTo(before);
            assertThat(coordinator("SELECT twins::text FROM roster.member WHERE nodeid = " + before.node()))
                    .contains(Integer.toString(primary.port()));

            keepsRows();
            assertThat(coordinator(ROWS)).isEqualTo("1000");
            cluster.coordinator().execute("INSERT INTO public.orders SELECT generate_series(1001, 1100)");
            assertThat(coordinator(ROWS)).isEqualTo("1100");
        }
    }

    @Test
    void aPlannedSwitchoverIsFollowedAndTheOldPrimaryIsShownAsAStandby() {
        PostgresServer standby = standby();
        try (EngineUnderTest roster = roster(standby)) {
            Row before = joinedWithTable(roster);
            isKnownStandby(roster, standby);

            try (WritingClient client = WritingClient.start(cluster.coordinator())) {
                roster.await("the client writes", () -> client.committed().size() > 10);
                primary.stop();
                standby.query("SELECT pg_promote()");
                primary.startAsStandbyOf(standby);

                roster.await("the row follows", () -> row(standby).equals(before));
                int afterwards = client.committed().size();
                roster.await("the client writes again", () -> client.committed().size() > afterwards + 10);
                client.stop();
                assertThat(client.lost()).isEmpty();
                assertThat(client.invented()).isEmpty();
            }
            roster.awaitMember(name(standby));
            assertThat(roster.awaitVerdict(name(primary), Situation.STANDBY)).contains(name(standby));
            assertThat(coordinator("SELECT count(*) FROM roster.journal WHERE action = 'follow' AND outcome = 'done'"))
                    .isEqualTo("1");

            keepsRows();
            assertThat(coordinator(ROWS + " WHERE id <= 1000")).isEqualTo("1000");
        }
    }

    @Test
    void aRegisteredSecondaryThatWasPromotedChangesPlacesWithItsPrimary() {
        PostgresServer standby = standby();
        try (EngineUnderTest roster = roster(standby)) {
            Row before = joinedWithTable(roster);
            cluster.coordinator()
                    .execute("SELECT citus_add_node('%s', %d, groupid := %s, noderole := 'secondary')"
                            .formatted(standby.host(), standby.port(), before.group()));
            isKnownStandby(roster, standby);
            replicated(roster, standby);

            primary.kill();
            standby.query("SELECT pg_promote()");

            roster.await("the row follows", () -> row(standby).equals(before));
            assertThat(coordinator("SELECT noderole FROM pg_dist_node WHERE nodeport = " + primary.port()))
                    .isEqualTo("secondary");
            assertThat(coordinator("SELECT noderole FROM pg_dist_node WHERE nodeport = " + standby.port()))
                    .isEqualTo("primary");

            keepsRows();
            assertThat(coordinator(ROWS)).isEqualTo("1000");
        }
    }

    @Test
    void aPointInTimeCopyThatComesUpWhileTheMemberRestartsIsNotFollowed() {
        PostgresServer copy = PostgresServer.copyOf(primary);
        extra.add(copy);
        copy.start();
        copy.stop();
        try (EngineUnderTest roster = roster(copy)) {
            Row before = joinedWithTable(roster);
            copy.restoreFrom(primary);
            primary.execute("CREATE TABLE public.more AS SELECT generate_series(1, 10000)");
            String written = primary.query("SELECT pg_current_wal_lsn()");
            roster.await("the member was seen with it", () -> isSeenAt(roster, written));

            primary.stop();
            copy.startAsRestored();
            roster.awaitVerdict(name(copy), Situation.STALE_COPY);
            roster.awaitPasses(2);
            assertThat(row(primary)).isEqualTo(before);

            primary.start();
            roster.awaitVerdict(name(primary), Situation.MEMBER);
            roster.awaitVerdict(name(copy), Situation.TWIN);
            assertThat(row(primary)).isEqualTo(before);
        }
    }

    @Test
    void twoWorkersThatChangedAddressesAreSetRightInOneTransaction() {
        PostgresServer other = cluster.worker(2);
        try (EngineUnderTest roster = EngineUnderTest.start(
                cluster, cluster.workers(), Map.of("ROSTER_PASS_INTERVAL", "2s", "ROSTER_PROBE_MAX_AGE", "5s"))) {
            Row first = joinedWithTable(roster);
            Row second = row(other);
            roster.awaitPasses(1);
            int firstPort = primary.port();
            int secondPort = other.port();

            primary.stop();
            other.stop();
            primary.moveTo(primary.host(), secondPort);
            other.moveTo(other.host(), firstPort);

            roster.await(
                    "both rows follow",
                    () -> row(primary).equals(first) && row(other).equals(second));
            roster.awaitMember(name(primary));
            roster.awaitMember(name(other));
            assertThat(coordinator("SELECT count(*) FROM roster.journal WHERE action = 'follow' AND outcome = 'done'"))
                    .isEqualTo("1");

            keepsRows();
            assertThat(coordinator(ROWS)).isEqualTo("1000");
        }
    }

    private boolean isSeenAt(EngineUnderTest roster, String written) {
        return roster.latest().stream()
                .flatMap(result -> result.seen().stream())
                .flatMap(seen -> Stream.ofNullable(seen.probes().get(new HostPort(primary.host(), primary.port()))))
                .filter(ProbeResult.Answered.class::isInstance)
                .map(answer -> ((ProbeResult.Answered) answer).report().lsn())
                .anyMatch(lsn -> primary.query("SELECT '" + lsn + "'::pg_lsn >= '" + written + "'")
                        .equals("t"));
    }

    private PostgresServer standby() {
        PostgresServer standby = PostgresServer.standbyOf(primary);
        extra.add(standby);
        return standby;
    }

    private EngineUnderTest roster(PostgresServer other) {
        return EngineUnderTest.start(
                cluster,
                Stream.concat(cluster.workers().stream(), Stream.of(other)).toList(),
                Map.of("ROSTER_PASS_INTERVAL", "2s", "ROSTER_PROBE_MAX_AGE", "5s"));
    }

    private Row joinedWithTable(EngineUnderTest roster) {
        cluster.workers().forEach(worker -> roster.awaitMember(name(worker)));
        cluster.coordinator()
                .execute(
                        "CREATE TABLE public.orders (id int PRIMARY KEY)",
                        "SELECT create_distributed_table('public.orders', 'id', shard_count := 4)");
        if (cluster.flavour() == CitusFlavour.REAL) {
            cluster.coordinator().execute("INSERT INTO public.orders SELECT generate_series(1, 1000)");
        }
        return row(primary);
    }

    private void isKnownStandby(EngineUnderTest roster, PostgresServer standby) {
        roster.await(
                "the ledger knows the standby",
                () -> coordinator("SELECT string_agg(standbys::text, ' ') FROM roster.member")
                        .contains(Integer.toString(standby.port())));
    }

    private void replicated(EngineUnderTest roster, PostgresServer standby) {
        String end = primary.query("SELECT pg_current_wal_lsn()");
        roster.await(
                "the standby has everything",
                () -> standby.query("SELECT pg_last_wal_replay_lsn() >= '" + end + "'")
                        .equals("t"));
    }

    /** What must not change by a failover. */
    private record Row(String node, String group, String placements) {}

    private Row row(PostgresServer server) {
        String where = " FROM pg_dist_node WHERE noderole = 'primary' AND nodeport = " + server.port();
        String group = coordinator("SELECT groupid" + where);
        return new Row(
                coordinator("SELECT nodeid" + where), group, group.isEmpty() ? "" : coordinator(placementsOf(group)));
    }

    private String placements(Row row) {
        return coordinator(placementsOf(row.group()));
    }

    private static String placementsOf(String group) {
        return "SELECT string_agg(placementid || ' ' || shardid, ',' ORDER BY placementid) FROM pg_dist_placement"
                + " WHERE groupid = " + group;
    }

    private String coordinator(String sql) {
        return cluster.coordinator().query(sql);
    }

    private static String name(PostgresServer server) {
        return server.host() + ":" + server.port();
    }

    private void keepsRows() {
        assumeTrue(cluster.flavour() == CitusFlavour.REAL, "needs real Citus: the stand-in keeps no rows");
    }
}
