package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.ledger.Intent.Kind;
import dev.roster.ledger.Intent.TransferMode;
import dev.roster.plan.Order;
import dev.roster.plan.Situation;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A whole cluster is restored at new addresses while the old one still runs, as for a rehearsal: the rows of the copy lead to the
 * workers that serve the old one.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
class CopiedClusterIT extends StandbySituations {

    private static final String NODES =
            "SELECT string_agg(concat_ws(' ', nodeid, groupid, nodename, nodeport, isactive),"
                    + " E'\\n' ORDER BY nodeid) FROM pg_dist_node";

    @Test
    void changesNothingUntilTheOldOneIsGoneAndThenWaitsForAPerson() {
        try (EngineUnderTest roster = roster()) {
            joinedWithTable(roster);
        }
        PostgresServer coordinator = copyOf(coordinator());
        PostgresServer first = copyOf(primary);
        PostgresServer second = copyOf(other());
        List<String> living = nodes(primary);
        List<String> copied = nodes(coordinator);
        PostgresServer newcomer = newcomer();

        Map<String, String> beside =
                Map.of("CITUS_HOST", name(coordinator), "ROSTER_COORDINATOR_ADVERTISED", name(coordinator));
        try (EngineUnderTest roster = roster(beside, first, second, newcomer)) {
            roster.awaitVerdict(name(first), Situation.TWIN);
            roster.awaitVerdict(name(second), Situation.TWIN);
            roster.awaitPasses(3);
            assertThat(nodes(primary)).isEqualTo(living);
            assertThat(nodes(coordinator)).isEqualTo(copied);
            roster.awaitWithheld("a second place");

            coordinator().stop();
            primary.stop();
            other().stop();
            roster.awaitVerdict(name(first), Situation.STALE_COPY);
            roster.awaitVerdict(name(second), Situation.STALE_COPY);
            assertThat(nodes(coordinator)).isEqualTo(copied);

            follow(roster, primary, first);
            follow(roster, other(), second);
            roster.await(
                    "the newcomer joins",
                    () -> nodes(second).toString().contains(name(newcomer).replace(':', ' ')));
            assertThat(nodes(coordinator)).hasSize(copied.size() + 1);

            keepsRows();
            assertThat(coordinator.query(ROWS)).isEqualTo("1000");
        }
    }

    private static void follow(EngineUnderTest roster, PostgresServer from, PostgresServer to) {
        roster.order(new Order.Give(Kind.FOLLOW, name(from), TransferMode.AUTO, Optional.of(name(to)), "operator"));
    }

    private PostgresServer copyOf(PostgresServer server) {
        PostgresServer copy = closing(PostgresServer.copyOf(server));
        copy.start();
        return copy;
    }

    private static List<String> nodes(PostgresServer server) {
        return server.query(NODES).lines().toList();
    }
}
