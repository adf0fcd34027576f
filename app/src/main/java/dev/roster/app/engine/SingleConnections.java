package dev.roster.app.engine;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * Connections to the coordinator that are opened for one use and closed after it, for statements that may leave settings
 * behind. Thread-safe.
 *
 * @param connections opens them
 */
record SingleConnections(CoordinatorConnections connections) implements DataSource {

    @Override
    public Connection getConnection() throws SQLException {
        return connections.openSingle();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("Roster logs in as one role");
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return connections.pooled().getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        throw new SQLFeatureNotSupportedException("what happens is told by exceptions");
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        throw new SQLFeatureNotSupportedException("the login timeout is set for all connections alike");
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return connections.pooled().getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("org.postgresql");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
