package dev.roster.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.AriaRole;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the cluster is seen on a page that stays open, and what a person orders on it happens to the cluster. */
class LiveIT {

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Service service;
    private Chromium chromium;

    @BeforeEach
    void start() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 3, UnaryOperator.identity());
        cluster.stop(3);
        service = Service.start(folder, Service.settingsFor(cluster));
        service.awaitMembers(2);
        chromium = new Chromium();
    }

    @AfterEach
    void end() {
        chromium.close();
        service.close();
        cluster.close();
    }

    @Test
    void aWorkersLifeFromJoiningToDrainedAndBack() {
        PostgresServer coordinator = cluster.coordinator();
        String third = Service.address(cluster.worker(3));
        try (Visit visit = chromium.visit(service.url(), Screen.LIGHT).open()) {
            visit.page().evaluate("window.sameVisit = true");
            visit.awaitVerdict("Not yet true");
            visit.awaitText(visit.row(third), "not probed");
            visit.isFitForEverybody();

            cluster.restart(3);
            visit.awaitVerdict("The list of members is true: 3 workers");
            visit.awaitText(visit.row(third), "group 3");
            visit.awaitText(visit.part("journal-timeline"), "Worker " + third + " added as group 3");
            assertThat(visit.button("Order for " + third).count()).isZero();

            coordinator.execute("CREATE TABLE orders (id int PRIMARY KEY)");
            coordinator.execute("SET citus.shard_count = 12; SELECT create_distributed_table('orders', 'id')");
            visit.awaitText(visit.part("balance-bars"), "Even: each of 3 nodes holds 4 shards");

            visit.withToken();
            drain(visit, third);
            visit.awaitText(visit.part("order-list"), "Drain " + third);
            visit.awaitText(visit.row(third), "unfenced");
            visit.awaitText(visit.part("order-list"), "done, kept out");
            visit.awaitText(visit.row(third), "no");
            visit.awaitText(visit.part("balance-bars"), "Even: each of 2 nodes holds 6 shards");
            visit.isFitForEverybody();

            cancelTheOrder(visit);
            visit.awaitText(visit.row(third), "member");
            visit.awaitText(visit.part("order-list"), "No order stands.");
            visit.awaitText(visit.part("joins-chart figcaption"), "4 joins");
            visit.awaitText(visit.part("joins-chart figcaption"), "1 loss");
            assertThat(visit.page().evaluate("window.sameVisit")).isEqualTo(true);
        }
    }

    @Test
    void whatWouldLoseShardsIsRefusedWithWhatToDoInstead() {
        PostgresServer coordinator = cluster.coordinator();
        String first = Service.address(cluster.worker(1));
        coordinator.execute("CREATE TABLE orders (id int PRIMARY KEY)");
        coordinator.execute("SET citus.shard_count = 4; SELECT create_distributed_table('orders', 'id')");
        try (Visit visit = chromium.visit(service.url(), Screen.LIGHT)
                .expecting("409")
                .open()
                .withToken()) {
            visit.awaitText(visit.part("balance-bars"), "Even: each of 2 nodes holds 2 shards");

            visit.button("Order for " + first).click();
            Locator dialog = visit.page().getByRole(AriaRole.DIALOG);
            dialog.locator("input[value=remove]").check();
            visit.awaitText(dialog, "this will be refused: drain it instead");
            visit.isFitForEverybody();
            dialog.getByRole(AriaRole.BUTTON, named("Remove " + first)).click();

            visit.awaitText(dialog, "holds the only copy of 2 shards");
            visit.awaitText(dialog, "To do: order a drain");
            dialog.getByRole(AriaRole.BUTTON, named("Close")).click();
            visit.awaitText(visit.part("order-list"), "No order stands.");
        }
    }

    @Test
    void whatHindersADrainIsToldBeforeItIsOrdered() {
        PostgresServer coordinator = cluster.coordinator();
        String first = Service.address(cluster.worker(1));
        coordinator.execute("CREATE TABLE clicks (id int)");
        coordinator.execute("SET citus.shard_count = 4; SELECT create_distributed_table('clicks', 'id')");
        try (Visit visit =
                chromium.visit(service.url(), Screen.PHONE_AT_NIGHT).open().withToken()) {
            visit.awaitText(visit.part("balance-bars"), "Even: each of 2 nodes holds 2 shards");

            visit.button("Order for " + first).click();
            Locator dialog = visit.page().getByRole(AriaRole.DIALOG);
            dialog.locator("input[value=drain]").check();
            visit.awaitText(dialog, "These tables have neither a primary key nor a replica identity: public.clicks");
            visit.awaitText(dialog, "To do: add a primary key");
            assertThat(dialog.getByRole(AriaRole.BUTTON, named("Drain " + first))
                            .isDisabled())
                    .isTrue();
            visit.isFitForEverybody();

            dialog.getByLabel("While a shard is copied").selectOption("block_writes");
            visit.awaitText(dialog, "2 shards would move");
            visit.isFitForEverybody();
            visit.awaitText(visit.part("order-list"), "No order stands.");
            dialog.getByRole(AriaRole.BUTTON, named("Drain " + first)).click();
            visit.awaitText(dialog, "Drain (ordered by dashboard");
            dialog.getByRole(AriaRole.BUTTON, named("Close")).click();
            visit.awaitText(visit.part("order-list"), "done, kept out");
        }
    }

    @Test
    void whatALostWorkerTakesWithItIsNamedAndItsNameTypedBeforeAnotherTakesItsPlace() {
        PostgresServer coordinator = cluster.coordinator();
        String lost = Service.address(cluster.worker(2));
        String empty = Service.address(cluster.worker(3));
        coordinator.execute("CREATE TABLE orders (id int PRIMARY KEY)");
        coordinator.execute("SET citus.shard_count = 4; SELECT create_distributed_table('orders', 'id')");
        try (Visit visit = chromium.visit(service.url(), Screen.PHONE)
                .expecting("409")
                .open()
                .withToken()) {
            visit.awaitText(visit.part("balance-bars"), "Even: each of 2 nodes holds 2 shards");
            cluster.stop(2);
            visit.awaitText(visit.row(lost), "identity unknown");
            cluster.restart(3);
            visit.awaitText(visit.row(empty), "joining");

            visit.button("Order for " + lost).click();
            Locator dialog = visit.page().getByRole(AriaRole.DIALOG);
            dialog.locator("input[value=replace]").check();
            dialog.getByLabel("The empty server that takes its place").selectOption(empty);
            visit.awaitText(dialog, "the rows of 2 shards would be lost: public.orders (2 of 4 shards)");
            Locator order = dialog.getByRole(AriaRole.BUTTON, named("Replace " + lost));
            assertThat(order.isDisabled()).isTrue();
            visit.isFitForEverybody();

            dialog.getByLabel("To accept that these rows are lost").fill(lost);
            assertThat(order.isDisabled()).isFalse();
            order.click();
            visit.awaitText(dialog, "takes its place");
            dialog.getByRole(AriaRole.BUTTON, named("Close")).click();

            visit.awaitText(visit.row(empty), "Member of group");
            visit.awaitText(visit.part("journal-timeline"), "all 2 shards are there");
        }
    }

    private static void drain(Visit visit, String worker) {
        visit.button("Order for " + worker).click();
        Locator dialog = visit.page().getByRole(AriaRole.DIALOG);
        dialog.locator("input[value=drain]").check();
        visit.awaitText(dialog, "Citus moves its 4 shards");
        visit.awaitText(dialog, "4 shards would move, 32.0 KiB together");
        visit.awaitText(dialog, "2 shards (16.0 KiB) to ");
        dialog.getByRole(AriaRole.BUTTON, named("Drain " + worker)).click();
        visit.awaitText(dialog, "Drain (ordered by dashboard");
        dialog.getByRole(AriaRole.BUTTON, named("Close")).click();
    }

    private static void cancelTheOrder(Visit visit) {
        visit.part("order-list").getByRole(AriaRole.BUTTON).first().click();
        Locator dialog = visit.page().getByRole(AriaRole.DIALOG);
        visit.awaitText(dialog, "Its server joins again.");
        dialog.getByRole(AriaRole.BUTTON, named("Cancel the order")).click();
    }

    private static Locator.GetByRoleOptions named(String name) {
        return new Locator.GetByRoleOptions().setName(name);
    }
}
