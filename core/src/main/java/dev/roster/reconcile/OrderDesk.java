package dev.roster.reconcile;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Where people's orders wait for the next pass, which alone talks to the coordinator. Thread-safe. */
public final class OrderDesk {

    private final List<Waiting> queue = new ArrayList<>();
    private boolean closed;

    /** An order and whom to tell. */
    record Waiting(Order order, CompletableFuture<OrderAnswer> answer) {}

    /**
     * Hands in an order.
     *
     * @return completed by the next pass, with its answer, unless it was cancelled before; exceptionally with {@link CoordinatorUnavailable} if the
     *     coordinator could not be asked, or with {@link IllegalStateException} once closed
     */
    public CompletableFuture<OrderAnswer> submit(Order order) {
        CompletableFuture<OrderAnswer> answer = new CompletableFuture<>();
        synchronized (queue) {
            if (closed) {
                answer.completeExceptionally(new IllegalStateException("Roster is stopping"));
            } else {
                queue.add(new Waiting(order, answer));
            }
        }
        return answer;
    }

    List<Waiting> take() {
        synchronized (queue) {
            List<Waiting> all = List.copyOf(queue);
            queue.clear();
            return all;
        }
    }

    /** Tells everybody who waits that the coordinator could not be asked. */
    void fail(CoordinatorUnavailable e) {
        take().forEach(waiting -> waiting.answer().completeExceptionally(e));
    }

    /** Refuses whatever waits and whatever comes. */
    void close() {
        synchronized (queue) {
            closed = true;
        }
        take().forEach(waiting ->
                waiting.answer().completeExceptionally(new IllegalStateException("Roster is stopping")));
    }
}
