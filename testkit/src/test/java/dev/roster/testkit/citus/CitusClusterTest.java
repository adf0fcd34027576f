package dev.roster.testkit.citus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.postgres.PostgresServer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CitusClusterTest {

    @ParameterizedTest
    @EnumSource
    void nodesJoinCarryTablesAndLeave(CitusFlavour flavour) {
        Assumptions.assumeTrue(
                flavour.binariesIfPresent().isPresent(), "needs real Citus: no installed PostgreSQL has the extension");
        try (CitusCluster cluster = CitusCluster.start(flavour, 2, options -> options.withPassword("s3cret"))) {
            PostgresServer coordinator = cluster.coordinator();
            coordinator.execute("SELECT citus_set_coordinator_host('127.0.0.1', " + coordinator.port() + ")");
            cluster.workers().forEach(worker -> coordinator.execute(add(worker)));
            coordinator.execute(
                    "CREATE TABLE spread (id int PRIMARY KEY)",
                    "SELECT create_distributed_table('spread', 'id', shard_count := 4)",
                    "CREATE TABLE everywhere (id int PRIMARY KEY)",
                    "SELECT create_reference_table('everywhere')");

            assertThat(coordinator.query("SELECT count(*) FROM pg_dist_node WHERE metadatasynced"))
                    .isEqualTo("3");
            assertThat(coordinator.query("SELECT count(*) FROM pg_dist_placement"))
                    .isEqualTo("7");
            assertThat(cluster.worker(2).query("SELECT groupid FROM pg_dist_local_group"))
                    .isEqualTo("2");
            assertThat(cluster.worker(1).query("SELECT count(*) FROM pg_dist_placement"))
                    .isEqualTo("7");
            String shard = coordinator.query("""
                    SELECT 'spread_' || min(shardid) FROM pg_dist_placement JOIN pg_dist_shard USING (shardid)
                     WHERE groupid = 1 AND logicalrelid = 'spread'::regclass""");
            assertThat(cluster.worker(1).query("SELECT to_regclass('public." + shard + "')"))
                    .isEqualTo(shard);

            coordinator.execute("DROP TABLE spread, everywhere", remove(cluster.worker(2)));
            assertThat(coordinator.query("SELECT count(*) FROM pg_dist_node")).isEqualTo("2");
            assertThat(cluster.worker(1).query("SELECT count(*) FROM pg_dist_node"))
                    .isEqualTo("2");
        }
    }

    private static String add(PostgresServer worker) {
        return "SELECT citus_add_node('127.0.0.1', " + worker.port() + ")";
    }

    private static String remove(PostgresServer worker) {
        return "SELECT citus_remove_node('127.0.0.1', " + worker.port() + ")";
    }
}
