package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.plan.Situation;
import dev.roster.testkit.dns.NamedCluster;
import dev.roster.testkit.dns.ScriptedDnsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names appear in a real DNS server, and the servers behind them become nodes. */
class NamesJoinIT extends NamedSituations {

    @ParameterizedTest
    @ValueSource(ints = {20, 80, 1000})
    void namesWithGapsAndManyWithoutAServer(int names) {
        NamedCluster cluster = cluster(1, 2);
        String last = "worker" + names + ".test";
        cluster.worker(3);
        cluster.zone().name(last, cluster.address(3));
        for (int number = 4; number < names; number += 3) {
            cluster.zone().name(NamedCluster.name(number), cluster.deadAddress(number));
        }
        cluster.zone().publish();

        EngineUnderTest roster = roster(cluster, Map.of("ROSTER_DNS_PATTERNS", "worker{1.." + names + "}"));

        roster.awaitMember(NamedCluster.name(1));
        roster.awaitMember(NamedCluster.name(2));
        roster.awaitMember(last);
        roster.awaitVerdict(NamedCluster.name(4), Situation.NOT_PROBED);
        assertThat(cluster.nodes()).hasSize(3);
    }

    @Test
    void aWorkerThatHasOnlyAnIpv6Address() throws IOException {
        assumeTrue(hasIpv6(), "needs IPv6: this machine has no ::1");
        NamedCluster cluster = cluster(1, 6);

        EngineUnderTest roster = roster(cluster);

        roster.awaitMember(NamedCluster.name(6));
        roster.awaitMember(NamedCluster.name(1));
        distributedTable(cluster);
        assertThat(allRowsAreReadable(cluster)).isTrue();
    }

    @Test
    void aWorkerThatAppearsTenScansLater() {
        NamedCluster cluster = cluster(1);
        EngineUnderTest roster = roster(cluster, Map.of("ROSTER_PASS_INTERVAL", "10m"));
        roster.awaitMember(NamedCluster.name(1));
        roster.awaitLooks(10);

        cluster.worker(2);
        cluster.zone().name(NamedCluster.name(2), cluster.address(2)).publish();

        roster.awaitMember(NamedCluster.name(2));
    }

    @Test
    void twoNamesOfOneServerAreOneMember() {
        NamedCluster cluster = cluster(1, 2);
        cluster.zone().name("citus-worker1.test", cluster.address(1)).publish();
        EngineUnderTest roster = roster(cluster, removing("ROSTER_DNS_PATTERNS", "worker{1..3},citus-worker{1..3}"));
        roster.awaitMember(NamedCluster.name(1));
        roster.awaitMember(NamedCluster.name(2));
        roster.awaitSetAside("the two names are one worker");
        List<String> rows = cluster.rows();

        cluster.zone().without(NamedCluster.name(1)).publish();

        // the same running server, by the name that is left
        roster.awaitMember("citus-worker1.test");
        assertThat(cluster.rows()).hasSize(rows.size()).noneMatch(row -> row.contains(" " + NamedCluster.name(1)));
    }

    @Test
    void aServiceRecordWhosePortChangedIsNoSecondWorker() throws IOException {
        NamedCluster cluster = cluster(1, 2);
        int other = freePortOf(cluster.address(1));
        String service = "srv-host=_postgres._tcp.workers.test,";
        cluster.zone()
                .line(service + "worker1.test," + cluster.port())
                .line(service + "worker2.test," + cluster.port())
                .publish();
        EngineUnderTest roster = roster(cluster, Map.of("ROSTER_DNS_PATTERNS", "_postgres._tcp.workers"));
        roster.awaitMember(NamedCluster.name(1));
        roster.awaitMember(NamedCluster.name(2));
        distributedTable(cluster);
        List<String> rows = cluster.rows();

        cluster.worker(1).moveTo(cluster.address(1), other);
        cluster.zone()
                .withoutLines()
                .line(service + "worker1.test," + other)
                .line(service + "worker2.test," + cluster.port())
                .publish();

        roster.awaitVerdict("worker1.test:" + other, Situation.MEMBER);
        assertThat(cluster.rows()).hasSize(rows.size());
        assertThat(allRowsAreReadable(cluster)).isTrue();
    }

    @Test
    void anAnswerTooLongForOnePacket() {
        NamedCluster cluster = cluster(1, 2);
        String service = "srv-host=_postgres._tcp.workers.test,";
        for (int number = 100; number < 400; number++) {
            cluster.zone().line(service + "a-target-without-an-address-" + number + ".test," + cluster.port());
        }
        cluster.zone()
                .line(service + "worker1.test," + cluster.port())
                .line(service + "worker2.test," + cluster.port())
                .publish();

        EngineUnderTest roster = roster(cluster, Map.of("ROSTER_DNS_PATTERNS", "_postgres._tcp.workers"));

        roster.awaitMember(NamedCluster.name(1));
        roster.awaitMember(NamedCluster.name(2));
    }

    @Test
    void aSlowNameHoldsUpNobody() {
        NamedCluster cluster = cluster(1);
        ScriptedDnsServer silent = closing(ScriptedDnsServer.start(_ -> ScriptedDnsServer.Reply.silence()));
        cluster.zone()
                .line("server=/slow.test/" + silent.address().replace(':', '#'))
                .publish();
        // One scan would take longer than this test waits for anything.
        EngineUnderTest roster = roster(
                cluster,
                Map.of(
                        "ROSTER_DNS_PATTERNS", "slow,worker{1..3}",
                        "ROSTER_DNS_TIMEOUT", "60s",
                        "ROSTER_DNS_TRIES", "10"));

        roster.awaitMember(NamedCluster.name(1));
    }

    @Test
    void spellingInAnotherCaseIsTheSameName() {
        NamedCluster cluster = cluster(1, 2);
        EngineUnderTest roster = roster(cluster, Map.of("ROSTER_DNS_PATTERNS", "Worker{1..2}"));
        roster.awaitMember("Worker1.test");
        roster.awaitMember("Worker2.test");
        List<String> rows = cluster.rows();

        EngineUnderTest after = restarted(roster, cluster, Map.of("ROSTER_DNS_PATTERNS", "WORKER{1..2}"));

        after.awaitVerdict("Worker1.test", Situation.MEMBER);
        stays(after, cluster, rows);
    }

    private static boolean hasIpv6() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral("::1"))) {
            return socket.isBound();
        } catch (java.net.BindException e) {
            return false;
        }
    }

    private static int freePortOf(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(address))) {
            return socket.getLocalPort();
        }
    }
}
