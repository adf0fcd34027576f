package dev.roster.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Also the command that refreshes the description of the API: run it with {@code -Droster.refresh=true}. */
class ReferencePageTest {

    private static final Path DESCRIPTION = Path.of("src/main/resources/openapi.json");
    private static final Path APPLICATION = Path.of("src/main/java/dev/roster/app");
    private static final Path ORDERS = Path.of("../core/src/main/java/dev/roster/ledger/Intent.java");

    @Test
    void theDescriptionOfTheApiSaysWhatTheResourcesAndRecordsSay() throws IOException {
        String description = ApiDescription.of(Endpoint.all(), Comments.read(sources()));
        if (Boolean.getBoolean("roster.refresh")) {
            Files.writeString(DESCRIPTION, description);
        }

        assertThat(Files.readString(DESCRIPTION))
                .as(
                        "app/%s is made from the code; refresh it with ./mvnw -pl app -am test -Dtest=ReferencePageTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Droster.refresh=true",
                        DESCRIPTION)
                .isEqualTo(description);
    }

    private static List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>(List.of(ORDERS));
        for (String folder : List.of("api", "stream")) {
            try (Stream<Path> files = Files.list(APPLICATION.resolve(folder))) {
                files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
            }
        }
        return sources;
    }
}
