package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The coordinator is restored from a copy of its data folder that is older than a move of a shard. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class RestoredCoordinatorIT {

    private static final String ROWS = "SELECT count(*) FROM public.orders";

    private final List<PostgresServer> backups = new ArrayList<>();
    private CitusCluster cluster;
    private PostgresServer coordinator;

    @BeforeEach
    void start() {
        cluster = CitusCluster.start(2);
        coordinator = cluster.coordinator();
    }

    @AfterEach
    void stop() {
        backups.forEach(PostgresServer::close);
        cluster.close();
    }

    @Test
    void isOnlyObservedAndNothingIsLost() {
        PostgresServer old;
        try (EngineUnderTest roster = roster(cluster.workers())) {
            cluster.workers().forEach(worker -> roster.awaitMember(name(worker)));
            coordinator.execute(
                    "CREATE TABLE public.orders (id int PRIMARY KEY)",
                    "SELECT create_distributed_table('public.orders', 'id', shard_count := 4)");
            if (hasRows()) {
                coordinator.execute("INSERT INTO public.orders SELECT generate_series(1, 1000)");
            }
            old = backup();
            roster.awaitReady();
        }
        String shard = coordinator.query("SELECT shardid FROM pg_dist_placement p JOIN pg_dist_node n USING (groupid)"
                + " WHERE n.nodeport = " + cluster.worker(1).port() + " ORDER BY 1 LIMIT 1");
        coordinator.execute("SELECT citus_move_shard_placement(" + shard + ", " + nodeId(cluster.worker(1)) + ", "
                + nodeId(cluster.worker(2)) + ", 'block_writes')");
        PostgresServer latest = backup();
        String moved = "public.orders_" + shard;
        String rows = hasRows() ? cluster.worker(2).query("SELECT count(*) FROM " + moved) : "";

        coordinator.restoreFrom(old);
        coordinator.start();
        PostgresServer third = cluster.addWorker();
        try (EngineUnderTest roster = roster(cluster.workers())) {
            roster.await("Roster only observes", () -> sentence(roster).startsWith("Only observing"));
            assertThat(sentence(roster))
                    .contains(name(cluster.worker(2)) + " knows 1 shard placement that the coordinator lacks")
                    .contains("roster accept-coordinator");
            roster.await("the ledger knows", () -> journal().contains("until a person accepts it"));
            roster.awaitPasses(2);
            assertThat(nodeId(third)).isEmpty();
            roster.awaitWithheld("older than its workers");
            assertThat(cluster.worker(2).query("SELECT to_regclass('" + moved + "') IS NOT NULL"))
                    .isEqualTo("t");

            coordinator.restoreFrom(latest);
            coordinator.start();

            roster.awaitMember(name(third));
            assertThat(sentence(roster)).doesNotContain("observing");
            if (hasRows()) {
                assertThat(cluster.worker(2).query("SELECT count(*) FROM " + moved))
                        .isEqualTo(rows);
                assertThat(coordinator.query(ROWS)).isEqualTo("1000");
            }
        }

        coordinator.restoreFrom(old);
        coordinator.start();
        try (EngineUnderTest roster = roster(cluster.workers())) {
            roster.await("Roster only observes", () -> sentence(roster).startsWith("Only observing"));
            assertThat(sentence(roster)).contains("1 node and 1 shard placement that the coordinator lacks");

            OrderAnswer answer = roster.answerTo(new Order.AcceptCoordinator("operator"));

            assertThat(answer.sentence()).startsWith("Coordinator accepted as it is by operator");
            roster.await("Roster acts again", () -> !sentence(roster).startsWith("Only observing"));
            assertThat(journal()).contains("Coordinator accepted as it is by operator");
        }
        try (EngineUnderTest next = roster(cluster.workers())) {
            next.awaitReady();
            next.awaitPasses(3);
            assertThat(sentence(next)).doesNotContain("observing");
        }
        assumeTrue(hasRows(), "needs real Citus: the stand-in keeps no rows");
    }

    private EngineUnderTest roster(List<PostgresServer> workers) {
        return EngineUnderTest.start(
                cluster, workers, Map.of("ROSTER_PASS_INTERVAL", "1s", "ROSTER_PROBE_MAX_AGE", "5s"));
    }

    private PostgresServer backup() {
        PostgresServer copy = PostgresServer.copyOf(coordinator);
        backups.add(copy);
        return copy;
    }

    private static String sentence(EngineUnderTest roster) {
        return roster.latest().map(result -> result.sentence()).orElse("");
    }

    private String journal() {
        return coordinator.query("SELECT string_agg(sentence, ' | ') FROM roster.journal");
    }

    private String nodeId(PostgresServer server) {
        return coordinator.query("SELECT nodeid FROM pg_dist_node WHERE nodeport = " + server.port());
    }

    private boolean hasRows() {
        return cluster.flavour() == CitusFlavour.REAL;
    }

    private static String name(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
