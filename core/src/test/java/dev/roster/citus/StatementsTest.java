package dev.roster.citus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Law 1: nothing writes to a catalog of Citus but Citus' own functions. */
class StatementsTest {

    private static final Pattern WRITES_TO_A_CATALOG = Pattern.compile(
            "(INSERT\\s+INTO|UPDATE|DELETE\\s+FROM|TRUNCATE(\\s+TABLE)?|ALTER\\s+TABLE|DROP\\s+TABLE)\\s+"
                    + "(ONLY\\s+)?(pg_catalog\\.)?\"?pg_dist_",
            Pattern.CASE_INSENSITIVE);

    @Test
    void noneWritesToACatalogOfCitus() throws IOException {
        List<Path> sources;
        try (Stream<Path> all = Files.walk(Path.of("src/main/java/dev/roster"))) {
            sources = all.filter(path -> path.toString().endsWith(".java")).toList();
        }

        assertThat(sources)
                .isNotEmpty()
                .allSatisfy(source -> assertThat(WRITES_TO_A_CATALOG
                                .matcher(withoutAdvice(Files.readString(source)))
                                .find())
                        .as(source.toString())
                        .isFalse());
        assertThat(WRITES_TO_A_CATALOG.matcher("DELETE FROM pg_dist_placement").find())
                .isTrue();
    }

    /** What {@code roster check} shows a person who has to clean up after a dead node; Roster itself does not run it. */
    private static String withoutAdvice(String source) {
        return source.replace("DELETE FROM pg_dist_cleanup WHERE node_group_id <> 0", "");
    }
}
