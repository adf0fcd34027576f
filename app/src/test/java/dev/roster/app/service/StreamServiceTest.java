package dev.roster.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.app.engine.RosterEngine;
import dev.roster.app.service.EventReader.Event;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The stream, read by a real HTTP client. */
@QuarkusTest
@QuarkusTestResource(StandInCluster.class)
class StreamServiceTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // the test framework sets it
    URI server;

    @Inject
    RosterEngine engine;

    private String worker = "";

    @BeforeEach
    void everybodyIsAMember() throws Exception {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> engine.isReady()
                        && json("/api/v1/workers").findValuesAsText("name").stream()
                                        .filter("member"::equals)
                                        .count()
                                == 2);
        worker = json("/api/v1/workers").at("/workers/0/address").asText();
    }

    @Test
    void whoConnectsIsToldEverything() throws Exception {
        try (EventReader reader = EventReader.open(server, Optional.empty())) {
            List<Event> events = reader.next(5);

            assertThat(reader.answer().headers().firstValue("Content-Type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
            assertThat(events).extracting(Event::name).containsExactly("status", "workers", "nodes", "plan", "journal");
            assertThat(events)
                    .extracting(Event::id)
                    .allSatisfy(id -> assertThat(id).matches("[0-9a-f]{8}-\\d+"));
            assertThat(events.get(0).data().path("ready").asBoolean()).isTrue();
            assertThat(events.get(1).data()).isEqualTo(json("/api/v1/workers"));
            assertThat(events.get(2).data()).isEqualTo(json("/api/v1/nodes"));
            assertThat(events.get(3).data().path("actions").isArray()).isTrue();
            assertThat(events.get(4).data()).isEqualTo(json("/api/v1/journal?limit=50"));
        }
    }

    @Test
    void everyPassTellsTheStatusAndNothingThatIsAsBefore() throws Exception {
        try (EventReader reader = EventReader.open(server, Optional.empty())) {
            reader.next(5);

            List<Event> later = reader.next(2);

            assertThat(later).extracting(Event::name).containsExactly("status", "status");
            assertThat(later.getLast().data().at("/lastPass/number").asLong())
                    .isGreaterThan(
                            later.getFirst().data().at("/lastPass/number").asLong());
        }
    }

    @Test
    void aChangeIsToldOnce() throws Exception {
        try (EventReader reader = EventReader.open(server, Optional.empty())) {
            JsonNode before = reader.next(5).getLast().data();

            order("POST", "{\"by\":\"operator\"}");

            assertThat(reader.next("workers").data().toString()).contains("\"kind\":\"hold\"");
            JsonNode entries = reader.next("journal").data().path("entries");
            assertThat(entries).hasSize(1);
            assertThat(entries.at("/0/actor").asText()).isEqualTo("operator");
            assertThat(entries.at("/0/id").asLong())
                    .isGreaterThan(before.at("/entries/0/id").asLong());
        } finally {
            order("DELETE", "{}");
        }
    }

    @Test
    void whoReturnsIsToldOnlyWhatWasMissed() throws Exception {
        String last;
        try (EventReader reader = EventReader.open(server, Optional.empty())) {
            last = reader.next(5).getLast().id();
        }
        order("POST", "{\"by\":\"first\"}");
        order("DELETE", "{\"by\":\"second\"}");
        await().until(() -> json("/api/v1/status").path("orders").isEmpty());

        try (EventReader reader = EventReader.open(server, Optional.of(last))) {
            List<String> actors = new ArrayList<>();
            while (actors.size() < 2) {
                Event event = reader.next(1).getFirst();
                event.data()
                        .path("entries")
                        .forEach(entry -> actors.add(entry.path("actor").asText()));
            }

            assertThat(actors).containsExactlyInAnyOrder("first", "second");
        }
    }

    @Test
    void whoWasCutWithinTheFullSetIsToldEverythingAnew() throws Exception {
        String last;
        try (EventReader reader = EventReader.open(server, Optional.empty())) {
            last = reader.next(3).getLast().id();
        }

        try (EventReader reader = EventReader.open(server, Optional.of(last))) {
            assertThat(reader.next(5))
                    .extracting(Event::name)
                    .containsExactly("status", "workers", "nodes", "plan", "journal");
        }
    }

    @Test
    void anIdOfAnotherProcessOrNonsenseGetsEverything() throws Exception {
        for (String id : List.of("00000000-7", "nonsense", "-", "7", "9".repeat(5000))) {
            try (EventReader reader = EventReader.open(server, Optional.of(id))) {
                assertThat(reader.next(5))
                        .as(id)
                        .extracting(Event::name)
                        .containsExactly("status", "workers", "nodes", "plan", "journal");
            }
        }
    }

    @Test
    void fiftyClientsAreToldTheSameAndAllAreForgottenWhenTheyLeave() throws Exception {
        List<EventReader> readers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            readers.add(EventReader.open(server, Optional.empty()));
        }
        for (EventReader reader : readers) {
            reader.next(5);
        }
        order("POST", "{\"by\":\"for all\"}");

        for (EventReader reader : readers) {
            assertThat(reader.next("journal").data().at("/entries/0/actor").asText())
                    .isEqualTo("for all");
        }
        readers.forEach(EventReader::close);
        order("DELETE", "{}");
        await().untilAsserted(() -> assertThat(text("/q/metrics")).contains("roster_stream_clients 0.0"));
    }

    @Test
    void aClientThatDoesNotReadHoldsUpNobody() throws Exception {
        try (Socket slow = new Socket(server.getHost(), server.getPort())) {
            slow.setReceiveBufferSize(1024);
            slow.getOutputStream()
                    .write("GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            try (EventReader reader = EventReader.open(server, Optional.empty())) {
                reader.next(8);
            }

            InputStream late = slow.getInputStream();
            assertThat(new String(late.readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
        }
    }

    private void order(String method, String body) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    HttpRequest.newBuilder(server.resolve("/api/v1/workers/" + worker + "/hold"))
                            .header("Content-Type", "application/json")
                            .method(method, HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
        }
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        return JSON.readTree(text(path));
    }

    private String text(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(server.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
