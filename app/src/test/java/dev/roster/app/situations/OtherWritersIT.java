package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Order;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody else keeps writing a member's row by Citus' own functions, as another failover manager does. */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class OtherWritersIT {

    private CitusCluster cluster;
    private PostgresServer member;

    @BeforeEach
    void start() {
        cluster = CitusCluster.start(2);
        member = cluster.worker(1);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void areNotFoughtAfterTheirSecondChange() {
        try (EngineUnderTest roster = roster()) {
            cluster.workers().forEach(worker -> roster.awaitMember(name(worker)));
            roster.awaitPasses(2);
            String node = coordinator("SELECT nodeid FROM pg_dist_node WHERE nodeport = " + member.port());

            somebodyMoves(node);
            roster.await("Roster puts it right", () -> addressOf(node).equals(name(member)));
            assertThat(journal()).contains("Somebody else moved node " + node);
            roster.awaitMember(name(member));

            somebodyMoves(node);
            roster.awaitWithheld("so Roster only assists");
            roster.awaitPasses(3);
            assertThat(addressOf(node)).isEqualTo("127.0.0.1:1");
        }
        try (EngineUnderTest next = roster()) {
            next.awaitReady();
            next.awaitPasses(3);
            assertThat(addressOf(coordinator("SELECT nodeid FROM pg_dist_node WHERE nodeport = 1")))
                    .isEqualTo("127.0.0.1:1");

            assertThat(next.answerTo(new Order.Cancel("127.0.0.1:1", "operator"))
                            .sentence())
                    .startsWith("Roster looks after 127.0.0.1:1 again, by order of operator");
            next.awaitMember(name(member));
        }
    }

    private EngineUnderTest roster() {
        return EngineUnderTest.start(
                cluster, cluster.workers(), Map.of("ROSTER_PASS_INTERVAL", "1s", "ROSTER_PROBE_MAX_AGE", "5s"));
    }

    private void somebodyMoves(String node) {
        cluster.coordinator().execute("SELECT citus_update_node(" + node + ", '127.0.0.1', 1)");
    }

    private String addressOf(String node) {
        return coordinator("SELECT nodename || ':' || nodeport FROM pg_dist_node WHERE nodeid = " + node);
    }

    private String journal() {
        return coordinator("SELECT string_agg(sentence, ' | ') FROM roster.journal");
    }

    private String coordinator(String sql) {
        return cluster.coordinator().query(sql);
    }

    private static String name(PostgresServer server) {
        return server.host() + ":" + server.port();
    }
}
