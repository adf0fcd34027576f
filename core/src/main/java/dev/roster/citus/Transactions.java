package dev.roster.citus;

import dev.roster.cluster.CoordinatorUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.sql.DataSource;

/**
 * Runs transactions on the coordinator with the session set-up of docs/citus.md section 1, all of it local to the transaction, so
 * that a pooled connection goes back as it came. Thread-safe.
 */
final class Transactions {

    /** What only reads should never take long; a coordinator that hangs must not hold up the loop for a minute. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(10);

    /** How much later than the server's own limit the driver gives up waiting for an answer. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** How soon the server notices in the middle of a statement that its client is gone. */
    private static final Duration CLIENT_CHECK = Duration.ofSeconds(2);

    private static final Executor AT_ONCE = Runnable::run;

    private final DataSource source;
    private final CoordinatorSettings.Limits limits;

    Transactions(DataSource source, CoordinatorSettings settings) {
        this.source = source;
        this.limits = settings.limits();
    }

    /** What happens in a transaction. */
    @FunctionalInterface
    interface Body<T> {
        T in(Session session) throws SQLException, CoordinatorUnavailable, RefusedException;
    }

    /** A transaction that changes something. Citus tries to connect twice, so each try gets half the limit. */
    <T> T change(Body<T> body) throws SQLException, CoordinatorUnavailable, RefusedException {
        return run(limits.statement(), limits.connect().dividedBy(2), body);
    }

    /** A transaction that only reads. */
    <T> T read(Body<T> body) throws SQLException, CoordinatorUnavailable, RefusedException {
        return run(shorter(limits.statement(), READ_LIMIT), limits.connect(), body);
    }

    /** A transaction that asks other servers, each for at most the probe's limit to connect and as long again to answer. */
    <T> T probe(Body<T> body) throws SQLException, CoordinatorUnavailable, RefusedException {
        return run(limits.probe().multipliedBy(2), limits.probe(), body);
    }

    /** A transaction that may take long: a person's own statements. */
    <T> T within(Duration limit, Body<T> body) throws SQLException, CoordinatorUnavailable, RefusedException {
        return run(limit, limits.connect(), body);
    }

    /**
     * Statements that Citus allows in no transaction, each with the limits of a change. Nothing is rolled back if one fails.
     */
    <T> T alone(Body<T> body) throws SQLException, CoordinatorUnavailable, RefusedException {
        try (Connection connection = source.getConnection()) {
            int timeoutBefore = connection.getNetworkTimeout();
            connection.setNetworkTimeout(
                    AT_ONCE, (int) limits.statement().plus(GRACE).toMillis());
            try {
                set(
                        connection,
                        "SET statement_timeout = %d; SET citus.node_connection_timeout = %d"
                                .formatted(
                                        limits.statement().toMillis(),
                                        limits.connect().dividedBy(2).toMillis()));
                return body.in(new Session(connection));
            } finally {
                reset(connection);
                restore(connection, timeoutBefore);
            }
        }
    }

    private static void set(Connection connection, String settings) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(settings);
        }
    }

    private static void reset(Connection connection) {
        try {
            if (!connection.isClosed()) {
                set(connection, "RESET statement_timeout; RESET citus.node_connection_timeout");
            }
        } catch (SQLException e) {
            // It broke; the pool notices by itself.
        }
    }

    private <T> T run(Duration statementLimit, Duration connectLimit, Body<T> body)
            throws SQLException, CoordinatorUnavailable, RefusedException {
        try (Connection connection = source.getConnection()) {
            int timeoutBefore = connection.getNetworkTimeout();
            connection.setNetworkTimeout(
                    AT_ONCE, (int) statementLimit.plus(GRACE).toMillis());
            connection.setAutoCommit(false);
            try {
                prepare(connection, statementLimit, connectLimit);
                T result = body.in(new Session(connection));
                connection.commit();
                return result;
            } catch (SQLException | CoordinatorUnavailable | RefusedException | RuntimeException e) {
                rollBack(connection, e);
                throw e;
            } finally {
                restore(connection, timeoutBefore);
            }
        }
    }

    private void prepare(Connection connection, Duration statementLimit, Duration connectLimit) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // No cached connections to workers: the connect limit has to hold for a worker that was paused since, too.
            // A Roster that was killed in the middle of a statement must not keep its locks to the end of that; servers
            // before 15 cannot look for that on every platform, and refuse the setting then.
            statement.execute("""
                    SET LOCAL statement_timeout = %d;
                    SET LOCAL lock_timeout = %d;
                    SET LOCAL idle_in_transaction_session_timeout = %d;
                    SET LOCAL citus.node_connection_timeout = %d;
                    SET LOCAL citus.max_cached_conns_per_worker = 0;
                    SET LOCAL client_min_messages = warning;
                    SET LOCAL search_path = '';
                    SELECT set_config('client_connection_check_interval', '%d', true)
                     WHERE current_setting('server_version_num')::int >= 150000""".formatted(
                            statementLimit.toMillis(),
                            limits.lock().toMillis(),
                            limits.statement().toMillis(),
                            connectLimit.toMillis(),
                            CLIENT_CHECK.toMillis()));
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static void rollBack(Connection connection, Exception reason) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            reason.addSuppressed(e);
        }
    }

    private static void restore(Connection connection, int timeoutBefore) {
        try {
            if (!connection.isClosed()) {
                connection.setAutoCommit(true);
                connection.setNetworkTimeout(AT_ONCE, timeoutBefore);
            }
        } catch (SQLException e) {
            // It broke; closing it is all that is left, and the pool notices by itself.
        }
    }
}
