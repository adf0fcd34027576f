package dev.roster.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worked deployments set only what Roster knows: an unknown name would stop its start. */
class DeployFilesTest {

    private static final Path DEPLOY = Path.of("../deploy");

    /** A setting's name where it is set, in YAML, a Dockerfile or JSON; not a variable of compose, which stands in braces. */
    private static final Pattern SET =
            Pattern.compile("(?<![{A-Z_])(ROSTER_[A-Z_]+)(?=\"?\\s*[:=])|(?<=name: )ROSTER_[A-Z_]+");

    private static final Pattern DOCUMENTED = Pattern.compile("`(ROSTER_[A-Z_]+)`");

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(DEPLOY)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(".*(\\.ya?ml|Dockerfile|railway\\.json)"))
                    .filter(file -> !file.toString().contains("monitoring"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void setsOnlyWhatTheReferencePageNames(Path file) throws IOException {
        Set<String> known = names(DOCUMENTED, Path.of("../docs/configuration.md"));

        assertThat(known).contains("ROSTER_MODE", "ROSTER_FOLLOW_INTERVAL", "ROSTER_STATIC_WORKERS");
        assertThat(known).containsAll(names(SET, file));
    }

    private static Set<String> names(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file).replaceAll("(?m)^\\s*#.*$", ""))
                .results()
                .map(DeployFilesTest::name)
                .collect(Collectors.toSet());
    }

    private static String name(MatchResult found) {
        return found.group(found.groupCount()) == null ? found.group() : found.group(1);
    }
}
