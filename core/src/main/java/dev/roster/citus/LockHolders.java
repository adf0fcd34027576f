package dev.roster.citus;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.execute.Refusal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Who holds the lock that a transaction waits for. The server tells that only while it waits ({@code pg_blocking_pids}), so a
 * second session looks now and then; a transaction that is done before the first look costs nothing. Only the coordinator's
 * own locks are seen: what waits on a worker is not.
 *
 * <p>Owns the thread {@code lock-holders}, which alone writes what was seen; used by one other thread.
 */
final class LockHolders implements AutoCloseable {

    /** A query is shown up to its first text in quotes or dollars, which may be a secret or somebody's data. */
    private static final String HOLDER = """
            SELECT format('process %s of user %s (%s%s, %s since %s UTC): %s',
                       a.pid, coalesce(a.usename, 'nobody'),
                       CASE WHEN coalesce(a.application_name, '') = '' THEN 'no application name'
                            ELSE 'application ' || a.application_name END,
                       coalesce(' from ' || host(a.client_addr), ''),
                       coalesce(a.state, 'active'),
                       to_char(coalesce(a.xact_start, a.backend_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
                       coalesce(nullif(left(regexp_replace(regexp_replace(coalesce(a.query, ''),
                           '[''$].*', '...'), '\\s+', ' ', 'g'), 100), ''), 'no query'))
                   || CASE WHEN count(*) OVER () > 1 THEN ' and ' || count(*) OVER () - 1 || ' more' ELSE '' END
              FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids(?::int)) AS b(pid)
                   LEFT JOIN pg_catalog.pg_stat_activity a USING (pid)
             ORDER BY a.xact_start NULLS LAST LIMIT 1""";

    /** A wait gives time for several looks. */
    private static final int LOOKS_PER_WAIT = 4;

    private final Transactions transactions;
    private final int waiting;
    private final Duration between;
    private final CountDownLatch end = new CountDownLatch(1);
    private final Thread looking;
    private volatile @Nullable String seen;

    private LockHolders(Transactions transactions, int waiting, Duration between) {
        this.transactions = transactions;
        this.waiting = waiting;
        this.between = between;
        this.looking = Thread.ofVirtual().name("lock-holders").start(this::look);
    }

    /**
     * Begins to look from time to time.
     *
     * @param session the one that may have to wait
     * @param limit for how long it waits for a lock
     */
    static LockHolders of(Session session, Transactions transactions, Duration limit) throws SQLException {
        return new LockHolders(
                transactions,
                session.connection().unwrap(PGConnection.class).getBackendPID(),
                limit.dividedBy(LOOKS_PER_WAIT));
    }

    /** The refusal with the session that was waited for, if it was about a lock and one was seen. */
    Refusal named(Refusal refusal) {
        Optional<String> holder = Optional.ofNullable(seen);
        if (refusal.situation() != Refusal.Situation.LOCKED || holder.isEmpty()) {
            return refusal;
        }
        return new Refusal(
                refusal.situation(),
                refusal.sentence() + ": " + holder.get(),
                refusal.remedy(),
                refusal.sqlState(),
                refusal.culprit());
    }

    private void look() {
        try {
            while (!end.await(between.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<String> holder =
                        transactions.read(session -> Optional.ofNullable(session.text(HOLDER, waiting)));
                holder.ifPresent(each -> seen = each);
            }
        } catch (SQLException | CoordinatorUnavailable | RefusedException e) {
            // Then it is not named, and the refusal itself says what went wrong.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the looks; one under way ends within the limits of a read. */
    @Override
    public void close() {
        end.countDown();
        boolean interrupted = false;
        while (true) {
            try {
                looking.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
