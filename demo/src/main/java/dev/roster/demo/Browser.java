package dev.roster.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Opens a page in the person's browser, where there is one. The command line of a process can be read by everybody on this
 * machine, so the browser is given a file that only its user can read, which sends it on to the page.
 */
final class Browser {

    private Browser() {}

    /**
     * Tries to; a machine without a browser, or without a screen, is none to complain about.
     *
     * @param url the page
     * @return whether a browser was asked
     */
    static boolean open(String url) {
        Optional<String> opener = opener(System.getProperty("os.name", ""), System.getenv());
        if (opener.isEmpty()) {
            return false;
        }
        try {
            // Made for its owner alone.
            Path page = Files.createTempFile("roster-demo-", ".html");
            page.toFile().deleteOnExit();
            Files.writeString(page, """
                    <!doctype html>
                    <meta charset="utf-8">
                    <meta http-equiv="refresh" content="0; url=%s">
                    <title>Roster</title>
                    <a href="%s">Roster</a>
                    """.formatted(url, url));
            new ProcessBuilder(opener.get(), page.toUri().toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .start();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What opens pages here; nothing where it would start a browser in the terminal. */
    static Optional<String> opener(String system, Map<String, String> environment) {
        if (system.toLowerCase(Locale.ROOT).contains("mac")) {
            return Optional.of("open");
        }
        boolean hasScreen = environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
        return hasScreen ? Optional.of("xdg-open") : Optional.empty();
    }
}
