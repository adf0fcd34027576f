package dev.roster.reconcile;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The lock of one database, for several holders in one process. Make one {@link Database} and a lock for each Roster; a test
 * takes the lock away with {@link Database#terminateHolder}.
 */
public final class FakeLeaderLock implements LeaderLock {

    /** Where the lock lives. */
    public static final class Database {
        private @Nullable FakeLeaderLock holder;

        /** Ends the holder's session; who asks next gets the lock. */
        public synchronized void terminateHolder() {
            holder = null;
        }
    }

    private final Database database;
    private final String name;

    /** A lock that nobody contends for. */
    public FakeLeaderLock() {
        this(new Database(), "roster-1");
    }

    /** One Roster's hand on the lock of a database. */
    public FakeLeaderLock(Database database, String name) {
        this.database = database;
        this.name = name;
    }

    @Override
    public boolean tryAcquire() {
        synchronized (database) {
            if (database.holder == null) {
                database.holder = this;
            }
            return database.holder == this;
        }
    }

    @Override
    public boolean isHeld() {
        synchronized (database) {
            return database.holder == this;
        }
    }

    @Override
    public Optional<String> holder() {
        synchronized (database) {
            return Optional.ofNullable(database.holder).map(holder -> holder.name);
        }
    }

    @Override
    public void close() {
        synchronized (database) {
            if (database.holder == this) {
                database.holder = null;
            }
        }
    }
}
