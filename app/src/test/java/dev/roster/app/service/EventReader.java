package dev.roster.app.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A client of the stream that reads one event after the other, when the test asks for it. */
final class EventReader implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client;
    private final HttpResponse<InputStream> answer;
    private final BufferedReader lines;

    /**
     * What was received.
     *
     * @param id the event's id
     * @param name its name
     * @param data its data
     */
    record Event(String id, String name, JsonNode data) {}

    private EventReader(HttpClient client, HttpResponse<InputStream> answer) {
        this.client = client;
        this.answer = answer;
        this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
    }

    static EventReader open(URI server, Optional<String> lastEventId) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve("/api/v1/stream"));
        lastEventId.ifPresent(id -> request.header("Last-Event-ID", id));
        return new EventReader(client, client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()));
    }

    HttpResponse<InputStream> answer() {
        return answer;
    }

    /** The next event, skipping comments; null at the end of the stream. */
    @Nullable
    Event next() {
        String id = "";
        String name = "";
        StringBuilder data = new StringBuilder();
        try {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id:")) {
                    id = line.substring(3).strip();
                } else if (line.startsWith("event:")) {
                    name = line.substring(6).strip();
                } else if (line.startsWith("data:")) {
                    data.append(line.substring(5));
                } else if (line.isEmpty() && !name.isEmpty()) {
                    return new Event(id, name, JSON.readTree(data.toString()));
                }
            }
            return null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many events. */
    List<Event> next(int number) {
        List<Event> events = new ArrayList<>();
        while (events.size() < number) {
            Event event = next();
            if (event == null) {
                throw new IllegalStateException("the stream ended after " + events);
            }
            events.add(event);
        }
        return events;
    }

    /** The next event of this name. */
    Event next(String name) {
        while (true) {
            Event event = next(1).getFirst();
            if (event.name().equals(name)) {
                return event;
            }
        }
    }

    /** Leaves. */
    @Override
    public void close() {
        client.shutdownNow();
    }
}
