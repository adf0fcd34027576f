package dev.roster.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may look and who may order. */
class AccessIT {

    @TempDir
    Path folder;

    private CitusCluster cluster;
    private Map<String, String> settings;
    private Chromium chromium;

    @BeforeEach
    void start() {
        cluster = CitusCluster.start(CitusFlavour.STAND_IN, 1, UnaryOperator.identity());
        settings = Service.settingsFor(cluster);
        chromium = new Chromium();
    }

    @AfterEach
    void end() {
        chromium.close();
        cluster.close();
    }

    @Test
    void whoHasNoTokenReadsAndTheTokenIsAskedForAndForgotten() {
        try (Service service = Service.start(folder, settings);
                Visit visit = chromium.visit(service.url(), Screen.PHONE)
                        .expecting("401")
                        .open()) {
            visit.awaitVerdict("The list of members is true: 1 worker");
            visit.awaitText(visit.part("token-entry"), "Read-only");
            assertThat(visit.part("workers-table .act button")).hasCount(0);

            visit.button("Enter token").click();
            assertThat(visit.page().locator("#token-field")).isFocused();
            visit.page().keyboard().type("wrong");
            visit.page().keyboard().press("Enter");
            visit.awaitText(visit.part("token-entry"), "The token is wrong");
            visit.isFitForEverybody();
            visit.page().locator("#token-field").fill(Service.TOKEN);
            visit.page().keyboard().press("Enter");
            visit.awaitShown(visit.button("Forget the token"));
            assertThat(visit.part("workers-table .act button")).hasCount(1);
            visit.isFitForEverybody();

            visit.button("Forget the token").click();
            visit.awaitText(visit.part("token-entry"), "Read-only");
            assertThat(visit.page().evaluate("sessionStorage.length + localStorage.length"))
                    .isEqualTo(0);
            assertThat(service.output()).doesNotContain(Service.TOKEN);
        }
    }

    @Test
    void aLinkMayHandOverTheTokenWhichThenLeavesTheAddress() {
        try (Service service = Service.start(folder, settings);
                Visit visit = chromium.visit(service.url(), Screen.LIGHT)) {
            visit.page().navigate(service.url() + "#token=" + Service.TOKEN);

            visit.awaitShown(visit.button("Forget the token"));
            assertThat(visit.page().url()).isEqualTo(service.url());
        }
    }

    @Test
    void whereNoTokenIsSetThePageSaysHowOrdersAreAllowed() {
        settings.remove("ROSTER_API_TOKEN");
        try (Service service = Service.start(folder, settings);
                Visit visit = chromium.visit(service.url(), Screen.LIGHT)
                        .expecting("403")
                        .open()) {
            visit.button("Enter token").click();
            visit.page().locator("#token-field").fill("anything");
            visit.button("Use it").click();

            visit.awaitText(visit.part("token-entry"), "set ROSTER_API_TOKEN");
        }
    }

    @Test
    void whereReadingNeedsTheTokenNothingIsShownWithoutIt() {
        settings.put("ROSTER_API_READS", "token");
        try (Service service = Service.start(folder, settings);
                Visit visit = chromium.visit(service.url(), Screen.DARK)
                        .expecting("401")
                        .open()) {
            visit.awaitText(visit.part("token-entry"), "shows its state only to those who have its token");
            assertThat(visit.part("workers-table")).hasCount(0);
            visit.isFitForEverybody();

            visit.page().locator("#token-field").fill(Service.TOKEN);
            visit.button("Use it").click();

            visit.awaitVerdict("The list of members is true: 1 worker");
            visit.isFitForEverybody();
        }
    }
}
