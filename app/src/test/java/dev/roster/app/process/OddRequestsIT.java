package dev.roster.app.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.app.service.RawHttp;
import dev.roster.app.service.RawHttp.Answer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests that no client would send, to the packaged application. */
class OddRequestsIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void aPathThatCannotBeDecodedIsAProblemLikeEveryOther() throws Exception {
        Map<String, String> settings = Map.of(
                "CITUS_HOST", "127.0.0.1:1",
                "ROSTER_COORDINATOR_ADVERTISED", "127.0.0.1:1",
                "ROSTER_DISCOVERY", "static",
                "ROSTER_STATIC_WORKERS", "127.0.0.1:2",
                "ROSTER_READY_FILE", folder.resolve("ready").toString());
        try (RosterProcess roster = RosterProcess.start(folder, settings)) {
            RosterProcess.eventually().until(() -> !roster.get("/q/health/live").isEmpty());

            for (String line : List.of(
                    "GET /%zz",
                    "GET /api/v1/%",
                    "GET /api/v1/journal?node=%zz",
                    "GET /api/v1/workers|nodes",
                    "POST /api/v1/workers/%zz/drain",
                    "DELETE /api/v1/workers/%4/order")) {
                Answer answer = send(roster, line);

                assertThat(answer.status()).as(line).isEqualTo(400);
                assertThat(answer.contentType()).as(line).isEqualTo("application/problem+json");
                JsonNode problem = JSON.readTree(answer.body());
                assertThat(problem.path("status").asInt()).isEqualTo(400);
                assertThat(problem.path("detail").asText()).contains("cannot be decoded; ");
            }
            assertThat(send(roster, "GET /api/v1/statu%73").status()).isEqualTo(200);
            assertThat(roster.output()).doesNotContain("\tat ");
        }
    }

    private static Answer send(RosterProcess roster, String line) throws Exception {
        String request = line + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
        return new RawHttp(URI.create(roster.server())).send(request.getBytes(StandardCharsets.US_ASCII));
    }
}
