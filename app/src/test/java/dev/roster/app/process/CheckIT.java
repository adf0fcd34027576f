package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.testkit.citus.CitusCluster;
import dev.roster.testkit.citus.CitusFlavour;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code roster check}, as a person runs it. */
class CheckIT {

    @TempDir
    Path folder;

    @Test
    void tellsWhoCannotReachWhomAndThatTheCoordinatorIsDown() throws Exception {
        try (CitusCluster cluster = CitusCluster.start(CitusFlavour.STAND_IN, 2, UnaryOperator.identity())) {
            Map<String, String> settings = RosterProcess.settingsOf(cluster, folder.resolve("ready"));
            try (RosterProcess roster = RosterProcess.start(folder, settings, "once")) {
                assertThat(roster.exitCode()).isZero();
            }

            Ended healthy = check(settings);
            assertThat(healthy.output()).doesNotContain("error", "note");
            assertThat(healthy.code()).isZero();

            cluster.stop(2);
            Ended broken = check(settings);
            assertThat(broken.code()).isEqualTo(1);
            assertThat(broken.output())
                    .contains("The coordinator cannot ask it", "It cannot be reached from", "to do:", "breaks:")
                    .doesNotContain("\tat ");

            cluster.coordinator().stop();
            Ended away = check(settings);
            assertThat(away.code()).isEqualTo(3);
            assertThat(away.output().lines()).hasSize(1);
        }
    }

    private record Ended(int code, String output) {}

    private Ended check(Map<String, String> settings) throws Exception {
        try (RosterProcess roster = RosterProcess.start(folder, settings, "check")) {
            int code = roster.exitCode();
            return new Ended(code, roster.output());
        }
    }
}
