package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.reconcile.LeaderLock;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Leadership by one session-level advisory lock on the writable coordinator, held by a session of its own. That session sends
 * nothing while the lock is held; it only looks whether the server has closed it, since a lock whose holder dies in the middle
 * of a statement can stay held (docs/citus.md section 7). Never taken on a standby, where it would succeed too.
 *
 * <p>Thread-safe.
 */
public final class AdvisoryLeaderLock implements LeaderLock {

    /** Second half of the lock's key. */
    private static final int LEADER_LOCK = 1;

    /** The server gives up a vanished client after about half a minute, and the lock with it. */
    private static final String PREPARE = """
            SET tcp_keepalives_idle = 10;
            SET tcp_keepalives_interval = 5;
            SET tcp_keepalives_count = 4;
            SET idle_session_timeout = 0;
            SET search_path = '';
            LISTEN roster""";

    private static final String TRY = """
            SELECT json_build_object('pid', pg_backend_pid(),
                'held', CASE WHEN pg_is_in_recovery() THEN false ELSE pg_try_advisory_lock(?::int, ?::int) END)""";

    private static final String RELEASE = "SELECT pg_advisory_unlock(?::int, ?::int)::text";

    private static final String HOLDER = """
            SELECT json_build_object('name', a.application_name, 'from', coalesce(host(a.client_addr), 'a local socket'),
                                     'since', a.backend_start)
              FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a USING (pid)
             WHERE l.locktype = 'advisory' AND l.granted AND l.classid = ?::oid AND l.objid = ?::oid AND l.objsubid = 2
               AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
             LIMIT 1""";

    private static final DateTimeFormatter SINCE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

    private final SessionSource source;
    private final Duration limit;
    private @Nullable Connection session;
    private boolean held;
    private @Nullable String holder;

    /** Opens the lock's own session: not from a pool, with the application name that shall show who leads. */
    @FunctionalInterface
    public interface SessionSource {

        /**
         * Opens a connection to the writable coordinator.
         *
         * @throws SQLException if it cannot be had
         */
        Connection open() throws SQLException;
    }

    /**
     * A lock; connects to nothing yet.
     *
     * @param source opens its session
     * @param limit how long an answer may take
     */
    public AdvisoryLeaderLock(SessionSource source, Duration limit) {
        this.source = source;
        this.limit = limit;
    }

    @Override
    public synchronized boolean tryAcquire() {
        if (isHeld()) {
            return true;
        }
        try {
            Session asking = new Session(opened());
            JsonNode answer = asking.json(TRY, NodeCalls.LOCK_SPACE, LEADER_LOCK);
            if (isBehindPooler(asking, answer)) {
                drop();
                return false;
            }
            held = answer.path("held").asBoolean();
            holder = describe(asking.json(HOLDER, (long) NodeCalls.LOCK_SPACE, (long) LEADER_LOCK));
            return held;
        } catch (SQLException e) {
            drop();
            return false;
        }
    }

    @Override
    public synchronized boolean isHeld() {
        if (held && isBroken()) {
            drop();
        }
        return held;
    }

    @Override
    public synchronized Optional<String> holder() {
        return Optional.ofNullable(holder);
    }

    @Override
    public synchronized void close() {
        Connection known = session;
        if (known != null && isHeld()) {
            try {
                // The server frees the lock some time after the session is closed; the next leader shall not wait for
                // that.
                new Session(known).text(RELEASE, NodeCalls.LOCK_SPACE, LEADER_LOCK);
            } catch (SQLException e) {
                // It goes with the session.
            }
        }
        drop();
    }

    private Connection opened() throws SQLException {
        Connection known = session;
        if (known != null) {
            return known;
        }
        Connection fresh = source.open();
        session = fresh;
        fresh.setNetworkTimeout(Runnable::run, (int) limit.toMillis());
        fresh.setAutoCommit(true);
        try (Statement statement = fresh.createStatement()) {
            statement.execute(PREPARE);
        }
        return fresh;
    }

    /** A session lock taken through a pooler belongs to a session that others use too. */
    private static boolean isBehindPooler(Session session, JsonNode answer) throws SQLException {
        return answer.path("pid").asInt()
                != session.connection().unwrap(PGConnection.class).getBackendPID();
    }

    /** Looks whether the server has said anything, such as that it ends the session; sends nothing. */
    private boolean isBroken() {
        Connection known = session;
        if (known == null) {
            return true;
        }
        try {
            known.unwrap(PGConnection.class).getNotifications(1);
            return known.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    private void drop() {
        held = false;
        holder = null;
        Connection known = session;
        session = null;
        if (known != null) {
            try {
                known.close();
            } catch (SQLException e) {
                // It broke before it could be closed; the server frees the lock with the session.
            }
        }
    }

    private static @Nullable String describe(JsonNode holder) {
        return Json.text(holder, "name")
                .map(name -> (name.isBlank() ? "a session" : name) + " on " + Json.required(holder, "from") + " since "
                        + SINCE.format(Json.instant(Json.required(holder, "since"))))
                .orElse(null);
    }
}
