package dev.roster.app.engine;

import dev.roster.citus.SecretUnreadable;
import io.agroal.api.AgroalDataSource;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * The pool, with its one fault mended that callers do not expect: what goes wrong while the password is read comes out of it
 * as an unchecked exception. Thread-safe.
 *
 * @param pool the pool
 */
record PooledConnections(AgroalDataSource pool) implements DataSource {

    @Override
    public Connection getConnection() throws SQLException {
        try {
            return pool.getConnection();
        } catch (UncheckedIOException e) {
            throw new SecretUnreadable(e);
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return pool.getConnection(user, password);
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return pool.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        pool.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        pool.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return pool.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("io.agroal.pool");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return pool.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return pool.isWrapperFor(type);
    }
}
