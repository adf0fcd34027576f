package dev.roster.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shards are spread from the page: what would move, its start, how far it is, its stop, and its end. */
class RebalanceIT {

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Service service;
    private Chromium chromium;

    @BeforeEach
    void aNewMemberHasNoShards() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 3, UnaryOperator.identity());
        cluster.stop(3);
        service = Service.start(folder, Service.settingsFor(cluster));
        service.awaitMembers(2);
        cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
        cluster.coordinator().execute("SET citus.shard_count = 60; SELECT create_distributed_table('orders', 'id')");
        cluster.restart(3);
        service.awaitMembers(3);
        chromium = new Chromium();
    }

    @AfterEach
    void end() {
        chromium.close();
        service.close();
        cluster.close();
    }

    @Test
    void isPreviewedStartedWatchedAndStopped() {
        try (Visit visit = chromium.visit(service.url(), Screen.PHONE).open()) {
            Locator panel = visit.part("rebalance-panel");
            visit.awaitText(panel, "No shards are moving.");

            visit.button("Show what would move").click();
            visit.awaitText(panel, "20 shards would move");
            visit.awaitText(panel, "public.orders");
            visit.awaitText(panel, "to " + Service.address(cluster.worker(3)));
            visit.awaitText(panel, "To start it, enter the token above.");
            assertThat(visit.button("Rebalance")).hasCount(0);
            visit.isFitForEverybody();

            visit.withToken();
            panel.getByLabel("While a shard is copied").selectOption("block_writes");
            visit.button("Rebalance").click();
            Locator dialog = visit.page().getByRole(AriaRole.DIALOG);
            visit.awaitText(dialog, "Citus moves 20 shards in the background");
            visit.awaitText(dialog, "Writers wait while their shard is copied; it can be stopped");
            visit.isFitForEverybody();
            dialog.getByRole(AriaRole.BUTTON, named("Start")).click();

            visit.awaitText(panel, "Shards are spread evenly");
            visit.awaitText(panel, "of 20 moves");
            visit.awaitText(panel, "ordered by dashboard");
            Assertions.assertThat(service.get("api/v1/rebalance")).contains("\"mode\":\"block_writes\"");
            visit.isFitForEverybody();

            visit.button("Stop").click();
            visit.awaitText(dialog, "Moves that are done stay.");
            dialog.getByRole(AriaRole.BUTTON, named("Stop it")).click();
            visit.awaitText(panel, "No shards are moving.");
            visit.awaitText(visit.part("journal-timeline"), "rebalance");
        }
    }

    @Test
    void goesOnToItsEndWhileThePageIsOpen() {
        try (Visit visit = chromium.visit(service.url(), Screen.DARK).open().withToken()) {
            visit.awaitText(visit.part("balance-bars"), "Uneven: 3 nodes hold 0 to 30 shards each");

            visit.button("Show what would move").click();
            visit.button("Rebalance").click();
            visit.page()
                    .getByRole(AriaRole.DIALOG)
                    .getByRole(AriaRole.BUTTON, named("Start"))
                    .click();
            visit.awaitText(visit.part("rebalance-panel"), "Shards are spread evenly");

            visit.awaitText(visit.part("balance-bars"), "Even: each of 3 nodes holds 20 shards");
            visit.awaitText(visit.part("rebalance-panel"), "No shards are moving.");
            visit.button("Show what would move").click();
            visit.awaitText(visit.part("rebalance-panel"), "Nothing would move.");
            visit.isFitForEverybody();
        }
    }

    private static Locator.GetByRoleOptions named(String name) {
        return new Locator.GetByRoleOptions().setName(name).setExact(true);
    }
}
