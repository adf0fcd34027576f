package dev.roster.discovery.docker;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * Owns the thread {@code docker-events}, which reads one subscription until it ends and then ends itself; it is not
 * restarted, a new subscription is a new stream. Whoever opened it hears of relevant events and of the loss, both on that
 * thread, and of nothing once it was closed.
 */
final class EventStream implements AutoCloseable {

    private static final Duration END_WITHIN = Duration.ofMillis(300);

    private final EventFeed feed;
    private final Thread thread;
    private volatile boolean closing;

    private EventStream(EventFeed feed, Consumer<Event> heard, Consumer<EngineFailure> lost) {
        this.feed = feed;
        this.thread = Thread.ofPlatform().name("docker-events").daemon().unstarted(() -> read(heard, lost));
    }

    /** Starts to read a subscription. */
    static EventStream reading(EventFeed feed, Consumer<Event> heard, Consumer<EngineFailure> lost) {
        EventStream stream = new EventStream(feed, heard, lost);
        stream.thread.start();
        return stream;
    }

    private void read(Consumer<Event> heard, Consumer<EngineFailure> lost) {
        EngineFailure why = feed.read(event -> {
            if (event.isRelevant() && !closing) {
                heard.accept(event);
            }
        });
        // Closing makes the read fail in one of several ways, none of which tells who closed.
        if (!closing) {
            lost.accept(why);
        }
    }

    /** Ends the subscription and the thread. */
    @Override
    public void close() {
        closing = true;
        feed.close();
        thread.interrupt();
        try {
            thread.join(END_WITHIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
