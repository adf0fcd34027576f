package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.plan.Order;
import dev.roster.plan.Situation;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Standbys that replicate for real: one promoted beside its living primary, one of two promoted, both of two promoted. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class StandbysIT extends StandbySituations {

    @Test
    void aStandbyThatWasPromotedBesideItsLivingPrimaryIsNotFollowedWhileThatRestarts() {
        PostgresServer standby = standby();
        List<String> nodes;
        try (EngineUnderTest roster = roster(standby)) {
            joinedWithTable(roster);
            isKnownStandby(roster, standby);
            replicated(roster, standby);
            nodes = nodes();

            standby.query("SELECT pg_promote()");
            assertThat(roster.awaitVerdict(name(standby), Situation.TWIN)).contains(name(primary));

            primary.stop();
            assertThat(roster.awaitVerdict(name(standby), Situation.STALE_COPY)).contains("writable in two places");
            roster.awaitPasses(2);
            assertThat(nodes()).isEqualTo(nodes);
        }
        try (EngineUnderTest roster = roster(standby)) {
            roster.awaitVerdict(name(standby), Situation.STALE_COPY);
            roster.awaitPasses(2);
            assertThat(nodes()).isEqualTo(nodes);

            primary.start();
            roster.awaitVerdict(name(standby), Situation.TWIN);
            roster.awaitVerdict(name(primary), Situation.MEMBER);

            standby.stop();
            roster.awaitVerdict(name(standby), Situation.NOT_PROBED);
            assertThat(alarms(roster)).isEmpty();

            standby.restoreFrom(primary);
            standby.startAsStandbyOf(primary);
            roster.awaitVerdict(name(standby), Situation.STANDBY);
            isKnownStandby(roster, standby);
            assertThat(coordinator("SELECT string_agg(twins::text, '') FROM roster.member"))
                    .doesNotContain(Integer.toString(standby.port()));
            assertThat(nodes()).isEqualTo(nodes);
            assertThat(follows()).isZero();

            keepsRows();
            coordinator().execute("INSERT INTO public.orders SELECT generate_series(1001, 1100)");
            assertThat(coordinator(ROWS)).isEqualTo("1100");
        }
    }

    @Test
    void ofTwoStandbysTheOneThatWasPromotedIsFollowedAndTheOtherAtTheNextFailover() {
        PostgresServer first = standby();
        PostgresServer second = standby();
        try (EngineUnderTest roster = roster(first, second)) {
            Row before = joinedWithTable(roster);
            isKnownStandby(roster, first);
            isKnownStandby(roster, second);
            replicated(roster, first);
            replicated(roster, second);

            primary.kill();
            first.query("SELECT pg_promote()");
            roster.await("the row follows", () -> row(first).equals(before));
            roster.awaitMember(name(first));
            roster.awaitSentence(name(second), "A standby of member " + name(first));

            second.startAsStandbyOf(first);
            replicated(roster, first, second);
            isKnownStandby(roster, second);
            roster.awaitSentence(name(second), "0 bytes behind");

            first.kill();
            second.query("SELECT pg_promote()");
            roster.await("the row follows again", () -> row(second).equals(before));
            roster.awaitMember(name(second));
            assertThat(follows()).isEqualTo(2);
            assertThat(placements(before)).isEqualTo(before.placements());

            keepsRows();
            assertThat(coordinator(ROWS)).isEqualTo("1000");
        }
    }

    @Test
    void ofTwoStandbysThatWereBothPromotedNeitherIsFollowedUntilAPersonChooses() {
        PostgresServer first = standby();
        PostgresServer second = standby();
        Row before;
        try (EngineUnderTest roster = roster(first, second)) {
            before = joinedWithTable(roster);
            isKnownStandby(roster, first);
            isKnownStandby(roster, second);
            replicated(roster, first);
            replicated(roster, second);
        }
        List<String> nodes = nodes();
        primary.kill();
        first.query("SELECT pg_promote()");
        second.query("SELECT pg_promote()");

        try (EngineUnderTest roster = roster(first, second)) {
            assertThat(roster.awaitVerdict(name(first), Situation.TWIN)).contains(name(second));
            assertThat(roster.awaitVerdict(name(second), Situation.TWIN)).contains(name(first));
            roster.awaitPasses(2);
            assertThat(nodes()).isEqualTo(nodes);

            second.stop();
            roster.awaitVerdict(name(first), Situation.STALE_COPY);
            assertThat(nodes()).isEqualTo(nodes);
            roster.order(new Order.Give(
                    Kind.FOLLOW, name(primary), TransferMode.AUTO, Optional.of(name(first)), "operator"));
            roster.await("the row follows", () -> row(first).equals(before));
            roster.awaitMember(name(first));

            keepsRows();
            assertThat(coordinator(ROWS)).isEqualTo("1000");
        }
    }

    private List<String> nodes() {
        return coordinator("SELECT string_agg(concat_ws(' ', nodeid, groupid, nodename, nodeport, noderole, isactive),"
                        + " E'\\n' ORDER BY nodeid) FROM pg_dist_node")
                .lines()
                .toList();
    }

    private static Stream<String> alarms(EngineUnderTest roster) {
        return roster.latest().stream()
                .flatMap(result -> result.plan().verdicts().stream())
                .filter(verdict -> verdict.situation().weight() == Situation.Weight.ALARM)
                .map(verdict -> verdict.name() + ": " + verdict.sentence());
    }
}
