package dev.roster.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.discovery.Sighting;
import dev.roster.discovery.SourceHealth;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscoveryContract;
import dev.roster.discovery.WorkerDiscoveryProvider;
import dev.roster.testkit.dns.DnsQuestion;
import dev.roster.testkit.dns.DnsRecord;
import dev.roster.testkit.dns.Dnsmasq;
import dev.roster.testkit.dns.ScriptedDnsServer;
import dev.roster.testkit.dns.ScriptedDnsServer.Reply;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The source as the engine has it: with its threads, its nudges and its health. */
class DnsDiscoveryTest extends WorkerDiscoveryContract {

    private static final Reply NXDOMAIN = Reply.code(3);

    private final ScriptedDnsServer dns = ScriptedDnsServer.start(DnsDiscoveryTest::oneWorker);
    private final BlockingQueue<String> nudges = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        dns.close();
    }

    @Override
    protected WorkerDiscoveryProvider provider() {
        return new DnsDiscoveryProvider();
    }

    @Override
    protected Map<String, String> working() {
        return Map.of("servers", dns.address(), "patterns", "worker{1..3}", "domain", "test", "interval", "50ms");
    }

    @Override
    protected Map<String, String> failing() {
        return Map.of("servers", "127.0.0.1:" + Dnsmasq.freePort(), "patterns", "worker{1..3}", "timeout", "100ms");
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(WorkerDiscoveryProvider.class))
                .extracting(WorkerDiscoveryProvider::type)
                .contains("dns");
    }

    @Test
    void nudgesOnlyWhenSomethingChanged() throws InterruptedException {
        try (WorkerDiscovery source = started(working())) {
            assertThat(nextNudge()).isEqualTo("worker1.test resolves to 10.0.0.1");
            awaitScans(5);
            assertThat(nudges).isEmpty();

            dns.script(_ -> NXDOMAIN);
            assertThat(nextNudge()).isEqualTo("worker1.test no longer resolves");
            assertThat(source.sighting()).isInstanceOf(Sighting.Complete.class);
            awaitScans(5);
            assertThat(nudges).isEmpty();

            dns.script(_ -> Reply.code(2));
            assertThat(nextNudge()).startsWith("no name could be looked up: worker1.test (SERVFAIL");
            SourceHealth health = source.health();
            assertThat(health.isConnected()).isFalse();
            assertThat(health.error()).isPresent();
            assertThat(health.lastFullLook()).isPresent();
        }
    }

    @Test
    void comesBackByItselfAfterAServerThatWasDownAtStart() throws InterruptedException {
        dns.script(_ -> Reply.silence());
        Map<String, String> options = new HashMap<>(working());
        options.put("timeout", "100ms");
        try (WorkerDiscovery source = started(options)) {
            assertThat(nextNudge()).startsWith("no name could be looked up");

            dns.script(DnsDiscoveryTest::oneWorker);

            assertThat(nextNudge()).isEqualTo("worker1.test resolves to 10.0.0.1");
            assertThat(source.health().isConnected()).isTrue();
        }
    }

    @Test
    void isConnectedAndSaysWhatItCouldNotTellWhileSomeNamesFail() throws InterruptedException {
        dns.script(question -> question.name().startsWith("worker2.") ? Reply.code(2) : oneWorker(question));
        try (WorkerDiscovery source = started(working())) {
            nextNudge();

            assertThat(source.health().isConnected()).isTrue();
            assertThat(source.health().lastFullLook()).isEmpty();
            assertThat(source.health().error())
                    .hasValueSatisfying(error -> assertThat(error).contains("worker2.test (SERVFAIL"));
        }
    }

    @Test
    void closingLeavesNoThreadOfItsOwn() throws InterruptedException {
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        dns.script(_ -> Reply.silence());
        WorkerDiscovery source = started(working());
        awaitScans(1);

        source.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> !before.contains(thread))
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("dns-scan") || name.startsWith("dns-lookups"));
    }

    @Test
    void whatItUsesStaysFlatOverAThousandScans() {
        try (Sources source = Sources.asking(dns.address(), "worker{1..20}", "domain", "test")) {
            for (int scan = 0; scan < 100; scan++) {
                source.forget();
                source.complete();
            }
            long direct = directMemory();
            int threads = Thread.getAllStackTraces().size();
            for (int scan = 0; scan < 1_000; scan++) {
                source.forget();
                source.complete();
            }

            assertThat(directMemory()).isLessThanOrEqualTo(direct + (1 << 20));
            assertThat(Thread.getAllStackTraces().size()).isLessThanOrEqualTo(threads + 2);
        }
    }

    private static long directMemory() {
        return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    domain      | my domain      | has the domain 'my domain', which has a blank in it
                    domain      | a,,b           | has the domain '', which is empty
                    domain      | a..b           | has the domain 'a..b', which has an empty label (two dots in a row, or one at its start)
                    servers     | 10.0.0.300     | has the server '10.0.0.300', which is not an IP address
                    servers     | 0.0.0.0        | has the server '0.0.0.0', which is not the address of one server
                    servers     | 224.0.0.1:53   | has the server '224.0.0.1:53', which is not the address of one server
                    servers     | 255.255.255.255 | has the server '255.255.255.255', which is not the address of one server
                    servers     | 10.0.0.1:0     | has the server '10.0.0.1:0', which has a port outside 1 to 65535
                    servers     | dns server     | has the server 'dns server', which has a blank or control character in its host
                    servers     | dns/1          | has the server 'dns/1', which is neither an IP address nor a host name
                    servers     | ''             | has the server '', which has an empty host
                    worker-port | 0              | is not a port from 1 to 65535
                    worker-port | 70000          | is not a port from 1 to 65535
                    interval    | 15             | is not a duration
                    timeout     | 0s             | is not above zero
                    tries       | 11             | is not a whole number from 1 to 10
                    concurrency | 1001           | is not a whole number from 1 to 1000
                    concurrency | many           | is not a whole number from 1 to 1000
                    """)
    void saysWhatIsWrongWithAValue(String key, String value, String fault) {
        assertThatThrownBy(() -> Sources.settings(Map.of("patterns", "worker1", key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(fault);
    }

    @Test
    void refusesSettingsThatDoNotFitTogether() {
        assertThatThrownBy(() -> Sources.settings(Map.of()))
                .hasMessageStartingWith("roster.dns.patterns is not set, and the source dns needs it unless"
                        + " roster.dns.domain is set");
        assertThatThrownBy(() ->
                        Sources.settings(Map.of("patterns", "a{1..1000}{a,b,c,d}{e,f}", "domain", "one.test,two.test")))
                .hasMessage("roster.dns.patterns and roster.dns.domain together make 16000 names; at most 10000 are"
                        + " looked up: narrow the ranges");
        String domain = "d.".repeat(124) + "test";
        assertThatThrownBy(() -> Sources.settings(Map.of("patterns", "worker", "domain", domain)))
                .hasMessageStartingWith("roster.dns.patterns and roster.dns.domain together make the name 'worker.d.")
                .hasMessageEndingWith("which is 259 octets long; a name has at most 253");
        assertThatThrownBy(() -> Sources.settings(Map.of("patterns", "worker1", "servers", "fe80::1")))
                .hasMessageStartingWith("roster.dns.servers names [fe80::1]:53, to which this machine cannot send (");
    }

    @Test
    void aServerThatIsOnlyDownIsNoBadInput() {
        assertThat(Sources.settings(Map.of("patterns", "worker1", "servers", "127.0.0.1:1"))
                        .servers())
                .hasSize(1);
    }

    @Test
    void aServersNameThatCannotBeFoundIsSaidByTheSource() throws InterruptedException {
        try (WorkerDiscovery source = started(Map.of("patterns", "worker1", "servers", "no-such-host.invalid"))) {
            assertThat(nextNudge())
                    .contains("no-such-host.invalid")
                    .endsWith("cannot be found; give its IP address in roster.dns.servers");
            assertThat(source.sighting()).isInstanceOf(Sighting.Unavailable.class);
        }
    }

    private WorkerDiscovery started(Map<String, String> options) {
        WorkerDiscovery source = provider().create(Sources.context(options));
        source.start(nudges::add);
        return source;
    }

    private String nextNudge() throws InterruptedException {
        String nudge = nudges.poll(20, TimeUnit.SECONDS);
        assertThat(nudge).as("a nudge within 20 s").isNotNull();
        return String.valueOf(nudge);
    }

    /** Six questions make one scan of three names. */
    private void awaitScans(int scans) {
        int goal = dns.questions() + scans * 6;
        while (dns.questions() < goal) {
            Thread.onSpinWait();
        }
    }

    private static Reply oneWorker(DnsQuestion question) {
        return question.name().startsWith("worker1.") && question.isA()
                ? Reply.of(DnsRecord.address(question.name(), "10.0.0.1"))
                : NXDOMAIN;
    }
}
