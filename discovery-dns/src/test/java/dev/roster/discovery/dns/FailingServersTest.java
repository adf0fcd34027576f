package dev.roster.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.testkit.dns.DnsQuestion;
import dev.roster.testkit.dns.DnsRecord;
import dev.roster.testkit.dns.Dnsmasq;
import dev.roster.testkit.dns.ScriptedDnsServer;
import dev.roster.testkit.dns.ScriptedDnsServer.Reply;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the source makes of servers that fail in every way. */
class FailingServersTest {

    private static final Reply SERVFAIL = Reply.code(2);
    private static final Reply NXDOMAIN = Reply.code(3);
    private static final Reply REFUSED = Reply.code(5);
    private static final Reply NODATA = Reply.of();

    private final ScriptedDnsServer first = ScriptedDnsServer.start(_ -> NXDOMAIN);
    private final ScriptedDnsServer second = ScriptedDnsServer.start(_ -> NXDOMAIN);

    private final List<Sources> opened = new ArrayList<>();

    @AfterEach
    void stop() {
        opened.forEach(Sources::close);
        first.close();
        second.close();
    }

    /** Every pair of answers for the two families: present, absent, or unknown. */
    @ParameterizedTest
    @CsvSource({
        "ADDRESS,  NXDOMAIN, present",
        "ADDRESS,  NODATA,   present",
        "ADDRESS,  SERVFAIL, present",
        "ADDRESS,  REFUSED,  present",
        "ADDRESS,  SILENCE,  present",
        "NXDOMAIN, ADDRESS,  present",
        "SERVFAIL, ADDRESS,  present",
        "SILENCE,  ADDRESS,  present",
        "NXDOMAIN, NXDOMAIN, absent",
        "NXDOMAIN, NODATA,   absent",
        "NODATA,   NXDOMAIN, absent",
        "NODATA,   NODATA,   absent",
        "NXDOMAIN, SERVFAIL, unknown",
        "NODATA,   REFUSED,  unknown",
        "NXDOMAIN, SILENCE,  unknown",
        "SERVFAIL, NODATA,   unknown",
        "SILENCE,  NXDOMAIN, unknown",
        "REFUSED,  NXDOMAIN, unknown",
        "SERVFAIL, SERVFAIL, unknown",
        "SILENCE,  SILENCE,  unknown"
    })
    void weighsBothFamilies(String v4, String v6, String verdict) {
        first.script(question -> switch (question.name()) {
            case "other.test" -> NXDOMAIN;
            default -> reply(question.isA() ? v4 : v6, question);
        });

        Sighting seen = asking("worker1,other").look();

        switch (verdict) {
            case "present" -> assertThat(Sources.hosts(seen)).containsExactly("worker1.test");
            case "absent" ->
                assertThat(seen)
                        .isInstanceOfSatisfying(
                                Sighting.Complete.class,
                                complete -> assertThat(complete.workers()).isEmpty());
            default ->
                assertThat(seen)
                        .isInstanceOfSatisfying(
                                Sighting.Partial.class,
                                partial -> assertThat(partial.missing()).contains("worker1.test ("));
        }
    }

    private static Reply reply(String kind, DnsQuestion question) {
        return switch (kind) {
            case "ADDRESS" -> Reply.of(DnsRecord.address(question.name(), question.isA() ? "10.0.0.1" : "fd00::1"));
            case "NXDOMAIN" -> NXDOMAIN;
            case "NODATA" -> NODATA;
            case "SERVFAIL" -> SERVFAIL;
            case "REFUSED" -> REFUSED;
            default -> Reply.silence();
        };
    }

    @Test
    void aServerThatFailsForSomeNamesNamesThemAndStillShowsTheOthers() {
        first.script(question -> question.name().startsWith("worker2.") ? SERVFAIL : present(question));

        Sighting.Partial seen = asking("worker{1..3}").partial();

        assertThat(Sources.hosts(seen)).containsExactly("worker1.test", "worker3.test");
        assertThat(seen.missing())
                .isEqualTo("these names could not be looked up: worker2.test (SERVFAIL from " + first.address() + ")");
    }

    @Test
    void aLongListOfFailuresIsCutShort() {
        first.script(question -> question.name().startsWith("worker1.") ? present(question) : REFUSED);

        assertThat(asking("worker{1..20}").partial().missing())
                .contains("worker6.test")
                .endsWith(" and 14 more");
    }

    @Test
    void asksASilentServerAgain() {
        first.script(question -> first.questions() <= 2 ? Reply.silence() : present(question));

        assertThat(Sources.hosts(asking("worker1").complete())).containsExactly("worker1.test");
    }

    @Test
    void believesTheDenialOfAServerThatWasSilentAtFirst() {
        first.script(_ -> first.questions() <= 2 ? Reply.silence() : NXDOMAIN);

        assertThat(asking("worker{1..3}").complete().workers()).isEmpty();
    }

    @Test
    void asksTheNextServerWhenOneIsSilentOrFails() {
        second.script(FailingServersTest::present);
        first.script(question -> question.name().startsWith("worker1.") ? Reply.silence() : SERVFAIL);

        assertThat(Sources.hosts(both("worker{1..2}").complete())).containsExactly("worker1.test", "worker2.test");
    }

    @Test
    void believesTheSecondServersDenialOnlyIfTheFirstIsDead() {
        first.script(_ -> Reply.silence());
        assertThat(both("worker1").complete().workers()).isEmpty();

        first.script(question -> question.name().startsWith("worker1.") ? SERVFAIL : NXDOMAIN);
        assertThat(both("worker{1..2}").partial().missing())
                .contains("worker1.test (denied by one server after another, asked before, could not tell)")
                .doesNotContain("worker2.test");
    }

    @Test
    void aDeadServerCostsAFewTimeoutsAndNotOneForEachName() {
        first.script(_ -> Reply.silence());

        assertThat(asking("worker{1..1000}", "concurrency", "20").look()).isInstanceOf(Sighting.Unavailable.class);

        assertThat(first.questions()).isLessThanOrEqualTo(60);
    }

    @Test
    void neverHasMoreQuestionsUnderWayThanTheCap() {
        AtomicInteger most = new AtomicInteger();
        AtomicInteger now = new AtomicInteger();
        Transport counting = new Transport() {
            @Override
            public Response ask(InetSocketAddress server, Question question) {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                now.decrementAndGet();
                return new Response.Message(3, false, List.of());
            }

            @Override
            public void close() {}
        };
        SoughtNames sought = SoughtNames.of(
                Sources.settings(Map.of("patterns", "worker{1..500}")), new ResolvConf(List.of(), List.of(), 1));
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53), 100);

        try (Scan scan = new Scan(sought, new Questions(counting, List.of(server), 1, new Semaphore(8, true)))) {
            scan.begin();
            assertTimeoutPreemptively(
                    Duration.ofSeconds(30),
                    () -> assertThat(scan.await(Duration.ofSeconds(30))).isTrue());
        }

        assertThat(most.get()).isBetween(1, 8);
    }

    @Test
    void aSlowNameDoesNotHoldUpTheOthers() {
        first.script(question -> question.name().startsWith("worker2.") ? Reply.silence() : present(question));
        Sources source = asking("worker{1..3}", "timeout", "900ms");

        source.look();

        assertThat(source.told()).hasSizeGreaterThan(1);
        assertThat(source.told().getFirst()).isInstanceOfSatisfying(Sighting.Partial.class, early -> {
            assertThat(Sources.hosts(early)).containsExactly("worker1.test", "worker3.test");
            assertThat(early.missing()).contains("worker2.test (no answer yet)");
        });

        int before = source.told().size();
        source.look();
        assertThat(source.told()).as("nothing new, nothing told early").hasSize(before + 1);
    }

    @Test
    void aTruncatedAnswerIsAskedForAgainOverTcp() {
        first.script(question -> question.isA() ? tasks(question, 40) : NODATA);

        assertThat(asking("tasks.w").complete().workers()).hasSize(40);
    }

    @Test
    void anAnswerCutOffEvenOverTcpIsNoCompleteOne() {
        first.script(question -> question.isA() ? tasks(question, 3).andCutOff() : NODATA);

        Sighting.Partial seen = asking("tasks.w").partial();

        assertThat(seen.workers()).hasSize(3);
        assertThat(seen.missing()).contains("tasks.w.test (an answer cut off");
    }

    @Test
    void tasksWithBothFamiliesAreCountedOnce() {
        first.script(question -> Reply.of(DnsRecord.address(question.name(), question.isA() ? "10.0.0.1" : "fd00::1")));
        assertThat(asking("tasks.w").complete().workers())
                .extracting(Worker::address)
                .containsExactly(new HostPort("10.0.0.1", 5432));

        first.script(question -> question.isA() ? SERVFAIL : present(question));
        assertThat(asking("tasks.w,other").look()).isNotInstanceOf(Sighting.Complete.class);
    }

    @Test
    void aChainOfAliasesThatNeverEndsIsUnknown() {
        first.script(question -> switch (question.name()) {
            case "a.test" -> Reply.of(DnsRecord.alias("a.test", "b.test"));
            case "b.test" -> Reply.of(DnsRecord.alias("b.test", "a.test"));
            default -> NXDOMAIN;
        });

        assertThat(asking("a,other").partial().missing())
                .contains("a.test (a chain of aliases (CNAME) without an end)");
    }

    @Test
    void anAliasAnsweredAloneIsFollowedByAnotherQuestion() {
        first.script(question -> switch (question.name()) {
            case "worker1.test" -> Reply.of(DnsRecord.alias("worker1.test", "Real.test"));
            default -> present(question);
        });

        assertThat(Sources.hosts(asking("worker1").complete())).containsExactly("worker1.test");
    }

    @Test
    void aServiceDecidedlyNowhereHasNoWorkers() {
        first.script(
                question -> question.type() == 33 ? Reply.of(DnsRecord.service(question.name(), ".", 0)) : NXDOMAIN);

        assertThat(asking("_postgres._tcp.w").complete().workers()).isEmpty();
    }

    @Test
    void aServiceTargetThatCannotBeLookedUpMakesTheSightingPartial() {
        first.script(question -> question.type() == 33
                ? Reply.of(
                        DnsRecord.service(question.name(), "w0.test", 5432),
                        DnsRecord.service(question.name(), "w1.test", 5432))
                : question.name().equals("w1.test") ? SERVFAIL : present(question));

        Sighting.Partial seen = asking("_postgres._tcp.w").partial();

        assertThat(Sources.hosts(seen)).containsExactly("w0.test");
        assertThat(seen.missing()).contains("w1.test (SERVFAIL from ");
    }

    @Test
    void aNameUnknownInTheFirstDomainIsNotTakenFromTheSecond() {
        first.script(question -> question.name().endsWith(".test") ? SERVFAIL : present(question));

        assertThat(asking("worker1", "domain", "test,other").partial().workers())
                .isEmpty();
    }

    @Test
    void anAnswerThatSaysNxdomainForOneFamilyOfALivingNameIsPresent() {
        first.script(question -> question.isAaaa() ? NXDOMAIN : present(question));

        assertThat(Sources.hosts(asking("worker1").complete())).containsExactly("worker1.test");
    }

    @Test
    void asksServersOverIpv6() {
        try (ScriptedDnsServer six = ScriptedDnsServer.start("::1", FailingServersTest::present)) {
            assertThat(Sources.hosts(keep(Sources.asking(six.address(), "worker1", "domain", "test"))
                            .complete()))
                    .containsExactly("worker1.test");
        }
    }

    @Test
    void aClosedPortIsUnavailable() {
        String nobody = "127.0.0.1:" + Dnsmasq.freePort();

        assertThat(keep(Sources.asking(nobody, "worker1", "domain", "test")).look())
                .isInstanceOfSatisfying(
                        Sighting.Unavailable.class,
                        seen -> assertThat(seen.reason()).contains(nobody));
    }

    private Sources asking(String patterns, String... more) {
        String[] options = more.length == 0 ? new String[] {"domain", "test"} : more;
        return keep(Sources.asking(first.address(), patterns, withDomain(options)));
    }

    private static String[] withDomain(String... options) {
        for (int at = 0; at < options.length; at += 2) {
            if (options[at].equals("domain")) {
                return options;
            }
        }
        String[] all = Arrays.copyOf(options, options.length + 2);
        all[options.length] = "domain";
        all[options.length + 1] = "test";
        return all;
    }

    private Sources both(String patterns) {
        return keep(Sources.asking(first.address() + "," + second.address(), patterns, "domain", "test"));
    }

    private Sources keep(Sources source) {
        opened.add(source);
        return source;
    }

    private static Reply present(DnsQuestion question) {
        int host = Math.floorMod(question.name().hashCode(), 250) + 1;
        return question.isA() ? Reply.of(DnsRecord.address(question.name(), "10.0.0." + host)) : NODATA;
    }

    private static Reply tasks(DnsQuestion question, int count) {
        DnsRecord[] records = new DnsRecord[count];
        for (int at = 0; at < count; at++) {
            records[at] = DnsRecord.address(question.name(), "10.0.3." + (at + 1));
        }
        return Reply.of(records);
    }
}
