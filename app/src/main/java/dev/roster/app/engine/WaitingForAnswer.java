package dev.roster.app.engine;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.plan.OrderAnswer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for the answer to an order, and takes the order back if none comes.
 *
 * @param limit how long to wait
 */
record WaitingForAnswer(Duration limit) {

    OrderAnswer of(CompletableFuture<OrderAnswer> answer) throws CoordinatorUnavailable, OrderNotJudged {
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CoordinatorUnavailable unavailable) {
                throw unavailable;
            }
            throw new OrderNotJudged("The order was not taken, since Roster is ending", e);
        } catch (TimeoutException e) {
            answer.cancel(false);
            throw new OrderNotJudged(
                    "No pass judged the order within " + limit.toSeconds()
                            + " s, so it was taken back; look at the status, then order again",
                    e);
        } catch (InterruptedException e) {
            answer.cancel(false);
            Thread.currentThread().interrupt();
            throw new OrderNotJudged("The order was taken back since Roster is ending", e);
        }
    }
}
