package dev.roster.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.app.access.AccessRules.LocalProof;
import dev.roster.app.settings.ApiAccess;
import dev.roster.app.settings.ApiToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessRulesTest {

    private final Map<String, List<String>> headers = new TreeMap<>(
            Map.of("host", List.of("127.0.0.1:8080"), "content-type", List.of("application/json; charset=utf-8")));

    private boolean fromThisMachine = true;
    private ApiAccess access = new ApiAccess(new ApiToken.None(), false, Optional.empty());
    private LocalProof proof = new LocalProof.NotNeeded();

    @TempDir
    Path folder;

    @Test
    void withoutATokenThisMachineMayOrder() {
        assertThat(statusOf("POST")).isZero();
        assertThat(statusOf("DELETE")).isZero();
    }

    @Test
    void withoutATokenNobodyElseMay() {
        fromThisMachine = false;

        assertThat(statusOf("POST")).isEqualTo(403);
        assertThat(statusOf("GET")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:8080", "127.0.0.1", "127.9.9.9:1", "[::1]:8080", "[::1]"})
    void aLoopbackHostIsThisMachine(String host) {
        headers.put("host", List.of(host));

        assertThat(statusOf("POST")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "roster.example",
                "127.0.0.1.example",
                "127.example:8080",
                "localhost.example",
                "10.0.0.1",
                "0.0.0.0",
                "",
                "::1",
                "127.0.0.256",
                "[127.0.0.1"
            })
    void anyOtherHostMayBeANameThatSomebodyPointsHere(String host) {
        headers.put("host", List.of(host));

        assertThat(statusOf("POST")).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "origin",
                "forwarded",
                "via",
                "x-forwarded-for",
                "x-forwarded-proto",
                "sec-fetch-site",
                "sec-fetch-mode"
            })
    void withoutATokenNoWebPageAndNoProxyMay(String header) {
        headers.put(header, List.of("null"));

        assertThat(judge("POST")).hasValueSatisfying(refusal -> {
            assertThat(refusal.status()).isEqualTo(403);
            assertThat(refusal.sentence()).contains(header, "ROSTER_API_TOKEN");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/jsonp"})
    void withoutATokenOnlyJsonIsTaken(String type) {
        headers.put("content-type", List.of(type));
        assertThat(statusOf("POST")).isEqualTo(415);

        headers.remove("content-type");
        assertThat(statusOf("POST")).isEqualTo(415);
    }

    @ParameterizedTest
    @CsvSource({
        "Bearer s3cret, 0",
        "bearer  s3cret , 0",
        "Bearer s3cre, 401",
        "Bearer s3crets, 401",
        "Bearer , 401",
        "Basic s3cret, 401",
        "s3cret, 401"
    })
    void withATokenOnlyTheTokenCounts(String authorization, int status) {
        access = new ApiAccess(new ApiToken.Literal("s3cret"), false, Optional.empty());
        fromThisMachine = false;
        headers.put("origin", List.of("https://page.example"));
        headers.put("authorization", List.of(authorization));

        assertThat(statusOf("POST")).isEqualTo(status);
    }

    @Test
    void whoeverSendsNoTokenIsToldWhatToSend() {
        access = new ApiAccess(new ApiToken.Literal("s3cret"), false, Optional.empty());

        assertThat(judge("POST")).hasValueSatisfying(refusal -> {
            assertThat(refusal.sentence())
                    .contains("Authorization: Bearer <token>", "ROSTER_API_TOKEN")
                    .doesNotContain("s3cret");
            assertThat(refusal.challenge()).isEqualTo("Bearer realm=\"roster\"");
        });
    }

    @Test
    void readingMayNeedTheTokenTooButHealthNeverDoes() {
        access = new ApiAccess(new ApiToken.Literal("s3cret"), true, Optional.empty());

        assertThat(statusOf("GET")).isEqualTo(401);
        assertThat(statusOf("HEAD")).isEqualTo(401);
        assertThat(rules().judge(new Asked("GET", "/q/health/ready", false, headers)))
                .isEmpty();
        for (String file : List.of("/", "/index.html", "/dashboard/main.js", "/_static/lit/3.3.1/index.js")) {
            assertThat(rules().judge(new Asked("GET", file, false, headers)))
                    .as(file)
                    .isEmpty();
        }
        headers.put("authorization", List.of("Bearer s3cret"));
        assertThat(statusOf("GET")).isZero();
    }

    @Test
    void aTokenFileIsReadAnewForEachRequest() throws IOException {
        Path file = Files.writeString(folder.resolve("token"), " first \n");
        access = new ApiAccess(new ApiToken.InFile(file), false, Optional.empty());
        headers.put("authorization", List.of("Bearer first"));
        assertThat(statusOf("POST")).isZero();

        Files.writeString(file, "second\n");
        assertThat(statusOf("POST")).isEqualTo(401);

        Files.delete(file);
        assertThat(statusOf("POST")).isEqualTo(503);
    }

    @Test
    void whereHttpListensBeyondLoopbackTheStartUpTokenIsNeededToo() throws IOException {
        LocalTokenFile file = new LocalTokenFile(folder.resolve("start-up"));
        proof = new LocalProof.Token(file, file.write());
        assertThat(statusOf("POST")).isEqualTo(401);

        headers.put("authorization", List.of("Bearer " + file.read().orElseThrow()));
        assertThat(statusOf("POST")).isZero();

        fromThisMachine = false;
        assertThat(statusOf("POST")).isEqualTo(403);
    }

    @Test
    void onlyItsUserCanReadTheStartUpTokenAndEachStartMakesAnother() throws IOException {
        LocalTokenFile file = new LocalTokenFile(folder.resolve("start-up"));

        String first = file.write();
        String second = file.write();

        assertThat(second).hasSize(64).isNotEqualTo(first);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.path())))
                .isEqualTo("rw-------");
        file.delete();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aStartUpTokenThatCouldNotBeWrittenLetsNobodyIn() {
        proof = new LocalProof.Impossible(new LocalTokenFile(folder.resolve("start-up")));
        headers.put("authorization", List.of("Bearer "));

        assertThat(statusOf("POST")).isEqualTo(403);
    }

    private int statusOf(String method) {
        return judge(method).map(Refusal::status).orElse(0);
    }

    private Optional<Refusal> judge(String method) {
        return rules().judge(new Asked(method, "/api/v1/workers/w1/hold", fromThisMachine, headers));
    }

    private AccessRules rules() {
        return new AccessRules(access, proof);
    }
}
