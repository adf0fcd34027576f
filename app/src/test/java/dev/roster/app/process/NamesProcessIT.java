package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.dns.NamedCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application among servers with names, which it resolves as a container does: by its own resolv.conf. */
class NamesProcessIT {

    private static NamedCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServers(@TempDir Path servers) {
        String missing = NamedCluster.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        cluster = NamedCluster.start(servers);
    }

    @AfterAll
    static void endServers() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void eachWorkerThatCannotJoinSaysWhyAndJoinsWhenItCan() throws Exception {
        cluster.renew(1, 3, 4, 5, 7, 8);
        cluster.zone().name(NamedCluster.name(2), cluster.address(2)).publish();
        cluster.worker(3).pause();
        SpoiltWorkers spoilt = new SpoiltWorkers(cluster);
        spoilt.keepStartingUp(8);
        spoilt.changePassword(4);
        spoilt.dropDatabase(5);
        spoilt.dropExtension(7);
        try (RosterProcess roster = start(settings())) {
            saysOf(roster, "worker8", "is starting up or shutting down; nothing to do");
            spoilt.mendFirst();
            eventually().until(() -> cluster.nodes().equals(List.of("worker1", "worker8")));
            saysOf(roster, "worker2", "refuses connections from the coordinator; start PostgreSQL there");
            saysOf(roster, "worker3", "does not answer within 1000 ms; look for a paused or overloaded server");
            saysOf(
                    roster,
                    "worker4",
                    "refuses the coordinator's login as postgres; give it the coordinator's password");
            saysOf(roster, "worker5", "lacks the database " + cluster.database() + "; create it there");
            saysOf(roster, "worker7", "lacks the citus extension");
            assertThat(told(roster, "status")).containsPattern("worker2 +- +not-probed +Sighted by dns");
            assertThat(told(roster, "plan")).contains("Nothing to do: 7 workers sighted");

            cluster.worker(2);
            cluster.worker(3).resume();
            spoilt.mend();

            eventually().until(() -> cluster.nodes().size() == 7);
            eventually().until(() -> roster.get("/api/v1/status").contains("7 workers sighted, 7 nodes registered"));
            assertThat(roster.output()).doesNotContain(NamedCluster.PASSWORD);
        } finally {
            cluster.worker(3).resume();
            spoilt.mend();
        }
    }

    @Test
    void onceWaitsForAWorkerThatIsStartingUp() throws Exception {
        cluster.renew(1, 8);
        SpoiltWorkers spoilt = new SpoiltWorkers(cluster);
        spoilt.keepStartingUp(8);
        try (RosterProcess once = start(settings(), "once", "--timeout", "2m")) {
            eventually().until(() -> cluster.nodes().equals(List.of("worker1")));
            assertThat(once.isAlive()).isTrue();
            spoilt.mend();

            assertThat(once.exitCode()).as(once.output()).isZero();
            assertThat(once.output())
                    .contains("Done: 2 workers discovered, each one a member")
                    .containsPattern("add +worker8");
            assertThat(cluster.nodes()).containsExactly("worker1", "worker8");
        } finally {
            spoilt.mend();
        }
    }

    @Test
    void onceNamesWhomItLacksAndRemovesNobody() throws Exception {
        cluster.renew(1, 2);
        Map<String, String> settings = settings();
        settings.put("ROSTER_RUN", "once");
        settings.put("ROSTER_DEPARTURE_REMOVE", "absent");
        settings.put("ROSTER_DEPARTURE_GRACE", "1s");
        try (RosterProcess first = start(settings)) {
            assertThat(first.exitCode()).as(first.output()).isZero();
        }
        cluster.worker(2).stop();
        cluster.zone()
                .without(NamedCluster.name(2))
                .name(NamedCluster.name(3), cluster.deadAddress(3))
                .publish();
        List<String> rows = cluster.rows();

        try (RosterProcess again = start(settings, "once", "--timeout", "10s")) {
            assertThat(again.exitCode()).isEqualTo(1);
            assertThat(again.output()).containsPattern("Gave up after 10 s: worker3: Sighted by dns");
        }

        assertThat(cluster.rows()).isEqualTo(rows);
    }

    @Test
    void onceCannotLookUpTheCoordinator() throws Exception {
        cluster.renew(1);
        Map<String, String> settings = settings();
        settings.put("CITUS_HOST", "nobody.test");
        try (RosterProcess once = start(settings, "once", "--timeout", "1s")) {
            assertThat(once.exitCode()).isEqualTo(3);
            assertThat(once.output()).contains("nobody.test").doesNotContain("\tat ");
        }
    }

    /** As in a container: no server and no domain is configured, names are short, and resolv.conf is the cluster's own. */
    private static Map<String, String> settings() {
        Map<String, String> settings = cluster.settings();
        settings.keySet()
                .removeAll(List.of("ROSTER_DNS_SERVERS", "ROSTER_DNS_DOMAIN", "ROSTER_COORDINATOR_ADVERTISED"));
        settings.put("CITUS_HOST", NamedCluster.COORDINATOR + ":" + cluster.port());
        settings.put("ROSTER_DNS_PATTERNS", "worker{1..9}");
        settings.put("ROSTER_PROBE_TIMEOUT", "1s");
        return settings;
    }

    private RosterProcess start(Map<String, String> settings, String... arguments) throws Exception {
        return RosterProcess.startInside(cluster.resolvConf().prefix(), folder, settings, arguments);
    }

    private static void saysOf(RosterProcess roster, String name, String sentence) {
        eventually()
                .until(() -> Stream.of(roster.get("/api/v1/workers").split("(?=\\{\"name\":\"worker)", -1))
                        .anyMatch(worker ->
                                worker.startsWith("{\"name\":\"" + name + "\"") && worker.contains(sentence)));
    }

    private String told(RosterProcess roster, String command) throws Exception {
        try (RosterProcess asking = RosterProcess.start(folder, Map.of(), command, "--server", roster.server())) {
            assertThat(asking.exitCode()).as(asking.output()).isZero();
            return asking.output();
        }
    }

    private static ConditionFactory eventually() {
        return await().atMost(Duration.ofMinutes(2)).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(200));
    }
}
