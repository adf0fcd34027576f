package dev.roster.browser;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.dns.NamedCluster;
import dev.roster.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pictures of README, taken of the page as it is: on real Citus where it is installed, otherwise on the stand-in. They are
 * left in {@code target/screenshots}.
 */
class ScreenshotsIT {

    private static final Path PICTURES = Path.of("target/screenshots");
    private static final Pattern UNDER_WAY = Pattern.compile("[1-9][0-9]* of [0-9]+ moves");

    @TempDir
    Path folder;

    @Test
    void aCalmClusterADrainAndALossAtNight() throws IOException {
        String missing = NamedCluster.missing().orElse("");
        assumeTrue(missing.isEmpty(), missing);
        Files.createDirectories(PICTURES);
        try (NamedCluster cluster = NamedCluster.start(folder).renew(1, 2, 3, 4, 5);
                Service service = Service.startInside(
                        cluster.resolvConf().prefix(),
                        Files.createDirectory(folder.resolve("service")),
                        settings(cluster));
                Chromium chromium = new Chromium()) {
            service.awaitMembers(5);
            letShardsMove(cluster);
            cluster.run(
                    "SET citus.shard_count = 24",
                    "CREATE TABLE orders (id bigint PRIMARY KEY, customer int, goods text)",
                    "SELECT create_distributed_table('orders', 'id')",
                    "INSERT INTO orders SELECT n, n % 997, repeat('goods ', 12) FROM generate_series(1, 60000) n",
                    "CREATE TABLE customers (id bigint PRIMARY KEY, name text)",
                    "SET citus.shard_count = 11",
                    "SELECT create_distributed_table('customers', 'id', colocate_with := 'none')",
                    "INSERT INTO customers SELECT n, repeat('name ', 8) FROM generate_series(1, 20000) n");

            calm(chromium, service);
            drain(chromium, service, "worker4");
            cluster.worker(4).stop();
            cluster.worker(2).stop();
            loss(chromium, service, "worker2");
        }
    }

    /** Citus moves shards by a login at its own server, by a name that these servers do not listen at. */
    private static void letShardsMove(NamedCluster cluster) {
        if (CitusFlavour.chosen() == CitusFlavour.REAL) {
            List<PostgresServer> servers = new ArrayList<>(List.of(cluster.coordinator()));
            IntStream.rangeClosed(1, 5).mapToObj(cluster::worker).forEach(servers::add);
            for (PostgresServer server : servers) {
                server.execute("ALTER SYSTEM SET citus.local_hostname = '" + server.host() + "'");
                server.execute("SELECT pg_reload_conf()");
            }
        }
    }

    private static void calm(Chromium chromium, Service service) {
        try (Visit visit = chromium.visit(service.url(), Screen.DARK).open()) {
            visit.awaitVerdict("The list of members is true: 5 workers");
            visit.awaitText(visit.part("balance-bars"), "Even: 5 nodes hold");
            visit.awaitText(visit.part("balance-bars"), "at most once a minute");
            visit.awaitShown(visit.part("rebalance-panel"));
            visit.isFitForEverybody().picture(PICTURES.resolve("dark.png"), true);
        }
    }

    private static void drain(Chromium chromium, Service service, String worker) {
        try (Visit visit = chromium.visit(service.url(), Screen.LIGHT).open().withToken()) {
            visit.button("Order for " + worker).click();
            Locator dialog = visit.page().getByRole(AriaRole.DIALOG);
            dialog.locator("input[value=drain]").check();
            visit.awaitText(dialog, "shards would move, ");
            visit.picture(PICTURES.resolve("order.png"), false);
            dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Drain " + worker))
                    .click();
            dialog.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Close"))
                    .click();
            visit.awaitShown(visit.part("order-list").getByText(UNDER_WAY));
            visit.isFitForEverybody().picture(PICTURES.resolve("light.png"), true);
            visit.awaitText(visit.row(worker), "unfenced");
        }
    }

    private static void loss(Chromium chromium, Service service, String worker) {
        try (Visit visit = chromium.visit(service.url(), Screen.PHONE_AT_NIGHT).open()) {
            visit.awaitVerdict(worker + " is not as it should be");
            visit.isFitForEverybody().picture(PICTURES.resolve("phone.png"), false);
            visit.picture(PICTURES.resolve("phone-whole.png"), true);
        }
    }

    /** As in a container: short names, resolved as everybody there resolves them. */
    private static Map<String, String> settings(NamedCluster cluster) {
        Map<String, String> settings = cluster.settings();
        settings.keySet()
                .removeAll(List.of("ROSTER_DNS_SERVERS", "ROSTER_DNS_DOMAIN", "ROSTER_COORDINATOR_ADVERTISED"));
        settings.put("CITUS_HOST", NamedCluster.COORDINATOR + ":" + cluster.port());
        settings.put("ROSTER_API_TOKEN", Service.TOKEN);
        settings.put("ROSTER_PASS_INTERVAL", "2s");
        settings.put("ROSTER_PROBE_MAX_AGE", "5s");
        return settings;
    }
}
