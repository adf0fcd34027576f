package dev.roster.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.citus.CitusCatalog;
import dev.roster.citus.CoordinatorProbe;
import dev.roster.citus.CoordinatorSettings;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import dev.roster.plan.Verdict;
import dev.roster.reconcile.ElapsedTime;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.EnginePorts;
import dev.roster.reconcile.FakeLeaderLock;
import dev.roster.reconcile.Pass;
import dev.roster.reconcile.PassResult;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.dns.Dnsmasq;
import dev.roster.testkit.postgres.PostgresOptions;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers found in a real DNS server become nodes of a Citus coordinator, and leave it as the rules say: the whole way but
 * for the application around it. The coordinator resolves names by the machine's own means, so the names here are ones that
 * every C library reads as an address: {@code 127.11} is 127.0.0.11.
 */
class WorkersByNameIT {

    private static final Duration GENEROUS = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    private final InstantSource clock = InstantSource.system();
    private final Map<Integer, PostgresServer> workers = new HashMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final int port = Dnsmasq.freePort();

    private Dnsmasq dns;
    private CitusCluster cluster;
    private WorkerDiscovery source;
    private Pass pass;

    @BeforeAll
    static void needsDnsmasq() {
        assumeTrue(Dnsmasq.isInstalled(), Dnsmasq.MISSING);
    }

    @BeforeEach
    void start() {
        dns = Dnsmasq.start(folder, List.of("local=/#/"));
        opened.add(dns);
        cluster = CitusCluster.start(0);
        opened.add(cluster);
        source = new DnsDiscoveryProvider()
                .create(Sources.context(Map.of(
                        "patterns",
                        "127.{11..14}:" + port,
                        "servers",
                        dns.address(),
                        "timeout",
                        "500ms",
                        "interval",
                        "200ms")));
        opened.add(source);
        source.start(_ -> {});
        pass = pass(PlanSettings.DepartureRemove.CERTAIN);
    }

    @AfterEach
    void stop() throws Exception {
        for (PostgresServer worker : workers.values()) {
            worker.close();
        }
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    @Test
    void aNameBecomesANodeWhenItsServerIsReadyAndStaysWhileItIs() {
        names(11, 12);
        awaitSituation(11, Situation.NOT_PROBED);

        worker(11);
        worker(12);
        awaitNodes("127.11", "127.12");

        names(11);
        awaitSituation(12, Situation.ALIVE_UNDISCOVERED);
        worker(13);
        names(11, 13);
        awaitNodes("127.11", "127.12", "127.13");
    }

    @Test
    void aDeadEmptyWorkerIsRemovedOnlyWhereAbsenceCounts() {
        worker(11);
        worker(12);
        worker(13);
        worker(14);
        names(11, 12, 13, 14);
        awaitNodes("127.11", "127.12", "127.13", "127.14");

        names(11, 12, 13);
        stop(14);
        awaitSituation(14, Situation.ABSENT_UNPROVEN);
        assertThat(nodes()).hasSize(4);

        pass = pass(PlanSettings.DepartureRemove.ABSENT);
        awaitNodes("127.11", "127.12", "127.13");
    }

    @Test
    void anAwayOrDenyingServerRemovesNobody() {
        pass = pass(PlanSettings.DepartureRemove.ABSENT);
        worker(11);
        worker(12);
        names(11, 12);
        awaitNodes("127.11", "127.12");

        stop(11);
        stop(12);
        dns.stop();
        await().atMost(GENEROUS).until(() -> source.sighting() instanceof Sighting.Unavailable);
        awaitSituation(12, Situation.OUT_OF_SCOPE);

        names();
        await().atMost(GENEROUS)
                .until(() -> source.sighting() instanceof Sighting.Complete seen
                        && seen.workers().isEmpty());
        for (int more = 0; more < 5; more++) {
            pass.runOnce();
        }
        assertThat(nodes()).containsExactly("127.11", "127.12");
    }

    private void names(int... numbers) {
        List<String> lines = new ArrayList<>(List.of("local=/#/"));
        for (int number : numbers) {
            lines.add("host-record=127." + number + ",127.0.0." + number);
        }
        dns.serve(lines);
    }

    private void worker(int number) {
        PostgresOptions options = PostgresOptions.of(
                        CitusFlavour.chosen().binariesIfPresent().orElseThrow())
                .with("shared_preload_libraries", "citus")
                .with("citus.enable_statistics_collection", "off")
                .listeningOn("127.0.0." + number)
                .onPort(port);
        PostgresServer worker = PostgresServer.start(options);
        workers.put(number, worker);
        worker.execute("CREATE EXTENSION citus");
    }

    private void stop(int number) {
        Optional.ofNullable(workers.get(number)).orElseThrow().stop();
    }

    private void awaitNodes(String... hosts) {
        await().atMost(GENEROUS).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            pass.runOnce();
            assertThat(nodes()).containsExactly(hosts);
        });
    }

    private void awaitSituation(int number, Situation situation) {
        await().atMost(GENEROUS).pollInterval(Duration.ofMillis(200)).untilAsserted(() -> {
            PassResult result = pass.runOnce();
            assertThat(result.plan().verdicts())
                    .filteredOn(verdict -> verdict.address().equals(new HostPort("127." + number, port)))
                    .extracting(Verdict::situation)
                    .containsExactly(situation);
        });
    }

    private List<String> nodes() {
        try (Connection connection =
                        cluster.coordinator().dataSource("postgres").getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT nodename FROM pg_catalog.pg_dist_node WHERE groupid > 0 ORDER BY nodename")) {
            List<String> hosts = new ArrayList<>();
            while (rows.next()) {
                hosts.add(rows.getString(1));
            }
            return hosts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Pass pass(PlanSettings.DepartureRemove remove) {
        HostPort coordinator =
                new HostPort(cluster.coordinator().host(), cluster.coordinator().port());
        CoordinatorSettings settings = new CoordinatorSettings(
                List.of(coordinator),
                "postgres",
                cluster.coordinator().user(),
                CoordinatorSettings.Limits.DEFAULT,
                CoordinatorSettings.LedgerPlace.DATABASE,
                false);
        DataSource connections = cluster.coordinator().dataSource("postgres");
        PlanSettings plan = PlanSettings.DEFAULTS
                .with(new PlanSettings.Departure(Duration.ofSeconds(2), Duration.ofSeconds(1), remove))
                .with(new PlanSettings.Coordinator(List.of(), Optional.of(coordinator)));
        return new Pass(
                new EnginePorts(
                        new CitusCatalog(connections, settings, clock),
                        new CoordinatorProbe(connections, settings, clock),
                        List.of(source),
                        new FakeLeaderLock(),
                        new EngineListener() {},
                        clock,
                        ElapsedTime.SYSTEM,
                        new Random(1)),
                plan,
                Duration.ofSeconds(30));
    }
}
