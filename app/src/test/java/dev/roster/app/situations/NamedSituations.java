package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.dns.NamedCluster;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** What the situations with names share: one cluster for a class, with new databases for each test, and a Roster of its own. */
abstract class NamedSituations {

    /** By which Roster takes a name's absence for a departure after a second. */
    static final Map<String, String> REMOVING =
            Map.of("ROSTER_DEPARTURE_REMOVE", "absent", "ROSTER_DEPARTURE_GRACE", "1s");

    private static NamedCluster cluster;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    @BeforeAll
    static void startServers(@TempDir Path folder) {
        String missing = NamedCluster.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        cluster = NamedCluster.start(folder);
    }

    @AfterAll
    static void endServers() {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** The cluster with these workers, each with the name {@code workerN.test}, and nothing of earlier tests. */
    static NamedCluster cluster(int... workers) {
        return cluster.renew(workers);
    }

    EngineUnderTest roster(NamedCluster cluster) {
        return roster(cluster, Map.of());
    }

    /** Roster with these variables set. */
    EngineUnderTest roster(NamedCluster cluster, Map<String, String> variables) {
        return closing(EngineUnderTest.start(cluster, variables));
    }

    /** The same as after a restart with another configuration. */
    EngineUnderTest restarted(EngineUnderTest earlier, NamedCluster cluster, Map<String, String> variables) {
        earlier.close();
        return roster(cluster, variables);
    }

    /** The same as {@link #REMOVING}, with one variable more. */
    static Map<String, String> removing(String key, String value) {
        Map<String, String> variables = new HashMap<>(REMOVING);
        variables.put(key, value);
        return variables;
    }

    /** Closes it after the test, before what was made earlier. */
    <T extends AutoCloseable> T closing(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    /** A distributed table of four shards, with a hundred rows where shards have rows. */
    static void distributedTable(NamedCluster cluster) {
        cluster.run(
                "CREATE TABLE orders (id bigint PRIMARY KEY, note text)",
                "ALTER DATABASE " + cluster.database() + " SET citus.shard_count = 4");
        cluster.run("SELECT create_distributed_table('orders', 'id')");
        if (CitusFlavour.chosen() == CitusFlavour.REAL) {
            cluster.run("INSERT INTO orders SELECT n, 'note ' || n FROM generate_series(1, 100) n");
        }
    }

    /** Whether every row of that table can be read; true where shards have no rows. */
    static boolean allRowsAreReadable(NamedCluster cluster) {
        return CitusFlavour.chosen() != CitusFlavour.REAL
                || cluster.coordinator()
                        .queryIn(cluster.database(), "SELECT count(*) FROM orders WHERE note = 'note ' || id")
                        .equals("100");
    }

    /** Watches the nodes until Roster has looked and passed several times more. */
    static void stays(EngineUnderTest roster, NamedCluster cluster, List<String> rows) {
        for (int i = 0; i < 4; i++) {
            roster.awaitPasses(1);
            assertThat(cluster.rows()).isEqualTo(rows);
        }
    }

    @AfterEach
    void endRosters() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
