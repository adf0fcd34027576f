package dev.roster.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.testkit.dns.Dnsmasq;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the source sees in a real DNS server. */
class NamesInDnsTest {

    @TempDir
    private Path folder;

    private final List<Sources> opened = new ArrayList<>();

    private Dnsmasq dns;

    @BeforeAll
    static void needsDnsmasq() {
        assumeTrue(Dnsmasq.isInstalled(), Dnsmasq.MISSING);
    }

    @BeforeEach
    void start() {
        dns = Dnsmasq.start(folder, List.of("local=/test/"));
    }

    @AfterEach
    void stop() {
        opened.forEach(Sources::close);
        if (dns != null) {
            dns.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 80, 1000})
    void findsEveryNameAndSkipsTheGaps(int names) {
        List<Integer> present =
                IntStream.rangeClosed(1, names).filter(n -> n % 7 != 0).boxed().toList();
        serve(present.stream()
                .map(n -> "host-record=worker" + n + ".test,10.1." + n / 250 + "." + (n % 250 + 1))
                .toList());

        Sighting.Complete seen =
                source("worker{1.." + names + "}", "domain", "test").complete();

        assertThat(Sources.hosts(seen))
                .containsExactlyElementsOf(
                        present.stream().map(n -> "worker" + n + ".test").toList());
        assertThat(seen.absenceIsProof()).isFalse();
        assertThat(seen.setAside()).isEmpty();
    }

    @Test
    void aWorkerIsItsNameWithItsScopeAndNoOpinionOnItsHealth() {
        serve("host-record=worker2.test,10.0.0.2");

        Sighting.Complete seen =
                source("worker{1..3}", "domain", "test", "worker-port", "5433").complete();

        Scope scope = new Scope("dns", "worker{1..3} in test, port 5433");
        assertThat(seen.scopes()).containsExactly(scope);
        assertThat(seen.workers())
                .containsExactly(new Worker(
                        "worker2.test",
                        new HostPort("worker2.test", 5433),
                        WorkerHealth.UNKNOWN,
                        "resolves to 10.0.0.2",
                        Optional.empty(),
                        scope,
                        false));
    }

    @Test
    void findsWorkersThatHaveOnlyIpv6() {
        serve("host-record=worker1.test,fd00::1", "host-record=worker2.test,10.0.0.2,fd00::2");

        assertThat(source("worker{1..3}", "domain", "test").complete().workers())
                .extracting(Worker::name, Worker::detail)
                .containsExactly(
                        tuple("worker1.test", "resolves to fd00:0:0:0:0:0:0:1"),
                        tuple("worker2.test", "resolves to 10.0.0.2, fd00:0:0:0:0:0:0:2"));
    }

    @Test
    void seesAWorkerThatAppearsScansLater() {
        Sources source = source("worker{1..3}", "domain", "test");
        for (int scan = 0; scan < 10; scan++) {
            assertThat(Sources.hosts(source.complete())).isEmpty();
        }

        serve("host-record=worker3.test,10.0.0.3");

        assertThat(Sources.hosts(source.complete())).containsExactly("worker3.test");
    }

    @Test
    void aNameTakenOutIsMissingFromACompleteSightingAndBackWhenItIsBack() {
        Sources source = source("worker{1..2}", "domain", "test");
        serve("host-record=worker1.test,10.0.0.1", "host-record=worker2.test,10.0.0.2");
        assertThat(Sources.hosts(source.complete())).hasSize(2);

        serve("host-record=worker1.test,10.0.0.1");
        assertThat(Sources.hosts(source.complete())).containsExactly("worker1.test");

        serve("host-record=worker1.test,10.0.0.1", "host-record=worker2.test,10.0.0.2");
        assertThat(Sources.hosts(source.complete())).hasSize(2);
    }

    @Test
    void anAddressThatMovesKeepsTheRegisteredNameAndIsNews() {
        Sources source = source("worker1", "domain", "test");
        serve("host-record=worker1.test,10.0.0.1");
        Sighting before = source.complete();

        serve("host-record=worker1.test,10.0.0.9");
        Sighting after = source.complete();

        assertThat(Sources.hosts(after)).isEqualTo(Sources.hosts(before));
        assertThat(News.between(before, after)).contains("worker1.test now resolves to 10.0.0.9");
        assertThat(News.between(after, source.complete())).isEmpty();
    }

    @Test
    void ofTwoNamesAtOneAddressTheFirstPatternWinsAndTheSecondIsStillThere() {
        serve("host-record=citus-worker1.test,10.0.0.1", "host-record=worker1.test,10.0.0.1,fd00::1");

        Sighting.Complete seen = keep(Sources.with(
                        Map.of("servers", dns.address(), "domain", "test"), Path.of("/nonexistent/resolv.conf")))
                .complete();

        assertThat(Sources.hosts(seen)).containsExactly("worker1.test");
        assertThat(seen.alsoPresent()).containsExactly(new HostPort("citus-worker1.test", 5432));
        assertThat(seen.setAside())
                .containsExactly(new Sighting.SetAside(
                        "citus-worker1.test",
                        "has the address 10.0.0.1 of worker1.test, which comes first; the two names are one worker"));
        assertThat(seen.scopes()).hasSize(4);
    }

    @Test
    void aNameOfSeveralServersIsNotTheNameOfEach() {
        serve(
                "host-record=worker.test,10.0.0.1",
                "host-record=worker.test,10.0.0.2",
                "host-record=worker1.test,10.0.0.1",
                "host-record=worker2.test,10.0.0.2");

        assertThat(Sources.hosts(source("worker,worker{1..2}", "domain", "test").complete()))
                .containsExactly("worker.test", "worker1.test", "worker2.test");
    }

    @Test
    void oneAddressWithTwoPortsIsTwoWorkers() {
        serve("host-record=a1.test,10.0.0.1", "host-record=b1.test,10.0.0.1");

        assertThat(Sources.hosts(source("a1:5433,b1:5434", "domain", "test").complete()))
                .containsExactly("a1.test", "b1.test");
    }

    @Test
    void ofTwoDomainsTheFirstThatKnowsANameCounts() {
        serve(
                "local=/other/",
                "host-record=worker1.test,10.0.0.1",
                "host-record=worker1.other,10.0.0.9",
                "host-record=worker2.other,10.0.0.2");

        Sighting.Complete seen = source("worker{1..3}", "domain", "test,other").complete();

        assertThat(Sources.hosts(seen)).containsExactly("worker1.test", "worker2.other");
        assertThat(seen.alsoPresent()).containsExactly(new HostPort("worker1.other", 5432));
        assertThat(seen.scopes())
                .extracting(Scope::place)
                .containsExactlyInAnyOrder("worker{1..3} in test, port 5432", "worker{1..3} in other, port 5432");
    }

    @Test
    void followsAliasesToTheirEnd() {
        serve(
                "host-record=real.test,10.0.0.1",
                "cname=middle.test,real.test",
                "cname=worker1.test,middle.test",
                "cname=worker2.test,nowhere.test");

        assertThat(Sources.hosts(source("worker{1..2}", "domain", "test").complete()))
                .containsExactly("worker1.test");
    }

    @Test
    void takesTargetsAndPortsFromServiceRecords() {
        String service = "_postgres._tcp.workers.test";
        serve(
                "host-record=w0.test,10.0.0.1",
                "host-record=w1.test,10.0.0.2",
                "srv-host=" + service + ",w0.test,5432",
                "srv-host=" + service + ",w1.test,6432",
                "srv-host=" + service + ",gone.test,5432");
        Sources source = source(service + ".");

        Sighting.Complete seen = source.complete();
        assertThat(seen.workers())
                .extracting(Worker::address)
                .containsExactly(new HostPort("w0.test", 5432), new HostPort("w1.test", 6432));
        assertThat(seen.alsoPresent()).containsExactly(new HostPort("gone.test", 5432));
        assertThat(seen.setAside().getFirst().sentence())
                .isEqualTo("the SRV record of " + service
                        + " names it, but it has no address; give it one, or take it off the record");
        assertThat(seen.scopes()).containsExactly(new Scope("dns", service + "."));

        serve("host-record=w1.test,10.0.0.2", "srv-host=" + service + ",w1.test,7000");
        assertThat(source.complete().workers())
                .extracting(Worker::address)
                .containsExactly(new HostPort("w1.test", 7000));
    }

    @Test
    void readsAServiceAnswerThatNeedsTcpToTheLastRecord() {
        List<String> lines = new ArrayList<>();
        for (int n = 1; n <= 60; n++) {
            lines.add("srv-host=_postgres._tcp.workers.test,w" + n + ".test,5432");
            lines.add("host-record=w" + n + ".test,10.0.1." + n);
        }
        serve(lines);

        assertThat(source("_postgres._tcp.workers", "domain", "test").complete().workers())
                .hasSize(60);
    }

    @Test
    void everyTaskOfASwarmServiceIsAWorkerAtItsAddress() {
        List<String> lines = new ArrayList<>();
        for (int n = 1; n <= 120; n++) {
            lines.add("host-record=tasks.worker.test,10.0.2." + n);
        }
        serve(lines);

        Sighting.Complete seen = source("tasks.worker", "domain", "test").complete();

        assertThat(seen.workers()).hasSize(120);
        assertThat(seen.workers()).extracting(Worker::address).contains(new HostPort("10.0.2.77", 5432));
        assertThat(seen.workers().getFirst().scope().place()).isEqualTo("tasks.worker in test, port 5432");
    }

    @Test
    void usesServersAndSearchListOfResolvConfAndRegistersTheShortName() throws IOException {
        serve("domain-needed", "host-record=worker1.b.test,10.0.0.1", "host-record=worker2.a.test,10.0.0.2");
        Path resolvConf = Files.writeString(folder.resolve("resolv.conf"), "search a.test b.test\noptions ndots:2\n");

        Sighting.Complete seen = keep(Sources.with(
                        Map.of("servers", dns.address(), "patterns", "worker{1..3}", "timeout", "300ms"), resolvConf))
                .complete();

        assertThat(Sources.hosts(seen)).containsExactly("worker1", "worker2");
        assertThat(seen.scopes())
                .containsExactly(new Scope("dns", "worker{1..3} by the search list a.test b.test, port 5432"));
    }

    @Test
    void keepsTheSpellingOfThePatternAndAsksInAnyCase() {
        serve("host-record=worker1.test,10.0.0.1");

        assertThat(Sources.hosts(
                        source("WORKER{1..1},worker1", "domain", "Test").complete()))
                .containsExactly("WORKER1.Test");
    }

    @Test
    void aNamedRangeGivesTheGroupOfTheWorker() {
        serve("host-record=worker2b.test,10.0.0.1");

        assertThat(source("worker{group=1..3}{a,b}", "domain", "test")
                        .complete()
                        .workers())
                .extracting(Worker::group)
                .containsExactly(Optional.of(new GroupId(2)));
    }

    @Test
    void narrowedPatternsAreAnotherScope() {
        Set<Scope> wide = source("worker{1..20}", "domain", "test").complete().scopes();
        Set<Scope> narrow = source("worker{1..10}", "domain", "test").complete().scopes();

        assertThat(narrow).doesNotContainAnyElementsOf(wide);
    }

    @Test
    void aNameAlreadyInTheDomainIsNotGivenItTwice() {
        serve("host-record=worker1.test,10.0.0.1");

        assertThat(Sources.hosts(source("worker1.test", "domain", "test").complete()))
                .containsExactly("worker1.test");
    }

    @Test
    void isUnavailableWhileEveryNameIsRefused() {
        Sighting seen = source("worker{1..3}", "domain", "elsewhere").look();

        assertThat(seen)
                .isInstanceOfSatisfying(
                        Sighting.Unavailable.class,
                        unavailable -> assertThat(unavailable.reason())
                                .contains("worker1.elsewhere (REFUSED from " + dns.address() + ")")
                                .endsWith("names servers that answer here"));
    }

    @Test
    void isUnavailableWhileTheServerIsAwayAndBackWithIt() {
        serve("host-record=worker1.test,10.0.0.1");
        Sources source = source("worker{1..3}", "domain", "test");
        assertThat(source.look()).isInstanceOf(Sighting.Complete.class);

        dns.stop();
        assertThat(source.look())
                .isInstanceOfSatisfying(
                        Sighting.Unavailable.class,
                        unavailable -> assertThat(unavailable.reason())
                                .contains("no answer within 300 ms from " + dns.address()));

        serve("host-record=worker1.test,10.0.0.1");
        assertThat(Sources.hosts(source.complete())).containsExactly("worker1.test");
    }

    private Sources source(String patterns, String... more) {
        return keep(Sources.asking(dns.address(), patterns, more));
    }

    private Sources keep(Sources source) {
        opened.add(source);
        return source;
    }

    private void serve(String... lines) {
        serve(List.of(lines));
    }

    private void serve(List<String> lines) {
        List<String> all = new ArrayList<>(List.of("local=/test/"));
        all.addAll(lines);
        dns.serve(all);
    }
}
