package dev.roster.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data of a worker that is down runs elsewhere, while its own address is still listed: it gets the node's row by an order from the page. */
class FollowIT {

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private PostgresServer copy;
    private Service service;
    private Chromium chromium;

    @BeforeEach
    void aWorkerWithShardsAndItsCopy() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 2, UnaryOperator.identity());
        copy = PostgresServer.copyOf(cluster.worker(2));
        // It gets its port with its first start.
        copy.start();
        copy.stop();
        service = Service.start(
                folder,
                Service.settingsFor(
                        cluster.coordinator(),
                        List.of(
                                Service.address(cluster.worker(1)),
                                Service.address(cluster.worker(2)),
                                Service.address(copy))));
        service.awaitMembers(2);
        cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
        cluster.coordinator().execute("SET citus.shard_count = 4; SELECT create_distributed_table('orders', 'id')");
        copy.restoreFrom(cluster.worker(2));
        service.awaitMembers(2);
        chromium = new Chromium();
    }

    @AfterEach
    void end() {
        if (chromium != null) {
            chromium.close();
        }
        if (service != null) {
            service.close();
        }
        copy.close();
        cluster.close();
    }

    @Test
    void theRowGetsTheAddressOfTheServerThatIsChosen() {
        String lost = Service.address(cluster.worker(2));
        String other = Service.address(copy);
        try (Visit visit = chromium.visit(service.url(), Screen.PHONE).open().withToken()) {
            visit.awaitText(visit.part("balance-bars"), "Even: each of 2 nodes holds 2 shards");
            cluster.stop(2);
            copy.start();
            visit.awaitText(visit.row(other), "followed when no source sights it any more");

            visit.button("Order for " + lost).click();
            Locator dialog = visit.page().getByRole(AriaRole.DIALOG);
            dialog.locator("input[value=follow]").check();
            visit.awaitText(dialog, "What was written to " + lost + " and never reached that server is given up.");
            Locator order = dialog.getByRole(AriaRole.BUTTON, named("Follow " + lost));
            assertThat(order.isDisabled()).isTrue();
            dialog.getByLabel("The server that has its data now").selectOption(other);
            visit.isFitForEverybody();
            order.click();
            visit.awaitText(dialog, "Follow to " + other + " (ordered by dashboard");
            dialog.getByRole(AriaRole.BUTTON, named("Close")).click();

            visit.awaitText(visit.row(other), "Member of group");
            visit.awaitText(visit.part("order-list"), "No order stands.");
            visit.awaitText(visit.part("balance-bars"), "Even: each of 2 nodes holds 2 shards");
            visit.isFitForEverybody();
        }
    }

    private static Locator.GetByRoleOptions named(String name) {
        return new Locator.GetByRoleOptions().setName(name);
    }
}
