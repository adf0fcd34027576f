package dev.roster.discovery;

/**
 * One source of workers. It owns its threads and connections, looks by itself at start, on its own events and at its own
 * interval, keeps the latest answer, and nudges the engine when it believes that something changed. Methods may be called
 * from any thread; {@link #start} and {@link #close} may be called twice or in the wrong order without harm.
 */
public interface WorkerDiscovery extends AutoCloseable {

    /**
     * Begins to look. Returns at once; a source that cannot connect keeps trying, with backoff and without a deadline.
     *
     * @param nudge called with a reason for the log whenever a new answer may matter, from any thread, never blocking
     */
    void start(Nudge nudge);

    /** The latest answer; {@link Sighting.Unavailable} until the first look ended. Never blocks. */
    Sighting sighting();

    /** How the source itself is. Never blocks. */
    SourceHealth health();

    /** Ends all threads and connections within a second. */
    @Override
    void close();

    /** Asks the engine for a pass. An event is a hint: it carries a reason for the log, never a state to trust. */
    @FunctionalInterface
    interface Nudge {
        /**
         * Asks.
         *
         * @param reason what happened, such as {@code worker-3 became healthy}
         */
        void nudge(String reason);
    }
}
