package dev.roster.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.deque.html.axecore.results.Rule;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * One look at the page, from its opening to its closing. When it is closed, nothing must have gone wrong that was not
 * expected: no error on the console or in a script, and no request to another host.
 */
final class Visit implements AutoCloseable {

    private static final double PATIENCE = 60_000;
    /** Chromium gives up what it is loading when an interface comes or goes, such as that of somebody's Docker network. */
    private static final String NETWORK_CHANGED = "ERR_NETWORK_CHANGED";

    private static final int TRIES = 5;
    private static final Set<String> SERIOUS = Set.of("serious", "critical");

    private final BrowserContext context;
    private final Page page;
    private final Screen screen;
    private final String url;
    private final List<String> troubles = new ArrayList<>();
    private final List<String> strangers = new ArrayList<>();
    private Predicate<String> expected = text -> text.contains(NETWORK_CHANGED);

    Visit(Browser browser, String url, Screen screen) {
        this.url = url;
        this.screen = screen;
        this.context = browser.newContext(screen.options());
        this.page = context.newPage();
        page.setDefaultTimeout(PATIENCE);
        page.onConsoleMessage(this::hear);
        page.onPageError(error -> troubles.add("script: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith(url)
                    && !URI.create(request.url()).getScheme().equals("data")) {
                strangers.add(request.url());
            }
        });
    }

    private void hear(ConsoleMessage message) {
        if (Set.of("error", "warning").contains(message.type())) {
            troubles.add(message.type() + ": " + message.text() + " " + message.location());
        }
    }

    /** Errors on the console that belong to what the test does, such as a refused request. */
    Visit expecting(String part) {
        expected = expected.or(text -> text.contains(part));
        return this;
    }

    Visit open() {
        for (int tries = 0; tries < TRIES; tries++) {
            troubles.removeIf(trouble -> trouble.contains(NETWORK_CHANGED));
            page.navigate(url);
            if (troubles.stream().noneMatch(trouble -> trouble.contains(NETWORK_CHANGED))) {
                break;
            }
        }
        return this;
    }

    Page page() {
        return page;
    }

    Locator part(String name) {
        return page.locator(name);
    }

    /** The row of this worker. */
    Locator row(String name) {
        Locator heading = page.locator("th", new Page.LocatorOptions().setHasText(name));
        return page.locator("workers-table tbody tr").filter(new Locator.FilterOptions().setHas(heading));
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** Waits until the head line says it. */
    void awaitVerdict(String part) {
        awaitText(page.locator("head-line"), part);
    }

    void awaitText(Locator where, String part) {
        assertThat(where).containsText(part, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE));
    }

    void awaitShown(Locator where) {
        assertThat(where).isVisible(new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE));
    }

    /** Enters the token and waits until it is taken. */
    Visit withToken() {
        button("Enter token").click();
        page.getByLabel("The token of ROSTER_API_TOKEN").fill(Service.TOKEN);
        button("Use it").click();
        awaitShown(button("Forget the token"));
        return this;
    }

    /** Nothing serious hinders people who see, hear or move differently, and nothing has to be scrolled sideways. */
    Visit isFitForEverybody() {
        List<Rule> serious = new AxeBuilder(page)
                .analyze().getViolations().stream()
                        .filter(rule -> SERIOUS.contains(rule.getImpact()))
                        .toList();
        assertThat(serious).as(() -> describe(serious)).isEmpty();
        assertThat((Integer) page.evaluate("document.documentElement.scrollWidth"))
                .as("the width of the page")
                .isLessThanOrEqualTo(screen.width());
        assertThat((Integer) page.evaluate("document.getAnimations().length"))
                .as("things that move, for somebody who asked for less of that")
                .isZero();
        return this;
    }

    private static String describe(List<Rule> rules) {
        StringBuilder text = new StringBuilder();
        rules.forEach(rule -> {
            text.append(rule.getId()).append(": ").append(rule.getHelp()).append('\n');
            rule.getNodes().stream()
                    .limit(5)
                    .forEach(node -> text.append("  ")
                            .append(node.getTarget())
                            .append(' ')
                            .append(node.getHtml())
                            .append('\n'));
        });
        return text.toString();
    }

    void picture(Path file, boolean wholePage) {
        page.screenshot(new Page.ScreenshotOptions().setPath(file).setFullPage(wholePage));
    }

    @Override
    public void close() {
        context.close();
        assertThat(troubles)
                .filteredOn(trouble -> !expected.test(trouble))
                .as("errors on the console")
                .isEmpty();
        assertThat(strangers).as("requests to another host").isEmpty();
    }
}
