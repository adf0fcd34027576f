package dev.roster.browser;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One headless Chromium. Used by one thread. */
final class Chromium implements AutoCloseable {

    private final Playwright playwright;
    private final Browser browser;

    Chromium() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(System.getProperty("browser.executable", "/usr/bin/chromium")))
                        // Chromium's own sandbox refuses to run as root, as CI does.
                        .setArgs(List.of("--no-sandbox")));
    }

    /** Somebody opens the page. */
    Visit visit(String url, Screen screen) {
        return new Visit(browser, url, screen);
    }

    @Override
    public void close() {
        playwright.close();
    }
}
