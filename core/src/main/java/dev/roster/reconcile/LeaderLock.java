package dev.roster.reconcile;

import java.util.Optional;

/**
 * The lock that one Roster of a database holds. Safety does not rest on it (law 6); it keeps two of them from doing the same
 * work. All methods return within the connect timeout.
 */
public interface LeaderLock extends AutoCloseable {

    /**
     * Takes the lock if it is free, or tells that it is still held.
     *
     * @return whether this process holds it now
     */
    boolean tryAcquire();

    /** Whether the lock is held as far as this process knows without asking anybody. */
    boolean isHeld();

    /** Who holds it, in words, such as {@code roster-7c9f on 10.0.0.7 since 18:02}; empty if unknown or nobody. */
    Optional<String> holder();

    /** Releases the lock and its session. */
    @Override
    void close();
}
