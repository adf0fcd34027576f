package dev.roster.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.Crowd;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand workers: all of them are found again, and only a page of them is in the document. */
class ManyWorkersIT {

    private static final int MANY = 1000;
    private static final int MOST_ELEMENTS = 5000;
    private static final int MOST_CHANGES = 500;

    @TempDir
    Path folder;

    @Test
    void aThousandWorkersAreFilteredSortedAndPaged() {
        try (Crowd crowd = Crowd.gather();
                Service service = Service.start(folder, settings(crowd));
                Chromium chromium = new Chromium();
                Visit visit = chromium.visit(service.url(), Screen.PHONE).open()) {
            service.awaitMembers(MANY);
            visit.awaitVerdict("The list of members is true: 1,000 workers");
            visit.awaitText(visit.part("workers-table .pager"), "1 to 50 of 1,000");
            assertThat(visit.part("workers-table tbody tr")).hasCount(50);
            assertThat(visit.part("cluster-picture .cell")).hasCount(MANY);
            visit.isFitForEverybody();
            assertThat(visit.page().locator("*").count()).isLessThan(MOST_ELEMENTS);
            assertThat(changesDuringTwoPasses(visit)).isLessThan(MOST_CHANGES);

            visit.page().getByLabel("Filter workers").fill("worker-1000");
            assertThat(visit.part("workers-table tbody tr")).hasCount(1);
            visit.awaitText(visit.part("workers-table tbody tr"), "worker-1000");
            visit.page().getByLabel("Filter workers").fill("");

            visit.button("Next").click();
            visit.awaitText(visit.part("workers-table .pager"), "51 to 100 of 1,000");
            visit.page().getByLabel("Sort").selectOption("name");
            assertThat(visit.part("workers-table tbody th .name").first()).hasText("worker-1");
        }
    }

    /** How much of the document changes while passes find nothing to do: what tells the time, and not a row for each worker. */
    private static int changesDuringTwoPasses(Visit visit) {
        visit.page().evaluate("""
                window.changes = 0;
                new MutationObserver((some) => { window.changes += some.length; })
                    .observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
                const number = () => Number(/number ([\\d,]+)/.exec(document.querySelector('cluster-facts').textContent)[1].replaceAll(',', ''));
                const begun = number();
                window.twoPassesLater = () => number() >= begun + 2;
                """);
        Awaitility.await("two more passes")
                .pollInSameThread()
                .atMost(Duration.ofMinutes(1))
                .until(() -> (Boolean) visit.page().evaluate("window.twoPassesLater()"));
        return (Integer) visit.page().evaluate("window.changes");
    }

    private static Map<String, String> settings(Crowd crowd) {
        Map<String, String> settings = Service.settingsFor(crowd.coordinator(), crowd.workers(MANY));
        settings.put("ROSTER_COORDINATOR_ADVERTISED", Crowd.COORDINATOR);
        return settings;
    }
}
