package dev.roster.app.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ContentPolicyTest {

    private static final Pattern OWN_FILE = Pattern.compile("(?:href|src)=\"(dashboard/[^\"]+)\"");

    @Test
    void theOneInlineScriptIsLetThroughByItsFingerprint() {
        // printf '{}' | openssl dgst -sha256 -binary | base64
        assertThat(ContentPolicy.of("<script type=\"importmap\">{}</script>"))
                .contains("script-src 'self' 'sha256-RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o='");
    }

    @Test
    void nothingInlineAndNothingFromElsewhereIsAllowed() {
        assertThat(ContentPolicy.of("<script type=\"importmap\">{}</script>"))
                .startsWith("default-src 'none'; ")
                .contains("frame-ancestors 'none'", "base-uri 'none'", "require-trusted-types-for 'script'")
                .doesNotContain("unsafe", "http", "*");
    }

    @Test
    void aPageWithoutAnImportMapIsAFaultOfTheBuild() {
        assertThatThrownBy(() -> ContentPolicy.of("<p>")).hasMessage("the page has no import map");
    }

    @Test
    void everyFileThatThePageNamesIsThere() throws IOException {
        String page = text("index.html");
        String map = page.substring(page.indexOf("importmap\">") + 11, page.indexOf("</script>"));
        JsonNode imports = new ObjectMapper().readTree(map).path("imports");

        assertThat(imports).isNotEmpty().allSatisfy(path -> {
            String file = path.asText().substring(2);
            assertThat(file.endsWith("/") || isThere(file)).as(file).isTrue();
        });
        assertThat(text("index.html")).doesNotContain("${");
        Matcher own = OWN_FILE.matcher(page);
        assertThat(own.results().map(found -> found.group(1)).toList())
                .hasSizeGreaterThan(5)
                .allSatisfy(file -> assertThat(isThere(file)).as(file).isTrue());
    }

    private static boolean isThere(String file) {
        return loader().getResource("META-INF/resources/" + file) != null;
    }

    private static String text(String file) throws IOException {
        try (InputStream stream = loader().getResourceAsStream("META-INF/resources/" + file)) {
            assertThat(stream).as(file).isNotNull();
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static ClassLoader loader() {
        return Thread.currentThread().getContextClassLoader();
    }
}
