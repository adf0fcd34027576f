package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Situation;
import dev.roster.testkit.dns.Dnsmasq;
import dev.roster.testkit.dns.NamedCluster;
import dev.roster.testkit.dns.ScriptedDnsServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The DNS server fails, and nobody is taken for gone because of it: not even where an absence of one second counts, and
 * the servers themselves are down.
 */
class ResolverTroubleIT extends NamedSituations {

    @TempDir
    private Path folder;

    @Test
    void aServerThatAnswersServfailForManyScans() {
        ScriptedDnsServer broken = closing(ScriptedDnsServer.start(_ -> ScriptedDnsServer.Reply.code(2)));
        List<String> asksItForAll = List.of("server=/test/" + broken.address().replace(':', '#'));
        NamedCluster cluster = cluster(1, 2, 3);

        fails(cluster, cluster.zone().server(), server -> server.serve(asksItForAll), "SERVFAIL");
    }

    @Test
    void aServerThatRefusesForManyScans() {
        NamedCluster cluster = cluster(1, 2, 3);

        fails(cluster, cluster.zone().server(), server -> server.serve(List.of("local=/elsewhere/")), "REFUSED");
    }

    @Test
    void aServerThatIsAwayForManyScans() {
        NamedCluster cluster = cluster(1, 2, 3);

        fails(cluster, cluster.zone().server(), Dnsmasq::stop, "no answer");
    }

    @Test
    void aServerThatIsSilentForManyScansWhileTheCoordinatorHasAnother() {
        NamedCluster cluster = cluster(1, 2, 3);
        Dnsmasq another = closing(Dnsmasq.start(folder, cluster.zone().lines()));

        fails(cluster, another, Dnsmasq::pause, "no answer");
    }

    /** The server stops telling names while a member is down, and tells them again when the member is back. */
    private void fails(NamedCluster cluster, Dnsmasq server, Consumer<Dnsmasq> fault, String words) {
        EngineUnderTest roster = roster(cluster, removing("ROSTER_DNS_SERVERS", server.address()));
        awaitAll(roster);
        List<String> rows = cluster.rows();
        cluster.worker(2).stop();

        fault.accept(server);

        roster.awaitNotReady();
        assertThat(roster.sourceError()).contains("no name could be looked up", words);
        assertThat(roster.awaitVerdict(NamedCluster.name(2), Situation.OUT_OF_SCOPE))
                .contains("could not look everywhere", words);
        roster.awaitPasses(6);
        assertThat(cluster.rows()).isEqualTo(rows);

        cluster.worker(2).start();
        server.serve(cluster.zone().lines());
        roster.awaitReady();
        awaitAll(roster);
        assertThat(cluster.rows()).isEqualTo(rows);
    }

    @Test
    void aSilentServerThatTheCoordinatorWaitsForToo() {
        NamedCluster cluster = cluster(1, 2, 3);
        EngineUnderTest roster = roster(cluster, REMOVING);
        awaitAll(roster);
        List<String> rows = cluster.rows();
        cluster.worker(2).stop();

        cluster.zone().server().pause();
        roster.awaitNotReady();
        // Real Citus cannot be interrupted while it waits for the resolver; the stand-in can.
        roster.await(
                "it says so",
                () -> roster.trouble().contains("a DNS server that keeps the coordinator waiting")
                        || roster.verdict(NamedCluster.name(2))
                                .filter(verdict -> verdict.situation() == Situation.OUT_OF_SCOPE)
                                .isPresent());
        assertThat(cluster.rows()).isEqualTo(rows);

        cluster.worker(2).start();
        cluster.zone().publish();
        roster.awaitReady();
        awaitAll(roster);
        assertThat(cluster.rows()).isEqualTo(rows);
    }

    @Test
    void aServerThatIsDownAtTheStart() {
        NamedCluster cluster = cluster(1, 2, 3);
        cluster.zone().server().stop();

        EngineUnderTest roster = roster(cluster, REMOVING);
        roster.await("it says so", () -> roster.sourceError().contains("no name could be looked up"));
        assertThat(roster.isReady()).isFalse();
        assertThat(cluster.nodes()).isEmpty();
        cluster.zone().publish();

        roster.awaitReady();
        awaitAll(roster);
    }

    @Test
    void aServerThatDeniesEveryNameForOneScan() {
        NamedCluster cluster = cluster(1, 2, 3);
        EngineUnderTest roster = roster(cluster, REMOVING);
        awaitAll(roster);
        List<String> rows = cluster.rows();
        List.of(1, 2, 3).forEach(number -> cluster.worker(number).stop());

        cluster.zone().server().serve(List.of("local=/test/"));
        roster.awaitWithheld("Mass departure");
        assertThat(cluster.rows()).isEqualTo(rows);

        List.of(1, 2, 3).forEach(number -> cluster.worker(number).start());
        cluster.zone().publish();
        awaitAll(roster);
        assertThat(cluster.rows()).isEqualTo(rows);
    }

    private static void awaitAll(EngineUnderTest roster) {
        for (int number : List.of(1, 2, 3)) {
            roster.awaitMember(NamedCluster.name(number));
        }
        for (int number : List.of(1, 2, 3)) {
            roster.awaitVerdict(NamedCluster.name(number), Situation.MEMBER);
        }
    }
}
