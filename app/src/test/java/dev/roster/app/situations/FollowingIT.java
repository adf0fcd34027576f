package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.cluster.HostPort;
import dev.roster.identity.ProbeResult;
import dev.roster.plan.Situation;
import dev.roster.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Failovers with real streaming replication, by nobody's tool in particular: servers die and are promoted, Roster sees it. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class FollowingIT extends StandbySituations {

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
            System.out.println(
                    "From the promotion to the committed update on " + describe() + ": " + took.toMillis() + " ms");

            roster.awaitMember(name(standby));
            assertThat(coordinator("SELECT count(*) FROM pg_dist_node WHERE groupid = " + before.group()))
                    .isEqualTo("1");
            assertThat(follows()).isEqualTo(1);
            assertThat(placements(before)).isEqualTo(before.placements());

            primary.start();
            assertThat(roster.awaitVerdict(name(primary), Situation.TWIN)).contains(name(standby));
            roster.awaitPasses(2);
            assertThat(row(standby)).isEqualTo(before);
            assertThat(coordinator("SELECT twins::text FROM roster.member WHERE nodeid = " + before.node()))
                    .contains(Integer.toString(primary.port()));

            keepsRows();
            assertThat(coordinator(ROWS)).isEqualTo("1000");
            coordinator().execute("INSERT INTO public.orders SELECT generate_series(1001, 1100)");
            assertThat(coordinator(ROWS)).isEqualTo("1100");
        }
    }

    @Test
    void aPlannedSwitchoverIsFollowedAndTheOldPrimaryIsShownAsAStandby() {
        PostgresServer standby = standby();
        try (EngineUnderTest roster = roster(standby)) {
            Row before = joinedWithTable(roster);
            isKnownStandby(roster, standby);

            try (WritingClient client = WritingClient.start(coordinator())) {
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
            assertThat(follows()).isEqualTo(1);

            keepsRows();
            assertThat(coordinator(ROWS + " WHERE id <= 1000")).isEqualTo("1000");
        }
    }

    @Test
    void aRegisteredSecondaryThatWasPromotedChangesPlacesWithItsPrimary() {
        PostgresServer standby = standby();
        try (EngineUnderTest roster = roster(standby)) {
            Row before = joinedWithTable(roster);
            coordinator()
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
    void aSessionThatHoldsTheShardsIsWaitedForAndOnlyThenEndedByForce() throws SQLException {
        PostgresServer standby = standby();
        coordinator()
                .execute(
                        "ALTER SYSTEM SET log_lock_waits = on",
                        "ALTER SYSTEM SET deadlock_timeout = '100ms'",
                        "SELECT pg_reload_conf()");
        try (EngineUnderTest roster = roster(Map.of("ROSTER_FOLLOW_FORCE_AFTER", "2s"), primary, other(), standby);
                Connection session = coordinator().dataSource("postgres").getConnection()) {
            Row before = joinedWithTable(roster);
            isKnownStandby(roster, standby);
            replicated(roster, standby);
            session.setAutoCommit(false);
            session.createStatement().execute("INSERT INTO public.orders SELECT generate_series(2001, 2100)");
            String holder = coordinator("SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'"
                    + " AND query LIKE 'INSERT INTO public.orders%'");

            primary.kill();
            standby.query("SELECT pg_promote()");

            roster.await("the row follows", () -> row(standby).equals(before));
            assertThat(coordinator().log())
                    .containsSubsequence(
                            "still waiting for",
                            "holding the lock: " + holder,
                            "[" + holder + "] FATAL:  terminating connection due to administrator command");
            assertThat(coordinator("SELECT count(*) FROM roster.journal WHERE action = 'follow' AND outcome = 'done'"))
                    .isEqualTo("1");
            assertThatThrownBy(() -> session.createStatement().execute("SELECT 1"))
                    .isInstanceOf(SQLException.class);

            onRealCitus(() -> assertThat(coordinator(ROWS)).isEqualTo("1000"));
        }
    }

    @Test
    void aPointInTimeCopyThatComesUpWhileTheMemberRestartsIsNotFollowed() {
        PostgresServer copy = closing(PostgresServer.copyOf(primary));
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
        PostgresServer other = other();
        try (EngineUnderTest roster = roster()) {
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
            assertThat(follows()).isEqualTo(1);

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
}
