package dev.roster.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.SourceHealth;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.identity.FakeProbe;
import dev.roster.identity.FakeServers;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.EnginePorts;
import dev.roster.reconcile.FakeLeaderLock;
import dev.roster.reconcile.Pass;
import dev.roster.reconcile.PassResult;
import dev.roster.reconcile.TurnableClock;
import dev.roster.testkit.dns.Dnsmasq;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of members when their names come and go: a real DNS server and the whole engine, on a coordinator in memory. */
class NamesAndMembersTest {

    private static final Duration LONG = Duration.ofMinutes(20);

    @TempDir
    private Path folder;

    private final TurnableClock clock = new TurnableClock();
    private final FakeServers servers = new FakeServers(clock);
    private final FakeCoordinator coordinator = new FakeCoordinator(new HostPort("master", 5432), servers, clock);
    private final Map<String, String> records = new TreeMap<>();
    private final List<String> otherLines = new ArrayList<>();
    private final Names names = new Names();
    private Dnsmasq dns;
    private Pass pass = pass(PlanSettings.DEFAULTS);

    @BeforeAll
    static void needsDnsmasq() {
        assumeTrue(Dnsmasq.isInstalled(), Dnsmasq.MISSING);
    }

    @BeforeEach
    void start() {
        dns = Dnsmasq.start(folder, List.of("local=/test/"));
        names.lookUp("worker{1..6}");
    }

    @AfterEach
    void stop() {
        names.close();
        if (dns != null) {
            dns.close();
        }
    }

    @Test
    void namesBecomeMembersAndALateOneJoinsWhenItAppears() {
        withWorkers(1, 2, 3);
        assertThat(members()).containsExactly("worker1.test", "worker2.test", "worker3.test");

        for (int scan = 0; scan < 10; scan++) {
            settle();
        }
        withWorkers(1, 2, 3, 6);

        assertThat(members()).contains("worker6.test");
    }

    @Test
    void aNameThatIsMissingForOneScanChangesNothing() {
        withWorkers(1, 2, 3);
        serve(1, 3);
        settle();
        serve(1, 2, 3);
        settle();

        assertThat(members()).hasSize(3);
        assertThat(removals()).isZero();
        assertThat(situation("worker2.test")).isEqualTo(Situation.MEMBER);
    }

    @Test
    void aNameGoneForGoodWhileItsServerAnswersIsKeptAndSaid() {
        pass = pass(removing());
        withWorkers(1, 2, 3);
        serve(1, 3);
        passTime(LONG);

        assertThat(members()).hasSize(3);
        assertThat(situation("worker2.test")).isEqualTo(Situation.ALIVE_UNDISCOVERED);
    }

    @Test
    void aNameGoneForGoodWithItsServerIsKeptByDefault() {
        withWorkers(1, 2, 3);
        serve(1, 3);
        servers.stop(address(2));
        passTime(LONG);

        assertThat(members()).hasSize(3);
        assertThat(situation("worker2.test")).isEqualTo(Situation.ABSENT_UNPROVEN);
    }

    @Test
    void aNameGoneForGoodWithItsServerIsRemovedAfterTheGraceTimeWhereAbsenceCounts() {
        pass = pass(removing());
        withWorkers(1, 2, 3, 4);
        serve(1, 3, 4);
        servers.stop(address(2));

        passTime(Duration.ofMinutes(4));
        assertThat(members()).hasSize(4);
        passTime(Duration.ofMinutes(4));
        assertThat(members()).containsExactly("worker1.test", "worker3.test", "worker4.test");
    }

    @Test
    void aMemberWithShardsIsKeptEvenWhereAbsenceCounts() {
        pass = pass(removing());
        withWorkers(1, 2, 3, 4);
        coordinator.distribute("public.d", 8, 1);
        serve(1, 3, 4);
        servers.stop(address(2));
        passTime(LONG);

        assertThat(members()).hasSize(4);
        assertThat(situation("worker2.test")).isEqualTo(Situation.STRANDED);
    }

    @Test
    void halfOfAllNamesGoneAtOnceRemovesNobody() {
        pass = pass(removing());
        withWorkers(1, 2, 3, 4, 5, 6);
        serve(1, 2, 3);
        List.of(4, 5, 6).forEach(n -> servers.stop(address(n)));
        passTime(LONG);

        assertThat(members()).hasSize(6);
        assertThat(removals()).isZero();
    }

    @Test
    void aServerThatDeniesEverythingForOneScanRemovesNobody() {
        pass = pass(removing());
        withWorkers(1, 2, 3);
        serve();
        settle();
        serve(1, 2, 3);
        passTime(LONG);

        assertThat(members()).hasSize(3);
        assertThat(removals()).isZero();
    }

    @Test
    void aServerThatIsAwayOrRefusesRemovesNobody() {
        pass = pass(removing());
        withWorkers(1, 2, 3);
        List.of(1, 2, 3).forEach(n -> servers.stop(address(n)));

        dns.stop();
        passTime(LONG);
        assertThat(situation("worker2.test")).isEqualTo(Situation.OUT_OF_SCOPE);

        dns.serve(List.of("local=/elsewhere/"));
        passTime(LONG);
        assertThat(situation("worker2.test")).isEqualTo(Situation.OUT_OF_SCOPE);
        assertThat(removals()).isZero();
    }

    @Test
    void narrowedPatternsLeaveMembersOutOfScopeAndKeepThem() {
        pass = pass(removing());
        withWorkers(1, 2, 3, 4);

        pass = pass(removing());
        names.lookUp("worker{1..2}");
        List.of(3, 4).forEach(n -> servers.stop(address(n)));
        passTime(LONG);

        assertThat(members()).hasSize(4);
        assertThat(situation("worker4.test")).isEqualTo(Situation.OUT_OF_SCOPE);
        assertThat(situation("worker1.test")).isEqualTo(Situation.MEMBER);
    }

    @Test
    void aSecondNameOfAMemberAddsNobodyAndTakesNobodyAway() {
        pass = pass(removing());
        names.lookUp("worker{1..6},citus-worker{1..6}");
        HostPort second = new HostPort("citus-worker1.test", 5432);
        records.put("citus-worker1.test", "10.0.0.1");
        servers.blank(second);
        serveRecords();
        settle();
        assertThat(members()).containsExactly("citus-worker1.test");

        servers.alias(second, address(1));
        records.put("worker1.test", "10.0.0.1");
        serveRecords();
        passTime(LONG);
        assertThat(members()).containsExactly("citus-worker1.test");
        assertThat(situation("citus-worker1.test")).isEqualTo(Situation.MEMBER);

        servers.stop(second);
        passTime(LONG);
        assertThat(members())
                .as("the server is down, its second name still resolves")
                .hasSize(1);
        assertThat(removals()).isZero();
    }

    @Test
    void anAddressThatMovesToAnotherServerBehindTheNameIsAnAlarmWhileItHasShards() {
        withWorkers(1, 2);
        coordinator.distribute("public.d", 4, 1);
        servers.wipe(address(2));
        records.put("worker2.test", "10.0.0.99");
        serveRecords();
        passTime(Duration.ofMinutes(5));

        assertThat(situation("worker2.test")).isEqualTo(Situation.REPLACED);
        assertThat(members()).hasSize(2);
    }

    @Test
    void aServiceRecordWithAChangedPortIsFollowedAndCostsNoShard() {
        String service = "_postgres._tcp.workers.test";
        HostPort before = address(1);
        HostPort after = new HostPort("worker1.test", 6432);
        names.lookUp("_postgres._tcp.workers");
        records.put("worker1.test", "10.0.0.1");
        otherLines.add("srv-host=" + service + ",worker1.test,5432");
        servers.blank(before);
        serveRecords();
        settle();
        coordinator.distribute("public.d", 4, 1);
        Node node = coordinator.node(before).orElseThrow();

        servers.move(before, after);
        otherLines.clear();
        otherLines.add("srv-host=" + service + ",worker1.test,6432");
        serveRecords();
        passTime(LONG);

        assertThat(coordinator.lostShards()).isEmpty();
        assertThat(coordinator.node(before)).isEmpty();
        assertThat(coordinator.node(after).map(Node::id)).contains(node.id());
    }

    private void withWorkers(int... numbers) {
        for (int number : numbers) {
            if (servers.at(address(number)).isEmpty()) {
                servers.blank(address(number));
            }
        }
        serve(numbers);
        settle();
    }

    private void serve(int... numbers) {
        records.clear();
        for (int number : numbers) {
            records.put("worker" + number + ".test", "10.0.0." + number);
        }
        serveRecords();
    }

    private void serveRecords() {
        List<String> lines = new ArrayList<>(List.of("local=/test/"));
        records.forEach((name, address) -> lines.add("host-record=" + name + "," + address));
        lines.addAll(otherLines);
        dns.serve(lines);
    }

    private static HostPort address(int number) {
        return new HostPort("worker" + number + ".test", 5432);
    }

    /** One scan, and passes until none is due before the next scan. */
    private PassResult settle() {
        names.look();
        PassResult result = pass.runOnce();
        for (int more = 0; more < 20 && !result.nextBy().isAfter(clock.instant().plusSeconds(5)); more++) {
            clock.advanceTo(result.nextBy());
            result = pass.runOnce();
        }
        return result;
    }

    private void passTime(Duration time) {
        int steps = 8;
        for (int step = 0; step < steps; step++) {
            clock.advance(time.dividedBy(steps));
            settle();
        }
    }

    private List<String> members() {
        return coordinator.look().nodes().stream()
                .filter(node -> !node.isCoordinator())
                .map(Node::address)
                .map(HostPort::host)
                .sorted()
                .toList();
    }

    private long removals() {
        return coordinator.performed().stream()
                .filter(action -> action.kind().contains("remove"))
                .count();
    }

    private Situation situation(String host) {
        Map<String, Situation> situations = settle().plan().verdicts().stream()
                .filter(verdict -> verdict.node().isPresent())
                .collect(Collectors.toMap(verdict -> verdict.address().host(), Verdict::situation));
        return Optional.ofNullable(situations.get(host)).orElseThrow();
    }

    private Pass pass(PlanSettings settings) {
        return new Pass(
                new EnginePorts(
                        coordinator,
                        new FakeProbe(servers, coordinator, clock),
                        List.of(names),
                        new FakeLeaderLock(),
                        new EngineListener() {},
                        clock,
                        clock,
                        new Random(1)),
                settings,
                Duration.ofSeconds(30));
    }

    private static PlanSettings removing() {
        return PlanSettings.DEFAULTS.with(
                PlanSettings.Departure.DEFAULTS.removing(PlanSettings.DepartureRemove.ABSENT));
    }

    /** The DNS source, scanning when the test says so. */
    private final class Names implements WorkerDiscovery {

        private Optional<Sources> scans = Optional.empty();
        private Sighting latest = new Sighting.Unavailable("dns", clock.instant(), "not yet");

        void lookUp(String patterns) {
            close();
            scans = Optional.of(Sources.with(
                    Map.of(
                            "servers",
                            dns.address(),
                            "patterns",
                            patterns,
                            "domain",
                            "test",
                            "timeout",
                            "200ms",
                            "tries",
                            "1"),
                    Path.of("/nonexistent/resolv.conf"),
                    clock));
        }

        void look() {
            scans.ifPresent(source -> latest = source.look());
        }

        @Override
        public void start(Nudge nudge) {}

        @Override
        public Sighting sighting() {
            return latest;
        }

        @Override
        public SourceHealth health() {
            return new SourceHealth("dns", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        @Override
        public void close() {
            scans.ifPresent(Sources::close);
        }
    }
}
