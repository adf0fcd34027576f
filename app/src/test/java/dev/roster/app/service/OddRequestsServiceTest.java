package dev.roster.app.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.app.api.Described;
import dev.roster.app.service.RawHttp.Answer;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that are odd and mean no harm, or not much. */
@QuarkusTest
@QuarkusTestResource(StandInCluster.class)
class OddRequestsServiceTest {

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // the test framework sets it
    URI server;

    private Asking asking = new Asking(URI.create("http://127.0.0.1"));

    @BeforeEach
    void everybodyIsAMember() {
        asking = new Asking(server);
        asking.awaitMembers();
    }

    @ParameterizedTest
    @ValueSource(strings = {";", "a/b/c", "garbage", "application/json; charset=nonsense", "text/plain"})
    void aGetDoesNotCareWhatTypeItsAbsentBodyHas(String type) throws Exception {
        for (String operation : Described.operations(asking.json("/q/openapi"))) {
            String path = operation.replaceFirst("^GET ", "");
            if (operation.startsWith("GET ") && !path.endsWith("/stream")) {
                assertThat(raw("GET", path, "Content-Type: " + type).status())
                        .as("%s with %s", path, type)
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void everyAnswerTellsTheTimeHere() throws Exception {
        String date = asking.get("/api/v1/status").headers().firstValue("Date").orElse("");

        assertThat(ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .isBetween(Instant.now().minusSeconds(60), Instant.now());
        assertThat(date).hasSize("Sun, 06 Nov 1994 08:49:37 GMT".length());
    }

    @Test
    void whoeverAsksForWhatIsNotThereMakesNoTimeSeries() throws Exception {
        asking.get("/api/v1/status");
        for (int i = 0; i < 150; i++) {
            raw("GET", "/random/" + i, "Accept: */*");
            raw("POST", "/random/" + i, "Accept: */*");
            raw("DELETE", "/api/v1/workers/pg-" + i + "/order", "Content-Type: text/plain");
            raw("FROB" + i, "/api/v1/status", "Accept: */*");
            raw("GET", "/%" + i + "zz", "Accept: */*");
        }

        List<String> series = asking.get("/q/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("http_server_requests_seconds_count"))
                .toList();

        assertThat(series)
                .anyMatch(line -> line.contains("uri=\"/api/v1/status\""))
                .anyMatch(line -> line.contains("method=\"DELETE\"")
                        && line.contains("status=\"415\"")
                        && line.contains("uri=\"/api/v1/workers/{name}/order\""))
                .anyMatch(line -> line.contains("method=\"OTHER\""))
                .anyMatch(line -> line.contains("method=\"POST\"") && line.contains("uri=\"OTHER\""))
                .anyMatch(line -> line.contains("method=\"GET\"") && line.contains("uri=\"NOT_FOUND\""))
                .noneMatch(line -> line.contains("random") || line.contains("FROB") || line.contains("pg-"));
    }

    private Answer raw(String method, String target, String header) throws IOException {
        String request = method + " " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" + header
                + "\r\nContent-Length: 0\r\n\r\n";
        return new RawHttp(server).send(request.getBytes(StandardCharsets.US_ASCII));
    }
}
