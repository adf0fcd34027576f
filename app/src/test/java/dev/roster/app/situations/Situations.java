package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.docker.Credentials;
import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.RequiresDocker;
import dev.roster.testkit.docker.Server;
import dev.roster.testkit.docker.SocketProxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;

/** What the situations share: a cluster and a Roster of each test's own, removed after it whatever happened. */
@RequiresDocker
abstract class Situations {

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** A project with a healthy coordinator and so many healthy workers. */
    DockerCluster cluster(int workers) {
        return cluster(workers, Credentials.USUAL);
    }

    /** The same with other credentials. */
    DockerCluster cluster(int workers, Credentials credentials) {
        return closing(DockerCluster.create("app", credentials)).up(workers);
    }

    /** Roster with its defaults. */
    EngineUnderTest roster(DockerCluster cluster) {
        return roster(cluster, Map.of());
    }

    /** Roster with these variables set. */
    EngineUnderTest roster(DockerCluster cluster, Map<String, String> variables) {
        return closing(EngineUnderTest.start(cluster, variables));
    }

    /** Roster behind this proxy. */
    EngineUnderTest roster(DockerCluster cluster, SocketProxy proxy) {
        return roster(cluster, Map.of("ROSTER_DOCKER_HOST", proxy.dockerHost()));
    }

    /** Closes it after the test, before what was made earlier. */
    <T extends AutoCloseable> T closing(T closeable) {
        opened.push(closeable);
        return closeable;
    }

    /** What an operator does without Roster. */
    static void addedByHand(DockerCluster cluster, String... hosts) {
        cluster.sql()
                .run("SELECT citus_set_coordinator_host('"
                        + cluster.coordinator().name() + "')");
        for (String host : hosts) {
            cluster.sql().value("SELECT citus_add_node(?, 5432)", host);
        }
    }

    /** A distributed table of four shards, with a hundred rows where shards have rows. */
    static void distributedTable(DockerCluster cluster) {
        cluster.sql()
                .run(
                        "CREATE TABLE orders (id bigint PRIMARY KEY, note text)",
                        "SET citus.shard_count = 4",
                        "SELECT create_distributed_table('orders', 'id')");
        if (DockerCluster.hasRealCitus()) {
            cluster.sql().run("INSERT INTO orders SELECT n, 'note ' || n FROM generate_series(1, 100) n");
        }
    }

    /**
     * Every row of that table can be read. The last line of a test: where shards have no rows, all but this was tested, and
     * the test is reported as not run to its end.
     */
    static void everyRowIsReadable(DockerCluster cluster) {
        assumeTrue(
                DockerCluster.hasRealCitus(),
                "needs real Citus: the nodes are as they should be, but only its shards have rows to read");
        assertThat(cluster.sql().number("SELECT count(*) FROM orders WHERE note = 'note ' || id"))
                .isEqualTo(100);
    }

    /** The nodes as text, without the columns that come and go by themselves. */
    static List<String> nodes(DockerCluster cluster) {
        return nodes(cluster.coordinator());
    }

    /** What this server believes the nodes to be. */
    static List<String> nodes(Server server) {
        return server.sql()
                .column("SELECT concat_ws(' ', nodeid, groupid, nodename, nodeport, isactive, shouldhaveshards)"
                        + " FROM pg_dist_node ORDER BY nodeid");
    }

    /** Watches the nodes for longer than an absence with proof has to last before a removal. */
    static void stays(DockerCluster cluster, List<String> nodes) {
        Awaitility.await("the nodes stay as they are")
                .during(Duration.ofSeconds(8))
                .atMost(Duration.ofSeconds(20))
                .until(() -> nodes(cluster).equals(nodes));
    }

    /** Everything by which a server would show that somebody changed its membership or dropped its tables. */
    static List<String> footprint(Server server) {
        List<String> seen = new ArrayList<>(nodes(server));
        seen.addAll(server.sql().column("SELECT 'group ' || groupid FROM pg_dist_local_group"));
        seen.addAll(server.sql()
                .column("SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                        + " AND relkind = 'r' ORDER BY 1"));
        return seen;
    }

    @AfterEach
    void removeEverything() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
