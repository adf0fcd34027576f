package dev.roster.app.service;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.postgres.PostgresServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;

/** A coordinator and two workers on real PostgreSQL, and the settings of a service that finds them in a list. */
public final class StandInCluster implements QuarkusTestResourceLifecycleManager {

    /** Where the service writes its ready file; for the tests to look at. */
    static final String READY_FILE = "roster.ready-file";

    private static final AtomicReference<PostgresServer> COORDINATOR = new AtomicReference<>();

    private final CitusCluster cluster = CitusCluster.start(2);

    /** Makes a table whose shards are on both workers, once each; returns the address of one of them. */
    public static String giveAWorkerShards() {
        PostgresServer coordinator = COORDINATOR.get();
        coordinator.execute("CREATE TABLE orders (id int PRIMARY KEY)");
        coordinator.execute("SET citus.shard_count = 4; SELECT create_distributed_table('orders', 'id')");
        return coordinator.query("SELECT nodename || ':' || nodeport FROM pg_dist_node WHERE groupid > 0 LIMIT 1");
    }

    /** Asks the coordinator. */
    static String query(String sql) {
        return COORDINATOR.get().query(sql);
    }

    public static void dropTheShards() {
        COORDINATOR.get().execute("DROP TABLE orders");
    }

    @Override
    public Map<String, String> start() {
        COORDINATOR.set(cluster.coordinator());
        PostgresServer coordinator = cluster.coordinator();
        String address = coordinator.host() + ":" + coordinator.port();
        return Map.of(
                "DATABASE_URL",
                "postgresql://" + coordinator.user() + "@" + address + "/postgres",
                "roster.coordinator.advertised",
                address,
                "roster.discovery",
                "static",
                "roster.static.workers",
                cluster.workers().stream()
                        .map(worker -> worker.host() + ":" + worker.port())
                        .collect(Collectors.joining(",")),
                "roster.pass.interval",
                "1s",
                READY_FILE,
                coordinator.folder().resolve("ready").toString());
    }

    @Override
    public void stop() {
        cluster.close();
    }
}
