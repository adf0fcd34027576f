package dev.roster.testkit.docker;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An event stream of its own on which containers are heard to become healthy. Owns the thread of the stream. */
public final class HealthEvents implements AutoCloseable {

    private static final String HEALTHY = "health_status: healthy";

    private final ResultCallback.Adapter<Event> stream;

    private HealthEvents(ResultCallback.Adapter<Event> stream) {
        this.stream = stream;
    }

    /**
     * Listens to the whole engine.
     *
     * @param healthy told the container's name on the stream's thread, at the moment the event arrives
     */
    public static HealthEvents listen(Consumer<String> healthy) {
        ResultCallback.Adapter<Event> stream = new ResultCallback.Adapter<>() {
            @Override
            public void onNext(Event event) {
                if (HEALTHY.equals(event.getAction()) && event.getActor() != null) {
                    Map<String, String> attributes = event.getActor().getAttributes();
                    healthy.accept(attributes == null ? "" : attributes.getOrDefault("name", ""));
                }
            }
        };
        DockerEngine.client()
                .eventsCmd()
                .withEventTypeFilter(EventType.CONTAINER)
                .exec(stream);
        try {
            if (!stream.awaitStarted(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the engine's event stream did not begin within 10 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the event stream began", e);
        }
        return new HealthEvents(stream);
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
