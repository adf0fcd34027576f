package dev.roster.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.ports.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./roster demo} as a person sees it: the scene on its page and on the dashboard, and the buttons. */
class DemoPageIT {

    private static final Path JAR =
            Path.of("../demo/target/quarkus-app/quarkus-run.jar").toAbsolutePath();
    private static final Path PICTURES = Path.of("target/screenshots");
    private static final Pattern LINK = Pattern.compile("(http://127\\.0\\.0\\.1:\\d+/)demo/#token=([0-9a-f]{32})");

    @TempDir
    Path folder;

    private Process demo;
    private Chromium chromium;

    @BeforeEach
    void start() throws IOException {
        // The servers may run as another user, who has to get in.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Files.createDirectories(PICTURES);
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary,
                        "-jar",
                        JAR.toString(),
                        "--stand-in",
                        "--no-browser",
                        "--workers",
                        "2",
                        "--port",
                        Integer.toString(FreePort.onLoopback())))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment().keySet().removeAll(Set.of("DISPLAY", "WAYLAND_DISPLAY"));
        demo = builder.start();
        chromium = new Chromium();
    }

    @AfterEach
    void end() {
        chromium.close();
        demo.destroy();
        demo.onExit().join();
    }

    @Test
    void theSceneIsWatchedOnBothPagesAndThenTakenOver() {
        Matcher link = link();
        String url = link.group(1);
        try (Visit buttons = chromium.visit(url, Screen.PHONE_AT_NIGHT);
                Visit dashboard = chromium.visit(url, Screen.LIGHT)) {
            dashboard.page().navigate(url + "#token=" + link.group(2));
            buttons.page().navigate(link.group());
            assertThat(buttons.page().url()).isEqualTo(url + "demo/");
            assertThat(buttons.page().locator("#story")).containsText("All 2 workers join by themselves");
            assertThat(buttons.page().locator("#playing")).isVisible();

            dashboard.awaitText(dashboard.part("workers-table"), "worker-2");
            dashboard.awaitVerdict("worker-1 is not as it should be");
            buttons.awaitText(buttons.page().locator("#story"), "Worker 1 is stopped");
            buttons.isFitForEverybody();
            buttons.picture(PICTURES.resolve("demo-phone.png"), true);

            buttons.button("Stop: worker-2").click();
            buttons.awaitText(buttons.page().locator("#told"), "worker 2 is stopped");
            assertThat(buttons.page().locator("#playing")).isHidden();
            buttons.awaitText(buttons.page().locator("#story"), "You took over, so the scene ends here.");
            dashboard.awaitText(dashboard.row("worker-2"), "member not ready");
            dashboard.isFitForEverybody();

            buttons.button("Start: worker-2").click();
            buttons.button("Start: worker-1").click();
            dashboard.awaitVerdict("The list of members is true: 2 workers");
        }
        try (Visit buttons = chromium.visit(url, Screen.LIGHT)) {
            buttons.page().navigate(link.group());
            buttons.awaitText(buttons.page().locator("#story"), "Now it is yours");
            buttons.isFitForEverybody();
            buttons.picture(PICTURES.resolve("demo-light.png"), true);
        }
    }

    private Matcher link() {
        Matcher link = LINK.matcher("");
        Awaitility.await("the demo prints its links")
                .atMost(Duration.ofMinutes(3))
                .until(() -> link.reset(output()).find());
        return link;
    }

    private String output() {
        try {
            return Files.readString(folder.resolve("output"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
