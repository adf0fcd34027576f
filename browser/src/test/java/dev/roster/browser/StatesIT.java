package dev.roster.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Clock;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.dns.ScriptedDnsServer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each state the page can be in is told, and fit for everybody. */
class StatesIT {

    private static final int NO_SUCH_NAME = 3;
    private static final String REFUSED = "ERR_CONNECTION_REFUSED";

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Chromium chromium;

    @BeforeEach
    void start() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 2, UnaryOperator.identity());
        chromium = new Chromium();
    }

    @AfterEach
    void end() {
        chromium.close();
        cluster.close();
    }

    @Test
    void whileNothingHasBeenHeardItIsLoading() {
        try (Service service = Service.start(folder, Service.settingsFor(cluster));
                Visit visit = chromium.visit(service.url(), Screen.LIGHT)) {
            // Neither answered nor refused.
            visit.page().route("**/api/v1/stream", _ -> {});
            visit.open();

            visit.awaitVerdict("Loading");
            visit.awaitText(visit.part("connection-state"), "Connecting");
            visit.isFitForEverybody();
        }
    }

    @Test
    void whereThereIsNoStreamTheSameIsAskedForAgainAndAgain() {
        try (Service service = Service.start(folder, Service.settingsFor(cluster));
                Visit visit = chromium.visit(service.url(), Screen.LIGHT).expecting("404")) {
            visit.page().route("**/api/v1/stream", route -> route.fulfill(new Route.FulfillOptions().setStatus(404)));
            visit.open();

            visit.awaitVerdict("The list of members is true: 2 workers");
            visit.awaitText(visit.part("connection-state"), "Live");
            visit.awaitText(visit.part("journal-timeline"), "added as group 2");
        }
    }

    @Test
    void aBrowserWhoseClockIsWrongShowsTrueAges() {
        try (Service service = Service.start(folder, Service.settingsFor(cluster))) {
            service.awaitMembers(2);
            for (int hours : List.of(-3, 3)) {
                try (Visit visit = chromium.visit(service.url(), Screen.LIGHT)) {
                    visit.page()
                            .clock()
                            .install(new Clock.InstallOptions()
                                    .setTime(System.currentTimeMillis() + hours * 3_600_000L));
                    visit.open().awaitVerdict("The list of members is true: 2 workers");

                    assertThat(visit.part("time-ago").allInnerTexts())
                            .as("%d hours wrong", hours)
                            .isNotEmpty()
                            .allMatch(age -> age.matches("\\d+ [sm]( .*)?"));
                }
            }
        }
    }

    @Test
    void aRefusalIsShownWithItsReason() {
        try (Service service = Service.start(folder, Service.settingsFor(cluster));
                Visit visit = chromium.visit(service.url(), Screen.PHONE).expecting("503")) {
            visit.page()
                    .route(
                            "**/api/v1/stream",
                            route -> route.fulfill(new Route.FulfillOptions()
                                    .setStatus(503)
                                    .setContentType("application/problem+json")
                                    .setBody("{\"title\":\"Too many streams\",\"status\":503,"
                                            + "\"detail\":\"<b>64 streams</b> are open\"}")));
            visit.open();

            visit.awaitVerdict("<b>64 streams</b> are open");
            visit.awaitText(visit.part("connection-state"), "Reconnecting");
            visit.isFitForEverybody();
        }
    }

    @Test
    void whileTheServiceRestartsThePageSaysSoAndComesBackByItself() {
        try (Service service = Service.start(folder, Service.settingsFor(cluster));
                Visit visit = chromium.visit(service.url(), Screen.LIGHT)
                        .expecting(REFUSED)
                        .expecting("ERR_INCOMPLETE_CHUNKED_ENCODING")
                        .expecting("ERR_CONNECTION_RESET")
                        .expecting("ERR_EMPTY_RESPONSE")
                        .open()) {
            visit.awaitVerdict("The list of members is true: 2 workers");
            visit.page().evaluate("window.sameVisit = true");

            service.stop();
            visit.awaitVerdict("Not connected");
            visit.awaitText(visit.part("connection-state"), "Reconnecting");
            visit.awaitText(visit.part("connection-state"), "last heard");
            visit.awaitText(visit.part("workers-table"), "member");
            visit.isFitForEverybody();

            service.start();
            visit.awaitText(visit.part("connection-state"), "Live");
            visit.awaitVerdict("The list of members is true: 2 workers");
            assertThat(visit.page().evaluate("window.sameVisit")).isEqualTo(true);
        }
    }

    @Test
    void whileTheCoordinatorIsAwayNothingIsChangedAndThePageSaysWhatToDo() {
        try (Service service = Service.start(folder, Service.settingsFor(cluster));
                Visit visit = chromium.visit(service.url(), Screen.PHONE_AT_NIGHT)
                        .expecting("503")
                        .open()) {
            visit.awaitVerdict("The list of members is true: 2 workers");

            cluster.coordinator().stop();
            visit.awaitVerdict("Coordinator away");
            visit.awaitVerdict("To do: ");
            visit.isFitForEverybody();

            cluster.coordinator().start();
            visit.awaitVerdict("The list of members is true: 2 workers");
        }
    }

    @Test
    void aServerThatCameBackEmptyIsAnAlarmThatNamesIt() {
        try (Service service = Service.start(folder, Service.settingsFor(cluster));
                Visit visit = chromium.visit(service.url(), Screen.DARK).open()) {
            service.awaitMembers(2);
            cluster.coordinator().execute("CREATE TABLE orders (id int PRIMARY KEY)");
            cluster.coordinator().execute("SET citus.shard_count = 4; SELECT create_distributed_table('orders', 'id')");
            visit.awaitText(visit.part("balance-bars"), "Even: each of 2 nodes holds 2 shards");

            cluster.stop(2);
            cluster.wipe(2);

            visit.awaitVerdict("A person is needed");
            visit.awaitVerdict(Service.address(cluster.worker(2)) + " needs somebody to decide.");
            visit.isFitForEverybody();
        }
    }

    @Test
    void whereNobodyIsFoundThePageIsEmptyAndSaysHowThatChanges() {
        try (ScriptedDnsServer names = ScriptedDnsServer.start(_ -> ScriptedDnsServer.Reply.code(NO_SUCH_NAME));
                Service service = Service.start(folder, byName(names));
                Visit visit = chromium.visit(service.url(), Screen.PHONE).open()) {
            visit.awaitVerdict("No worker has been found");
            visit.awaitText(visit.part("workers-table"), "No worker yet.");
            visit.isFitForEverybody();
        }
    }

    @Test
    void aSourceThatIsAwayIsRedAndNothingIsRemovedBecauseOfIt() {
        try (ScriptedDnsServer names = ScriptedDnsServer.start(_ -> ScriptedDnsServer.Reply.silence());
                Service service = Service.start(folder, byName(names));
                Visit visit = chromium.visit(service.url(), Screen.LIGHT).open()) {
            visit.awaitVerdict("Roster cannot look for workers by dns.");
            visit.awaitVerdict("Nothing is removed because of that.");
            visit.awaitText(visit.part("cluster-facts .alarm"), "away");
            visit.isFitForEverybody();
        }
    }

    @Test
    void aSourceThatSeesOnlyAPartForTooLongIsRedByItsOwnPace() {
        Map<String, String> settings;
        try (ScriptedDnsServer names =
                ScriptedDnsServer.start(question -> question.name().startsWith("worker1")
                        ? ScriptedDnsServer.Reply.silence()
                        : ScriptedDnsServer.Reply.code(NO_SUCH_NAME))) {
            settings = byName(names);
            settings.put("ROSTER_DNS_INTERVAL", "1s");
            settings.put("ROSTER_DNS_TIMEOUT", "1s");
            settings.put("ROSTER_DNS_TRIES", "1");
            try (Service service = Service.start(folder, settings);
                    Visit visit = chromium.visit(service.url(), Screen.PHONE).open()) {
                visit.awaitText(visit.part("cluster-facts"), "connected");
                assertThat(visit.part("cluster-facts .alarm")).hasCount(0);

                visit.awaitVerdict("The source dns has not seen everything for too long.");
                visit.awaitText(visit.part("cluster-facts .alarm"), "stale");
                visit.isFitForEverybody();

                names.script(_ -> ScriptedDnsServer.Reply.code(NO_SUCH_NAME));
                visit.awaitVerdict("No worker has been found");
            }
        }
    }

    @Test
    void whatIsNotDoneIsShownWithItsSqlAndItsReason() {
        Map<String, String> settings = Service.settingsFor(cluster);
        settings.put("ROSTER_MODE", "observe");
        try (Service service = Service.start(folder, settings);
                Visit visit = chromium.visit(service.url(), Screen.LIGHT).open()) {
            visit.awaitText(
                    visit.part("plan-list"),
                    "SELECT citus_add_node('127.0.0.1', " + cluster.worker(1).port() + ");");
            visit.awaitText(visit.part("plan-list"), "observe");
            visit.awaitText(visit.part("cluster-facts"), "observe: nothing is changed");
            visit.isFitForEverybody();
        }
    }

    @Test
    void thePageIsUsedByKeyboardAlone() {
        try (Service service = Service.start(folder, Service.settingsFor(cluster));
                Visit visit = chromium.visit(service.url(), Screen.LIGHT).open()) {
            service.awaitMembers(2);
            Page page = visit.page();
            String first = Service.address(cluster.worker(1));
            visit.awaitText(visit.row(first), "member");

            page.keyboard().press("Tab");
            assertThat(page.getByText("To the workers")).isFocused();
            page.keyboard().press("Enter");
            assertThat(page.locator("#workers")).isFocused();

            visit.withToken().button("Order for " + first).focus();
            page.keyboard().press("Enter");
            Locator dialog = page.getByRole(AriaRole.DIALOG, new Page.GetByRoleOptions().setName("Order for " + first));
            assertThat(dialog).isVisible();
            page.keyboard().press("Escape");
            assertThat(dialog).hasCount(0);
            assertThat(visit.button("Order for " + first)).isFocused();

            page.keyboard().press("Enter");
            page.keyboard().press("ArrowUp");
            assertThat(page.getByRole(AriaRole.RADIO).last()).isChecked();
            page.keyboard().press("Enter");
            visit.awaitText(dialog, "it is left alone until the order is cancelled");
            assertThat(visit.button("Close")).isFocused();
            page.keyboard().press("Enter");
            assertThat(visit.button("Order for " + first)).isFocused();

            visit.awaitText(visit.part("order-list"), "Hold " + first);
            visit.part("order-list").getByRole(AriaRole.BUTTON).focus();
            page.keyboard().press("Enter");
            assertThat(page.getByRole(AriaRole.DIALOG)).isVisible();
            page.keyboard().press("Tab");
            page.keyboard().press("Enter");
            visit.awaitText(visit.part("order-list"), "No order stands.");
        }
    }

    private Map<String, String> byName(ScriptedDnsServer names) {
        Map<String, String> settings = new HashMap<>(Service.settingsFor(cluster.coordinator(), List.of()));
        settings.remove("ROSTER_STATIC_WORKERS");
        settings.put("ROSTER_DISCOVERY", "dns");
        settings.put("ROSTER_DNS_PATTERNS", "worker{1..3}.test");
        settings.put("ROSTER_DNS_SERVERS", names.address());
        return settings;
    }
}
