package dev.roster.app.engine;

import dev.roster.reconcile.PassResult;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets a thread wait until a pass has ended that began after the thread asked for it. Thread-safe. */
final class FreshPass {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Instant latestBegan = Instant.MIN;
    private boolean closed;

    void ended(PassResult result) {
        lock.lock();
        try {
            latestBegan = result.startedAt();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for one that began at this time or later, for as long as patience lasts and the engine does. */
    void await(Instant asked, Duration patience) {
        lock.lock();
        try {
            long left = patience.toNanos();
            while (latestBegan.isBefore(asked) && !closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
