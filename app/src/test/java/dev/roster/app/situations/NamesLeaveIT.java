package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Situation;
import dev.roster.testkit.dns.Dnsmasq;
import dev.roster.testkit.dns.NamedCluster;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names go, or lead elsewhere, and only what is empty, dead, and allowed to go is removed. */
class NamesLeaveIT extends NamedSituations {

    @TempDir
    private Path folder;

    @Test
    void aNameThatIsMissingForOneScan() {
        NamedCluster cluster = cluster(1, 2, 3);
        EngineUnderTest roster = roster(cluster, Map.of("ROSTER_DEPARTURE_REMOVE", "absent"));
        awaitAll(roster, 1, 2, 3);
        List<String> rows = cluster.rows();

        cluster.zone().without(NamedCluster.name(2)).publish();
        roster.awaitVerdict(NamedCluster.name(2), Situation.ABSENT);
        cluster.zone().name(NamedCluster.name(2), cluster.address(2)).publish();

        roster.awaitVerdict(NamedCluster.name(2), Situation.MEMBER);
        assertThat(cluster.rows()).isEqualTo(rows);
    }

    @Test
    void aNameGoneForGoodWhileItsServerAnswers() {
        NamedCluster cluster = cluster(1, 2, 3);
        Dnsmasq another = closing(Dnsmasq.start(folder, cluster.zone().lines()));
        EngineUnderTest roster = roster(cluster, removing("ROSTER_DNS_SERVERS", another.address()));
        awaitAll(roster, 1, 2, 3);
        List<String> rows = cluster.rows();

        // The servers' own resolver still knows the name.
        another.serve(List.of(
                "local=/test/",
                "host-record=worker1.test," + cluster.address(1),
                "host-record=worker3.test," + cluster.address(3)));

        assertThat(roster.awaitVerdict(NamedCluster.name(2), Situation.ALIVE_UNDISCOVERED))
                .contains("still answers");
        stays(roster, cluster, rows);
    }

    @Test
    void aNameGoneForGoodWithItsServerIsKeptUntilAbsenceIsToCount() {
        NamedCluster cluster = cluster(1, 2, 3);
        EngineUnderTest roster = roster(cluster, Map.of("ROSTER_DEPARTURE_GRACE", "1s"));
        awaitAll(roster, 1, 2, 3);
        List<String> rows = cluster.rows();

        cluster.worker(2).stop();
        cluster.zone().without(NamedCluster.name(2)).publish();

        assertThat(roster.awaitVerdict(NamedCluster.name(2), Situation.ABSENT_UNPROVEN))
                .contains("Absent since", "roster.departure.remove=certain");
        stays(roster, cluster, rows);

        EngineUnderTest after = restarted(roster, cluster, REMOVING);

        after.awaitGone(NamedCluster.name(2));
        assertThat(cluster.nodes()).containsExactly(NamedCluster.name(1), NamedCluster.name(3));
    }

    @Test
    void aNameGoneForGoodWithItsServerAndItsShards() {
        NamedCluster cluster = cluster(1, 2, 3);
        EngineUnderTest roster = roster(cluster, REMOVING);
        awaitAll(roster, 1, 2, 3);
        distributedTable(cluster);
        List<String> rows = cluster.rows();

        cluster.worker(2).stop();
        cluster.zone().without(NamedCluster.name(2)).publish();
        roster.awaitVerdict(NamedCluster.name(2), Situation.STRANDED);
        stays(roster, cluster, rows);

        cluster.worker(2).start();
        cluster.zone().name(NamedCluster.name(2), cluster.address(2)).publish();
        roster.awaitVerdict(NamedCluster.name(2), Situation.MEMBER);
        assertThat(cluster.rows()).isEqualTo(rows);
        assertThat(allRowsAreReadable(cluster)).isTrue();
    }

    @Test
    void halfOfAllNamesGoneAtOnce() {
        NamedCluster cluster = cluster(1, 2, 3, 4);
        EngineUnderTest roster = roster(cluster, REMOVING);
        awaitAll(roster, 1, 2, 3, 4);
        List<String> rows = cluster.rows();

        List.of(3, 4).forEach(number -> {
            cluster.worker(number).stop();
            cluster.zone().without(NamedCluster.name(number));
        });
        cluster.zone().publish();

        roster.awaitWithheld("Mass departure");
        stays(roster, cluster, rows);
    }

    @Test
    void patternsNarrowedByANewConfiguration() {
        NamedCluster cluster = cluster(1, 2, 3);
        EngineUnderTest roster = roster(cluster, REMOVING);
        awaitAll(roster, 1, 2, 3);
        List<String> rows = cluster.rows();
        cluster.worker(3).stop();

        EngineUnderTest narrowed = restarted(roster, cluster, removing("ROSTER_DNS_PATTERNS", "worker{1..2}"));

        assertThat(narrowed.awaitVerdict(NamedCluster.name(3), Situation.OUT_OF_SCOPE))
                .contains("no longer looks in worker{1..20} in test");
        narrowed.awaitVerdict(NamedCluster.name(1), Situation.MEMBER);
        stays(narrowed, cluster, rows);
    }

    @Test
    void theSameServerAtAnotherAddressBehindItsName() {
        NamedCluster cluster = cluster(1, 2);
        EngineUnderTest roster = roster(cluster, REMOVING);
        awaitAll(roster, 1, 2);
        distributedTable(cluster);
        List<String> rows = cluster.rows();

        cluster.worker(2).moveTo(cluster.address(40), cluster.port());
        cluster.zone().name(NamedCluster.name(2), cluster.address(40)).publish();

        roster.awaitLooks(2);
        roster.awaitVerdict(NamedCluster.name(2), Situation.MEMBER);
        stays(roster, cluster, rows);
        assertThat(allRowsAreReadable(cluster)).isTrue();
    }

    @Test
    void anEmptyServerTakesTheNameOfAnEmptyOne() {
        NamedCluster cluster = cluster(1, 2);
        EngineUnderTest roster = roster(cluster, Map.of("ROSTER_PROBE_MAX_AGE", "1s"));
        awaitAll(roster, 1, 2);
        cluster.run("SELECT citus_set_node_property('%s', %d, 'shouldhaveshards', false)"
                .formatted(NamedCluster.name(2), cluster.port()));
        List<String> rows = cluster.rows();

        cluster.worker(2).stop();
        cluster.worker(5);
        cluster.zone().name(NamedCluster.name(2), cluster.address(5)).publish();

        roster.await("the name is a new node", () -> !cluster.rows().equals(rows));
        awaitAll(roster, 1, 2);
        assertThat(cluster.nodes()).containsExactly(NamedCluster.name(1), NamedCluster.name(2));
        assertThat(cluster.nodesWhere("groupid > 0 AND NOT shouldhaveshards")).containsExactly(NamedCluster.name(2));
        distributedTable(cluster);
        assertThat(allRowsAreReadable(cluster)).isTrue();
    }

    @Test
    void anEmptyServerTakesTheNameOfOneWithShards() {
        NamedCluster cluster = cluster(1, 2);
        EngineUnderTest roster = roster(cluster, Map.of("ROSTER_PROBE_MAX_AGE", "1s"));
        awaitAll(roster, 1, 2);
        distributedTable(cluster);
        List<String> rows = cluster.rows();

        cluster.worker(2).stop();
        cluster.worker(5);
        cluster.zone().name(NamedCluster.name(2), cluster.address(5)).publish();
        roster.awaitVerdict(NamedCluster.name(2), Situation.REPLACED);
        stays(roster, cluster, rows);

        cluster.worker(2).start();
        cluster.zone().name(NamedCluster.name(2), cluster.address(2)).publish();
        roster.awaitVerdict(NamedCluster.name(2), Situation.MEMBER);
        assertThat(allRowsAreReadable(cluster)).isTrue();
    }

    private static void awaitAll(EngineUnderTest roster, int... numbers) {
        for (int number : numbers) {
            roster.awaitMember(NamedCluster.name(number));
        }
        for (int number : numbers) {
            roster.awaitVerdict(NamedCluster.name(number), Situation.MEMBER);
        }
    }
}
