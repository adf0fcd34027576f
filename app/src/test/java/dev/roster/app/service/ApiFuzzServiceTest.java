package dev.roster.app.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request.Method;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.app.api.Described;
import dev.roster.app.engine.RosterEngine;
import dev.roster.app.service.RawHttp.Answer;
import dev.roster.app.service.WildRequests.Wild;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Requests that nobody means well, sent to the service on real PostgreSQL and held against its own description. The seed is
 * printed; {@code -Dfuzz.seed} gives one, {@code -Dfuzz.requests} how many requests each test sends.
 */
@QuarkusTest
@TestProfile(ApiFuzzServiceTest.WithToken.class)
@QuarkusTestResource(value = StandInCluster.class, restrictToAnnotatedClass = true)
class ApiFuzzServiceTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RIGHT = "Bearer right-token";
    private static final List<String> NOBODY = List.of(
            "",
            "Bearer wrong-token",
            "Bearer ",
            "Bearer right-token2",
            "right-token",
            "Basic cmlnaHQtdG9rZW46",
            "Bearer right-token, Bearer right-token",
            "Bearer RIGHT-TOKEN",
            "Bearer " + "a".repeat(5_000));

    private static final long SEED = Long.getLong("fuzz.seed", System.nanoTime() & 0xffff_ffffL);
    private static final int REQUESTS = Integer.getInteger("fuzz.requests", 400);

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // the test framework sets it
    URI server;

    @Inject
    RosterEngine engine;

    private final List<String> faults = new ArrayList<>();

    /** Orders need a token. */
    public static final class WithToken implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("roster.api.token", "right-token");
        }
    }

    @BeforeEach
    void everybodyIsAMember() {
        System.out.println("API fuzz: -Dfuzz.seed=" + SEED + " -Dfuzz.requests=" + REQUESTS);
        await().atMost(Duration.ofMinutes(2)).until(() -> {
            if (!engine.isReady()) {
                return false;
            }
            takeBackEverything();
            return StandInCluster.query("SELECT count(*) FROM roster.member").equals("2")
                    && StandInCluster.query("SELECT count(*) FROM roster.intent")
                            .equals("0");
        });
    }

    @Test
    void withoutTheTokenNothingChangesAndNothingBreaks() throws Exception {
        OpenApiInteractionValidator described = described();
        WildRequests wild = new WildRequests(SEED, operations(), workers());
        String before = state();

        for (int i = 0; i < REQUESTS; i++) {
            Wild request = wild.next(NOBODY, i % 3 == 0);
            Answer answer = new RawHttp(server).send(request.bytes());
            check(described, request, answer);
            if (!request.method().matches("GET|HEAD") && answer.status() / 100 == 2) {
                faults.add("taken without a token: " + request + "\n" + answer);
            }
        }

        assertThat(faults).as("seed %d", SEED).isEmpty();
        assertThat(state()).as("seed %d", SEED).isEqualTo(before);
    }

    @Test
    void withTheTokenNothingBreaksAndWhatIsRefusedChangesNothing() throws Exception {
        OpenApiInteractionValidator described = described();
        WildRequests wild = new WildRequests(SEED, operations(), workers());
        Map<Integer, Integer> statuses = new TreeMap<>();
        String before = state();

        for (int i = 0; i < REQUESTS; i++) {
            Wild request = wild.next(List.of(RIGHT), i % 5 == 0);
            Answer answer = new RawHttp(server).send(request.bytes());
            statuses.merge(answer.status(), 1, Integer::sum);
            check(described, request, answer);
            boolean mayChange = answer.status() / 100 == 2 && !request.method().matches("GET|HEAD");
            if (mayChange) {
                before = settled();
            } else if (!state().equals(before)) {
                faults.add("refused and changed all the same: " + request + "\n" + answer);
                before = settled();
            }
        }

        System.out.println("API fuzz: answers by status " + statuses);
        assertThat(faults).as("seed %d", SEED).isEmpty();
        assertThat(statuses.keySet()).as("the requests reach far enough").contains(200, 400, 404, 405);
    }

    /** What an earlier test was allowed to order; a server that was removed joins again then. */
    private void takeBackEverything() throws IOException {
        for (JsonNode order : get("/api/v1/orders").path("orders")) {
            String path = order.path("kind").asText().equals("rebalance")
                    ? "/api/v1/rebalance"
                    : "/api/v1/workers/" + order.path("node").asText() + "/order";
            String request = "DELETE " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: "
                    + RIGHT + "\r\nContent-Length: 0\r\n\r\n";
            new RawHttp(server).send(request.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void check(OpenApiInteractionValidator described, Wild request, Answer answer) throws IOException {
        if (answer.status() >= 500 || answer.status() == 0) {
            faults.add("broke it (" + answer.status() + "): " + request + "\n" + answer);
        }
        if (answer.body().matches("(?s).*(\tat |Exception|dev\\.roster\\.|org\\.jboss|io\\.quarkus).*")) {
            faults.add("told of its inside: " + request + "\n" + answer);
        }
        if (answer.status() == 415 && request.method().matches("GET|HEAD")) {
            faults.add("asked what type an absent body has: " + request + "\n" + answer);
        }
        String path = request.target().replaceAll("\\?.*", "");
        boolean ours = path.startsWith("/api/v1/") && !request.method().equals("HEAD") && !isNoHttp(answer);
        if (ours && answer.status() >= 400 && !answer.contentType().startsWith("application/problem+json")) {
            faults.add("no problem answer: " + request + "\n" + answer);
        }
        if (ours && request.method().matches("GET|POST|DELETE") && isDescribed(answer)) {
            SimpleResponse response = new SimpleResponse.Builder(answer.status())
                    .withContentType(answer.contentType())
                    .withBody(answer.body().getBytes(StandardCharsets.UTF_8))
                    .build();
            described.validateResponse(path, Method.valueOf(request.method()), response).getMessages().stream()
                    .filter(message -> !message.getKey().equals("validation.request.path.missing")
                            && !message.getKey().equals("validation.request.operation.notAllowed"))
                    .forEach(message -> faults.add("not as described: " + message + "\n" + request + "\n" + answer));
        }
    }

    /** What cannot be decoded is refused by Quarkus here; the packaged application has words for it (OddRequestsIT). */
    private static boolean isNoHttp(Answer answer) {
        return answer.status() == 400 && answer.body().isEmpty();
    }

    /** Of what is no request of this API at all, only that the answer is a problem is promised; a stream has no end. */
    private static boolean isDescribed(Answer answer) {
        return !List.of(404, 405, 406, 413, 415).contains(answer.status())
                && !answer.contentType().startsWith("text/event-stream");
    }

    private OpenApiInteractionValidator described() throws IOException {
        String text = new RawHttp(server)
                .send("GET /q/openapi HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII))
                .body();
        return Described.by(text);
    }

    private List<String> operations() throws IOException {
        return Described.operations(get("/q/openapi"));
    }

    private List<String> workers() throws IOException {
        return get("/api/v1/workers").findValuesAsText("address");
    }

    private JsonNode get(String path) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        return JSON.readTree(new RawHttp(server)
                .send(request.getBytes(StandardCharsets.US_ASCII))
                .body());
    }

    /** What an order could change. */
    private static String state() {
        return StandInCluster.query("""
                SELECT md5(concat_ws('/',
                    (SELECT string_agg(n::text, ',' ORDER BY nodeid) FROM pg_dist_node n),
                    (SELECT string_agg(i::text, ',' ORDER BY subject) FROM roster.intent i),
                    (SELECT string_agg(ROW(m.nodeid, m.host, m.port, m.origin)::text, ',' ORDER BY nodeid) FROM roster.member m),
                    (SELECT string_agg(t::text, ',' ORDER BY nodeid) FROM roster.tombstone t),
                    (SELECT count(*) FROM roster.journal)))""");
    }

    /** The state once what was accepted is carried out: the same for three seconds, which is three passes. */
    private static String settled() {
        List<String> last = new ArrayList<>();
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> {
                    last.add(state());
                    int size = last.size();
                    return size >= 3
                            && last.get(size - 1).equals(last.get(size - 2))
                            && last.get(size - 2).equals(last.get(size - 3));
                });
        return last.getLast();
    }
}
