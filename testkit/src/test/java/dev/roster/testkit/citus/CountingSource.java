package dev.roster.testkit.citus;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Counts the prepared statements of its connections, which are all statements but BEGIN, COMMIT and SET; never closes one. */
final class CountingSource implements DataSource {

    private final Callable<Connection> source;
    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger statements = new AtomicInteger();
    private volatile @Nullable Connection last;

    CountingSource(DataSource source) {
        this(source::getConnection);
    }

    CountingSource(Callable<Connection> source) {
        this.source = source;
    }

    int statements() {
        return statements.get();
    }

    void reset() {
        statements.set(0);
    }

    Connection last() {
        return Objects.requireNonNull(last);
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            Connection kept = idle.poll();
            Connection real = kept == null ? source.call() : kept;
            last = real;
            return (Connection) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("prepareStatement")) {
                            statements.incrementAndGet();
                        }
                        if (method.getName().equals("close")) {
                            idle.add(real);
                            return null;
                        }
                        try {
                            return method.invoke(real, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause() == null ? e : e.getCause();
                        }
                    });
        } catch (SQLException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing of type " + type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
