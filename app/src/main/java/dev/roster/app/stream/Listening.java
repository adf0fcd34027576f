package dev.roster.app.stream;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client: it asks for the next event when it has sent the one before, so nothing queues up for one that is slow. Guarded by
 * the feed's lock.
 */
final class Listening {

    private Position position;
    private @Nullable CompletableFuture<StreamEvent> waiting;

    Listening(Position position) {
        this.position = position;
    }

    /** Asks for the next event. */
    void await(CompletableFuture<StreamEvent> answer) {
        waiting = answer;
    }

    /** How to answer the client, to be run without the lock; empty if it does not wait or there is nothing to tell. */
    Optional<Runnable> answer(Supplier<Optional<StreamEvent>> next) {
        CompletableFuture<StreamEvent> asked = waiting;
        if (asked == null) {
            return Optional.empty();
        }
        return next.get().map(event -> {
            waiting = null;
            return () -> asked.complete(event);
        });
    }

    /** Moves on by one event; empty if it has everything. */
    Optional<StreamEvent> step(EventLog log) {
        Optional<EventLog.Step> step = log.after(position);
        step.ifPresent(taken -> position = taken.then());
        return step.map(EventLog.Step::event);
    }
}
