package dev.roster.discovery.docker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.dockerjava.transport.DockerHttpClient.Response;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** An open answer to {@code GET /events}. Read by one thread; closed from any, which ends a read under way. */
final class EventFeed implements AutoCloseable {

    private final EngineAddress engine;
    private final Response response;
    private final ObjectMapper json;

    EventFeed(EngineAddress engine, Response response, ObjectMapper json) {
        this.engine = engine;
        this.response = response;
        this.json = json;
    }

    /** Takes each event as it comes. */
    @FunctionalInterface
    interface Listener {
        void heard(Event event);
    }

    /**
     * Reads until the stream ends, which a healthy engine's never does.
     *
     * @return why it ended; never a success
     */
    EngineFailure read(Listener listener) {
        try (MappingIterator<JsonNode> events = json.readerFor(JsonNode.class).readValues(response.getBody())) {
            while (events.hasNextValue()) {
                listener.heard(Event.of(events.nextValue()));
            }
            return lost("it was closed by the other side", null);
        } catch (JsonProcessingException e) {
            return FailureWords.nonsense(engine, "/events", e);
        } catch (IOException | RuntimeException e) {
            return lost(String.valueOf(e.getMessage()), e);
        }
    }

    private EngineFailure lost(String how, @Nullable Throwable cause) {
        String sentence = "The event stream of the Docker engine at " + engine + " broke (" + how
                + "); the engine may be restarting, and Roster subscribes again";
        return cause == null ? new EngineFailure(sentence) : new EngineFailure(sentence, cause);
    }

    @Override
    public void close() {
        response.close();
    }
}
