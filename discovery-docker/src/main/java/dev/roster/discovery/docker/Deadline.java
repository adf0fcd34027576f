package dev.roster.discovery.docker;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs one call in a thread of its own and gives up on it when its time is over. docker-java ignores its own response
 * timeout on unix sockets (seen with 3.7.1), so a hanging engine would hold a caller for ever; an interrupt does end such a
 * call, and in a virtual thread it ends one over TCP too.
 */
final class Deadline {

    private Deadline() {}

    /**
     * Runs the call.
     *
     * @throws TimeoutException if it took too long; it has been interrupted
     * @throws InterruptedException if the caller was interrupted; so has the call been
     * @throws ExecutionException if the call itself failed
     */
    static <T> T within(Duration limit, Callable<T> call)
            throws TimeoutException, InterruptedException, ExecutionException {
        FutureTask<T> task = new FutureTask<>(call);
        Thread.ofVirtual().name("docker-call").start(task);
        try {
            return task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            task.cancel(true);
        }
    }
}
