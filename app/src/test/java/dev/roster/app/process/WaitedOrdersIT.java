package dev.roster.app.process;

import static dev.roster.app.process.RosterProcess.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Orders that put another server in a node's place, waited for by command until the node is a member again. */
class WaitedOrdersIT {

    @TempDir
    Path folder;

    private final List<AutoCloseable> ends = new ArrayList<>();

    @AfterEach
    void endAll() throws Exception {
        for (AutoCloseable end : ends.reversed()) {
            end.close();
        }
    }

    @ParameterizedTest
    @EnumSource(CitusFlavour.class)
    void aReplacementIsWaitedForUntilTheShardsAreThere(CitusFlavour flavour) throws Exception {
        CitusCluster cluster = cluster(flavour, 3);
        String lost = address(cluster.worker(2));
        String fresh = address(cluster.worker(3));
        cluster.worker(3).stop();
        try (RosterProcess roster = start(cluster, List.of())) {
            roster.awaitMembers(2);
            distribute(cluster);
            cluster.worker(2).stop();
            cluster.worker(3).start();
            eventually()
                    .until(() -> told(1, roster, "replace", lost, "--with", fresh, "--wait")
                            .contains("public.orders (2 of 4 shards)"));

            String waited = told(
                    0, roster, "replace", lost, "--with", fresh, "--accept-data-loss", "--wait", "--timeout", "100s");

            assertThat(waited).contains(fresh + " takes its place").contains("all 2 shards are there");
            assertThat(port(cluster, 3)).isEqualTo("1");
            assertThat(port(cluster, 2)).isEqualTo("0");
            assertThat(told(1, roster, "replace", "nobody", "--with", fresh, "--wait"))
                    .startsWith("No worker or node is called 'nobody'");
        }
    }

    @ParameterizedTest
    @EnumSource(CitusFlavour.class)
    void aFollowIsWaitedForUntilTheRowHasItsNewAddress(CitusFlavour flavour) throws Exception {
        CitusCluster cluster = cluster(flavour, 2);
        PostgresServer primary = cluster.worker(2);
        PostgresServer copy = PostgresServer.copyOf(primary);
        ends.add(copy);
        hasAPort(copy);
        String from = address(primary);
        String to = address(copy);
        try (RosterProcess roster = start(cluster, List.of(to))) {
            roster.awaitMembers(2);
            distribute(cluster);
            copy.restoreFrom(primary);
            roster.awaitMembers(2);
            assertThat(told(1, roster, "follow", from, "--to", address(cluster.worker(1)), "--wait"))
                    .contains("To do: ");
            primary.stop();
            copy.start();
            eventually()
                    .until(() -> roster.get("/api/v1/workers").contains("followed when no source sights it any more"));

            String waited = told(0, roster, "follow", from, "--to", to, "--wait", "--timeout", "100s");

            assertThat(waited).contains("Follow to " + to + " (ordered by ", "followed to " + to);
            assertThat(cluster.coordinator().query("SELECT count(*) FROM pg_dist_node WHERE nodeport = " + copy.port()))
                    .isEqualTo("1");
            assertThat(port(cluster, 2)).isEqualTo("0");
        }
    }

    private CitusCluster cluster(CitusFlavour flavour, int workers) {
        assumeTrue(
                flavour.binariesIfPresent().isPresent(),
                "needs real Citus: neither an installed PostgreSQL nor a container has it");
        CitusCluster cluster = CitusCluster.start(flavour, workers, UnaryOperator.identity());
        ends.add(cluster);
        return cluster;
    }

    private RosterProcess start(CitusCluster cluster, List<String> others) throws Exception {
        Map<String, String> settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
        List<String> workers = new ArrayList<>(List.of(settings.get("ROSTER_STATIC_WORKERS")));
        workers.addAll(others);
        settings.put("ROSTER_STATIC_WORKERS", String.join(",", workers));
        return RosterProcess.start(folder, settings);
    }

    /** It gets one with its first start. */
    private static void hasAPort(PostgresServer server) {
        server.start();
        server.stop();
    }

    private static void distribute(CitusCluster cluster) {
        cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
        cluster.coordinator().execute("SELECT create_distributed_table('orders', 'id', shard_count := 4)");
    }

    private static String port(CitusCluster cluster, int worker) {
        return cluster.coordinator()
                .query("SELECT count(*) FROM pg_dist_node WHERE nodeport = "
                        + cluster.worker(worker).port());
    }

    private String told(int exitCode, RosterProcess roster, String... command) throws Exception {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--server", roster.server()));
        try (RosterProcess asked = RosterProcess.start(folder, Map.of(), words.toArray(String[]::new))) {
            assertThat(asked.exitCode()).as(asked.output()).isEqualTo(exitCode);
            return asked.output().replaceAll("\\s+", " ").strip();
        }
    }

    private static String address(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
