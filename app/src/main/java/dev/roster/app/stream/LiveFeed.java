package dev.roster.app.stream;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.PassResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the engine on behalf of everybody who listens, and tells each what it does not have yet. While nobody listens it
 * does nothing.
 *
 * <p>Owns the thread {@code stream}: {@link #follow} makes it, {@link #close} ends it, and only it looks. All methods may be
 * called from any thread and never wait for the coordinator.
 */
public final class LiveFeed implements EngineListener, AutoCloseable {

    /** The most clients at a time. */
    static final int MOST_CLIENTS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration GLANCE = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final Duration heartbeat;
    private final Duration glance;
    private final String epoch = UUID.randomUUID().toString().substring(0, 8);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // The lock guards these.
    private final Set<Listening> clients = new HashSet<>();
    private @Nullable Thread thread;
    private @Nullable EventLog log;
    private boolean passEnded;
    private boolean fresh;
    private boolean closed;

    /** A feed that beats every 15 s and looks at the sources' health every second. */
    public LiveFeed() {
        this(HEARTBEAT, GLANCE);
    }

    LiveFeed(Duration heartbeat, Duration glance) {
        this.heartbeat = heartbeat;
        this.glance = glance;
    }

    /** Makes the thread, once. */
    void follow(Watched watched) {
        lock.lock();
        try {
            if (thread == null && !closed) {
                EventLog told = new EventLog(watched::journalText);
                log = told;
                thread = Thread.ofPlatform().name("stream").daemon().start(() -> new Looking(watched, told).repeat());
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void passEnded(PassResult result) {
        lock.lock();
        try {
            passEnded = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A new client.
     *
     * @param lastEventId the id of the last event it received, if it returns
     * @return empty if there are {@value #MOST_CLIENTS} already
     */
    Optional<Listening> join(Optional<String> lastEventId) {
        lock.lock();
        try {
            if (clients.size() >= MOST_CLIENTS) {
                return Optional.empty();
            }
            Listening client = new Listening(lastEventId.flatMap(this::position).orElse(Position.START));
            if (clients.isEmpty()) {
                fresh = false; // nothing was looked at while nobody listened
                changed.signalAll();
            }
            clients.add(client);
            return Optional.of(client);
        } finally {
            lock.unlock();
        }
    }

    void leave(Listening client) {
        lock.lock();
        try {
            clients.remove(client);
        } finally {
            lock.unlock();
        }
    }

    /** How many listen. */
    public int clients() {
        lock.lock();
        try {
            return clients.size();
        } finally {
            lock.unlock();
        }
    }

    /** The next event for this client, as soon as there is one. */
    CompletableFuture<StreamEvent> next(Listening client) {
        CompletableFuture<StreamEvent> answer = new CompletableFuture<>();
        lock.lock();
        try {
            client.await(answer);
        } finally {
            lock.unlock();
        }
        serve(client, false);
        return answer;
    }

    /** How a client that has everything up to this number names it when it returns. */
    String id(long number) {
        return epoch + "-" + number;
    }

    /** Ends all streams and the thread, at once unless the coordinator is being asked just then. May be called twice. */
    @Override
    public void close() {
        Thread running;
        lock.lock();
        try {
            closed = true;
            running = thread;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        wakeAll();
        if (running != null && running != Thread.currentThread()) {
            try {
                running.interrupt();
                boolean _ = running.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Optional<Position> position(String lastEventId) {
        String mine = epoch + "-";
        if (log == null || !lastEventId.startsWith(mine)) {
            return Optional.empty();
        }
        try {
            return log.resume(Long.parseLong(lastEventId.substring(mine.length())));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private void wakeAll() {
        everybody().forEach(client -> serve(client, false));
    }

    private void beat() {
        everybody().forEach(client -> serve(client, true));
    }

    /** Answers a client that waits, if there is something to tell. Outside the lock, since it runs what the client does with it. */
    private void serve(Listening client, boolean beat) {
        Optional<Runnable> answer;
        lock.lock();
        try {
            answer = client.answer(eventFor(client, beat));
        } finally {
            lock.unlock();
        }
        answer.ifPresent(Runnable::run);
    }

    private Supplier<Optional<StreamEvent>> eventFor(Listening client, boolean beat) {
        return () -> {
            if (closed) {
                return Optional.of(new StreamEvent.End());
            }
            Optional<StreamEvent> told = log == null || !fresh ? Optional.empty() : client.step(log);
            return told.isEmpty() && beat ? Optional.of(new StreamEvent.Heartbeat()) : told;
        };
    }

    private List<Listening> everybody() {
        lock.lock();
        try {
            return new ArrayList<>(clients);
        } finally {
            lock.unlock();
        }
    }

    /** What the thread does. */
    private final class Looking {

        private final Watched watched;
        private final EventLog log;
        private final JournalReading journal;
        private @Nullable Object health;
        private long lastBeat = System.nanoTime();

        Looking(Watched watched, EventLog log) {
            this.watched = watched;
            this.log = log;
            this.journal = new JournalReading(watched::journal);
        }

        void repeat() {
            try {
                while (awaitTurn()) {
                    oneTurn();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Waits for a pass, a first client, or the next glance. Whether to go on. */
        private boolean awaitTurn() throws InterruptedException {
            lock.lock();
            try {
                long left = glance.toNanos();
                while (!closed && (clients.isEmpty() || (fresh && !passEnded && left > 0))) {
                    if (clients.isEmpty()) {
                        changed.await();
                    } else {
                        left = changed.awaitNanos(left);
                    }
                }
                return !closed;
            } finally {
                lock.unlock();
            }
        }

        private void oneTurn() {
            try {
                look();
            } catch (RuntimeException e) {
                LOG.error("The stream lost a turn on a fault of the program; it goes on. Please report this", e);
            }
            if (System.nanoTime() - lastBeat >= heartbeat.toNanos()) {
                lastBeat = System.nanoTime();
                beat();
            }
        }

        private void look() {
            boolean afterPass = takePass();
            Object healthNow = watched.sourceHealth();
            boolean otherHealth = !healthNow.equals(health);
            health = healthNow;
            if (afterPass || otherHealth) {
                for (Kind kind : Kind.ALL) {
                    String text = watched.view(kind);
                    tell(() -> log.view(kind, text, kind.isSentAfterEveryPass()));
                }
                wakeAll();
            }
            if (afterPass) {
                readJournal();
                tell(() -> fresh = true);
                wakeAll();
            }
        }

        /** Whether a pass ended since the last look, or nobody looked for a while. */
        private boolean takePass() {
            lock.lock();
            try {
                boolean due = passEnded || !fresh;
                passEnded = false;
                return due;
            } finally {
                lock.unlock();
            }
        }

        private void readJournal() {
            if (!watched.coordinatorIsReached()) {
                return;
            }
            try {
                JournalReading.Read read = journal.read();
                tell(() -> {
                    if (!read.continued()) {
                        log.newJournal();
                    }
                    log.journal(read.entries());
                });
            } catch (CoordinatorUnavailable e) {
                LOG.debug("The stream could not read the journal; it tries again after the next pass", e);
            }
        }

        private void tell(Runnable what) {
            lock.lock();
            try {
                what.run();
            } finally {
                lock.unlock();
            }
        }
    }
}
