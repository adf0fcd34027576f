package dev.roster.app.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.plan.Situation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The alert rules do what they say, and each alert tells somebody at night all that is needed. */
class AlertRulesTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"test rules roster.rules.test.yml", "check rules roster.rules.yml", "check config prometheus.yml"
            })
    void promtoolAgrees(String command) throws Exception {
        Optional<Path> promtool = promtool();
        assumeTrue(promtool.isPresent(), "needs promtool: no program of that name on the path");
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Stream.concat(Stream.of(promtool.get().toString()), Stream.of(command.split(" ", -1)))
                                .toList())
                .directory(MonitoringFiles.FOLDER.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isZero();
    }

    @Test
    void everyAlertHasASentenceItsConsequenceItsRemedyATestAndAPlaceOnThePage() {
        String tests = MonitoringFiles.read(MonitoringFiles.FOLDER.resolve("roster.rules.test.yml"));
        List<String> alerts = List.of(MonitoringFiles.rules().split("- alert: ", -1));

        assertThat(alerts).hasSizeGreaterThan(10);
        for (String alert : alerts.subList(1, alerts.size())) {
            String name = alert.lines().findFirst().orElseThrow();
            assertThat(alert)
                    .contains("severity: ", "summary: ", "description: ", "remedy: ")
                    .contains("runbook: docs/monitoring.md#" + name.toLowerCase(Locale.ROOT));
            assertThat(MonitoringFiles.page()).contains("\n### " + name + "\n");
            assertThat(tests).containsPattern("alertname: " + name + "\n *exp_alerts:\n");
        }
    }

    @Test
    void everyStateThatIsSelectedExists() {
        List<String> situations = Arrays.stream(Situation.values())
                .map(situation -> situation.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList();

        assertThat(MonitoringFiles.statesAskedFor())
                .contains("stranded", "out-of-sync", "drain-stuck", "copy", "member")
                .isSubsetOf(situations);
    }

    @Test
    void theDashboardAsksForSomethingInEachOfItsPanels() throws IOException {
        JsonNode dashboard = new ObjectMapper()
                .readTree(
                        MonitoringFiles.FOLDER.resolve("grafana-dashboard.json").toFile());

        assertThat(dashboard.path("panels")).hasSizeGreaterThan(10).allSatisfy(panel -> {
            assertThat(panel.path("title").asText()).isNotEmpty();
            assertThat(panel.path("targets"))
                    .isNotEmpty()
                    .allSatisfy(
                            target -> assertThat(target.path("expr").asText()).contains("roster_", "job=\"$job\""));
        });
    }

    private static Optional<Path> promtool() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .filter(place -> !place.isEmpty())
                .map(place -> Path.of(place, "promtool"))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
