package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log for machines. */
class JsonLogIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void everyLineIsAnObjectThatSaysOfWhichPassAndNodeItSpeaks() throws Exception {
        try (CitusCluster cluster = CitusCluster.start(CitusFlavour.STAND_IN, 1, UnaryOperator.identity())) {
            Map<String, String> settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
            settings.put("ROSTER_LOG_JSON", "true");
            try (RosterProcess roster = RosterProcess.start(folder, settings)) {
                roster.awaitMembers(1);
                roster.terminate();

                List<JsonNode> lines = new ArrayList<>();
                for (String line : roster.output().lines().toList()) {
                    lines.add(JSON.readTree(line));
                }
                assertThat(lines)
                        .allSatisfy(line ->
                                assertThat(line.path("message").asText()).isNotEmpty());
                JsonNode added = lines.stream()
                        .filter(line -> line.at("/mdc/action").asText().equals("add"))
                        .findFirst()
                        .orElseThrow();
                assertThat(added.path("level").asText()).isEqualTo("INFO");
                assertThat(added.path("message").asText()).contains("added as group");
                assertThat(added.at("/mdc/node").asText())
                        .isEqualTo(cluster.worker(1).host() + ":"
                                + cluster.worker(1).port());
                assertThat(added.at("/mdc/pass").asInt()).isPositive();
                assertThat(lines.getLast().path("message").asText()).isEqualTo("Roster has ended");
                assertThat(lines.getLast().path("mdc")).isEmpty();
            }
        }
    }
}
