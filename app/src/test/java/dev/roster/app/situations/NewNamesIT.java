package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.plan.Order;
import dev.roster.plan.Situation;
import dev.roster.testkit.dns.NamedCluster;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The data of members comes up under names that nobody knew: a promoted standby, renamed workers, a cluster restored elsewhere. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class NewNamesIT extends NamedSituations {

    private static final String RESTORED_COORDINATOR = "coordinator2.test";
    private static final Map<String, String> OFTEN =
            Map.of("ROSTER_PROBE_MAX_AGE", "2s", "ROSTER_FOLLOW_INTERVAL", "1s");

    @Test
    void aPromotedStandbyThatWasNeverSightedBefore() {
        NamedCluster cluster = cluster(1, 2);
        PostgresServer primary = cluster.worker(1);
        EngineUnderTest roster = joinedWithTable(cluster);
        List<String> rows = cluster.rows();
        PostgresServer standby = closing(PostgresServer.copyOf(primary));
        standby.writeFile("data/standby.signal", "");
        standby.moveTo(cluster.address(9), cluster.port());
        standby.startAsStandbyOf(primary);
        roster.awaitPasses(2);

        primary.stop();
        standby.query("SELECT pg_promote()");
        cluster.zone().name(NamedCluster.name(9), cluster.address(9)).publish();

        roster.awaitMember(NamedCluster.name(9));
        assertThat(cluster.rows())
                .containsExactlyInAnyOrderElementsOf(renamed(rows, NamedCluster.name(1), NamedCluster.name(9)));
        assertThat(allRowsAreReadable(cluster)).isTrue();
    }

    @Test
    void workersThatComeBackUnderOtherNamesAreFollowedOnceTheirOldNamesAreGone() {
        NamedCluster cluster = cluster(1, 2);
        EngineUnderTest roster = joinedWithTable(cluster);
        List<String> rows = cluster.rows();

        restore(cluster);

        roster.awaitMember(NamedCluster.name(11));
        roster.awaitMember(NamedCluster.name(12));
        assertThat(cluster.rows()).containsExactlyInAnyOrderElementsOf(moved(rows));
        assertThat(allRowsAreReadable(cluster)).isTrue();
    }

    @Test
    void aClusterThatWasRestoredAtNewAddressesWaitsForAPersonWhoReviewedThePlan() {
        NamedCluster cluster = cluster(1, 2);
        EngineUnderTest before = joinedWithTable(cluster);
        List<String> rows = cluster.rows();
        before.close();

        cluster.coordinator().moveTo(cluster.address(20), cluster.port());
        restore(cluster);
        cluster.zone()
                .without(NamedCluster.COORDINATOR)
                .name(RESTORED_COORDINATOR, cluster.address(20))
                .publish();
        Map<String, String> restored = new HashMap<>(OFTEN);
        restored.put("ROSTER_COORDINATOR_ADVERTISED", RESTORED_COORDINATOR + ":" + cluster.port());
        restored.put(
                "CITUS_HOST",
                cluster.address(20) + ":" + cluster.port() + "," + NamedCluster.COORDINATOR + ":" + cluster.port());
        EngineUnderTest roster = roster(cluster, restored);

        for (int number : List.of(1, 2)) {
            assertThat(roster.awaitVerdict(NamedCluster.name(10 + number), Situation.STALE_COPY))
                    .contains("roster follow " + address(cluster, number) + " --to " + address(cluster, 10 + number));
        }
        stays(roster, cluster, rows);
        for (int number : List.of(1, 2)) {
            roster.order(new Order.Give(
                    Kind.FOLLOW,
                    NamedCluster.name(number),
                    TransferMode.AUTO,
                    Optional.of(NamedCluster.name(10 + number)),
                    "operator"));
        }

        roster.awaitMember(NamedCluster.name(11));
        roster.awaitMember(NamedCluster.name(12));
        roster.await(
                "the coordinator's row follows",
                () -> cluster.nodesWhere("groupid = 0").equals(List.of(RESTORED_COORDINATOR)));
        assertThat(cluster.rows())
                .containsExactlyInAnyOrderElementsOf(
                        renamed(moved(rows), NamedCluster.COORDINATOR, RESTORED_COORDINATOR));
        assertThat(allRowsAreReadable(cluster)).isTrue();
    }

    private EngineUnderTest joinedWithTable(NamedCluster cluster) {
        EngineUnderTest roster = roster(cluster, OFTEN);
        roster.awaitMember(NamedCluster.name(1));
        roster.awaitMember(NamedCluster.name(2));
        distributedTable(cluster);
        roster.awaitPasses(2);
        return roster;
    }

    /** Both workers' data is started under the names of the workers 11 and 12, and their old names are gone. */
    private static void restore(NamedCluster cluster) {
        for (int number : List.of(1, 2)) {
            cluster.worker(number).stop();
        }
        for (int number : List.of(1, 2)) {
            cluster.worker(number).moveTo(cluster.address(10 + number), cluster.port());
            cluster.zone()
                    .without(NamedCluster.name(number))
                    .name(NamedCluster.name(10 + number), cluster.address(10 + number));
        }
        cluster.zone().publish();
    }

    private static String address(NamedCluster cluster, int number) {
        return NamedCluster.name(number) + ":" + cluster.port();
    }

    /** The same rows with the names that {@link #restore} gives. */
    private static List<String> moved(List<String> rows) {
        return renamed(
                renamed(rows, NamedCluster.name(1), NamedCluster.name(11)),
                NamedCluster.name(2),
                NamedCluster.name(12));
    }

    private static List<String> renamed(List<String> rows, String from, String to) {
        return rows.stream()
                .map(row -> row.replace(" " + from + " ", " " + to + " "))
                .toList();
    }
}
