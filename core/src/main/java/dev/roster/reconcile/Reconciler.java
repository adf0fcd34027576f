package dev.roster.reconcile;

import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats the pass: at once when nudged, and otherwise when the pass before said so, which is at most one interval later.
 * Nudges that come while a pass runs lead to one more pass.
 *
 * <p>Owns the thread {@code reconcile}: {@link #start} makes it, {@link #close} ends it, and only it runs passes. All methods
 * may be called from any thread, twice, or in the wrong order, without harm; once closed it does not start again.
 */
public final class Reconciler implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final Duration PATIENCE = Duration.ofMillis(700);
    private static final Duration LAST_PATIENCE = Duration.ofMillis(200);
    private static final Duration AFTER_A_FAULT = Duration.ofSeconds(10);

    private final Pass pass;
    private final InstantSource clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition nudged = lock.newCondition();

    private @Nullable Thread thread;
    private @Nullable String reason;
    private boolean closed;
    private volatile @Nullable PassResult latest;

    /**
     * @param pass what is repeated; nobody else may run it from now on
     * @param clock the same clock that the pass reads
     */
    public Reconciler(Pass pass, InstantSource clock) {
        this.pass = pass;
        this.clock = clock;
    }

    /** Makes the thread, which runs the first pass at once. */
    public void start() {
        lock.lock();
        try {
            if (thread == null && !closed) {
                thread = Thread.ofPlatform().name("reconcile").daemon().start(this::repeat);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Asks for a pass as soon as possible. Never blocks for longer than it takes to note the reason.
     *
     * @param why what happened, for the log
     */
    public void nudge(String why) {
        lock.lock();
        try {
            if (reason == null) {
                reason = why;
            }
            nudged.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Hands in a person's order and asks for a pass.
     *
     * @return completed when a pass has judged it, as {@link OrderDesk#submit} says
     */
    public CompletableFuture<OrderAnswer> order(Order order) {
        CompletableFuture<OrderAnswer> answer = pass.orders().submit(order);
        nudge("an order from " + order.by());
        return answer;
    }

    /** The last pass that ended; empty before the first did. */
    public Optional<PassResult> latest() {
        return Optional.ofNullable(latest);
    }

    /**
     * Ends the thread within a second. A transaction under way is given most of that time to end, and is not cut by an
     * interrupt; what is then still running on the coordinator ends or is undone there, and the next start reads it anew.
     */
    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            pass.stop();
            nudged.signalAll();
            running = thread;
        } finally {
            lock.unlock();
        }
        if (running != null && running != Thread.currentThread()) {
            end(running);
        }
    }

    private void end(Thread running) {
        try {
            if (!pass.isActing()) {
                running.interrupt();
            }
            if (running.join(PATIENCE)) {
                return;
            }
            running.interrupt();
            if (!running.join(LAST_PATIENCE)) {
                LOG.warn(
                        "A statement is still running on the coordinator; it ends or is undone there, and the next start reads"
                                + " the outcome");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void repeat() {
        LOG.info("Reconciling started");
        try {
            String why = "start";
            while (!isClosed()) {
                LOG.debug("Pass begins: {}", why);
                why = awaitTurn(onePass());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LOG.info("Reconciling ended");
    }

    /** Runs a pass and says when the next is due. */
    private Instant onePass() {
        try {
            PassResult result = pass.runOnce();
            latest = result;
            return result.nextBy();
        } catch (RuntimeException e) {
            LOG.error(
                    "A pass gave up on a fault of the program; the next one follows in {} s. Please report this",
                    AFTER_A_FAULT.toSeconds(),
                    e);
            return clock.instant().plus(AFTER_A_FAULT);
        }
    }

    private String awaitTurn(Instant due) throws InterruptedException {
        lock.lock();
        try {
            while (!closed && reason == null) {
                Duration left = Duration.between(clock.instant(), due);
                if (!left.isPositive()) {
                    return "due";
                }
                boolean _ = nudged.await(left.toMillis() + 1, TimeUnit.MILLISECONDS);
            }
            String why = reason == null ? "closing" : reason;
            reason = null;
            return why;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }
}
