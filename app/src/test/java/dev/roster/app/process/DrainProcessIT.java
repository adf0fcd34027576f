package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A drain ordered by command, whose Roster is killed in the middle, on real Citus. */
class DrainProcessIT {

    private static final String ROWS = "SELECT count(*) FROM public.orders";

    @TempDir
    Path folder;

    private CitusCluster cluster;

    @BeforeAll
    static void needRealCitus() {
        assumeTrue(
                CitusFlavour.REAL.binariesIfPresent().isPresent(),
                "needs real Citus: no installed PostgreSQL has the extension");
    }

    @BeforeEach
    void start() {
        cluster = CitusCluster.start(CitusFlavour.REAL, 2, UnaryOperator.identity());
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void anotherRosterGoesOnAfterTheFirstWasKilled() throws Exception {
        PostgresServer leaving = cluster.worker(2);
        Map<String, String> settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            roster.awaitMembers(2);
            cluster.coordinator()
                    .execute(
                            "CREATE TABLE public.orders (id int PRIMARY KEY)",
                            "SELECT create_distributed_table('public.orders', 'id', shard_count := 12)",
                            "INSERT INTO public.orders SELECT generate_series(1, 100000)");
            try (RosterProcess command = RosterProcess.start(
                    folder, Map.of(), "drain", leaving.host() + ":" + leaving.port(), "--server", roster.server())) {
                assertThat(command.exitCode()).as(command.output()).isZero();
            }
            RosterProcess.eventually().until(() -> roster.get("/api/v1/status").contains("\"stage\":\"running\""));
            roster.kill();
        }
        assertThat(nodesOf(leaving)).isEqualTo("1");

        try (RosterProcess another = RosterProcess.start(folder, settings)) {
            RosterProcess.eventually().until(() -> nodesOf(leaving).equals("0"));
            RosterProcess.eventually()
                    .until(() -> another.get("/api/v1/workers").contains("unfenced"));
        }
        assertThat(cluster.coordinator().query(ROWS)).isEqualTo("100000");
        System.out.println("Drain on " + cluster.describe() + ", Roster killed in the middle: 100000 rows before, "
                + cluster.coordinator().query(ROWS) + " after");
    }

    private String nodesOf(PostgresServer server) {
        return cluster.coordinator().query("SELECT count(*) FROM pg_dist_node WHERE nodeport = " + server.port());
    }
}
