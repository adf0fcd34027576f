package dev.roster.testkit.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTableTest {

    @TempDir
    private Path root;

    @Test
    void countsASuiteByModuleAndPackage() throws IOException {
        report("core/target/surefire-reports", "dev.roster.plan.PlannerTest", """
                <testcase classname="dev.roster.plan.PlannerTest" name="a" time="1.25"/>
                <testcase classname="dev.roster.plan.PlannerTest" name="b" time="0.25"><failure message="no"/></testcase>
                """);
        report("app/target/failsafe-reports", "dev.roster.app.situations.JoinIT", """
                <testcase classname="dev.roster.app.situations.JoinIT" name="a" time="3"/>
                """);

        assertThat(printed())
                .containsPattern("core plan +2 +0 +1 +1\\.5")
                .containsPattern("app app\\.situations \\(integration\\) +1 +0 +0 +3\\.0")
                .containsPattern("all +3 +0 +1 +4\\.5")
                .contains("Nothing was skipped.");
    }

    @Test
    void namesWhatWasSkippedAndWhy() throws IOException {
        skippedForDocker();

        assertThat(printed()).contains("Skipped: needs Docker: no engine answers [JoinIT]");
    }

    @Test
    void saysOnWhatTheTestsRan() throws IOException {
        Path folder = Files.createDirectories(root.resolve("app/target/" + RanOn.FOLDER));
        Files.writeString(folder.resolve("docker"), "the Citus stand-in\n");

        assertThat(printed()).contains("Ran on: app docker: the Citus stand-in");
    }

    @Test
    void aSkipIsAvoidableUnlessWhatItNeedsMayBeMissing() throws IOException {
        skippedForDocker();

        SuiteTable table = SuiteTable.of(root);

        assertThat(table.avoidableSkips(List.of("real Citus"))).containsExactly("needs Docker: no engine answers");
        assertThat(table.avoidableSkips(List.of("real Citus", "Docker"))).isEmpty();
    }

    private void skippedForDocker() throws IOException {
        report("app/target/failsafe-reports", "dev.roster.app.situations.JoinIT", """
                <testcase classname="dev.roster.app.situations.JoinIT" name="a" time="0">
                  <skipped message="Assumption failed: needs Docker: no engine answers" type="x"/>
                </testcase>
                """);
    }

    private void report(String folder, String type, String cases) throws IOException {
        Path file = root.resolve(folder).resolve("TEST-" + type + ".xml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "<testsuite name=\"" + type + "\">" + cases + "</testsuite>");
    }

    private String printed() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SuiteTable.of(root).print(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
