package dev.roster.app.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compose reads every compose file of the worked deployments. */
class ComposeFilesIT {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static final Commands COMMANDS = new Commands(Map.of("POSTGRES_PASSWORD", "secret"));

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(Commands.ROOT.resolve("deploy"))) {
            return all.filter(file -> file.endsWith("docker-compose.yml"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void isRead(Path file) {
        List<String> compose = OfficialComposeIT.composeCommand();
        assumeTrue(!compose.isEmpty(), "needs Docker: neither docker-compose nor docker compose is installed");

        String read = COMMANDS.run(
                        MINUTE,
                        Stream.concat(compose.stream(), Stream.of("-f", file.toString(), "config"))
                                .toList())
                .succeeded();

        assertThat(read).contains("services:");
    }
}
