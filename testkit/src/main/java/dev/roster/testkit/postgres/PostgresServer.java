package dev.roster.testkit.postgres;

import dev.roster.testkit.ports.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One real PostgreSQL server with a data directory of its own under the temporary folder or, where the system property {@code
 * test.servers} names one, another; deleted when it is closed. It ends with this JVM at the latest, also when the JVM is killed. Works as root and as an ordinary user.
 *
 * <p>Thread-safe: starting and ending are serialized.
 */
public final class PostgresServer implements AutoCloseable {

    private static final int ATTEMPTS = 5;
    private static final Set<PostgresServer> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> LIVE.parallelStream().forEach(PostgresServer::endAtOnce), "postgres-end"));
    }

    private final ServerFolder folder;
    private final Watchdog watchdog;
    private volatile PostgresOptions options;
    private volatile int port;
    private @Nullable Postmaster postmaster;
    private boolean closed;

    private PostgresServer(PostgresOptions options) throws IOException {
        this.options = options;
        this.folder = new ServerFolder();
        this.watchdog = new Watchdog(folder.path());
        this.port = options.port();
        LIVE.add(this);
    }

    /**
     * Makes and starts a server.
     *
     * @throws IllegalStateException if it does not start; the message ends with the server's own words
     */
    public static PostgresServer start(PostgresOptions options) {
        try {
            PostgresServer server = new PostgresServer(options);
            try {
                server.folder.initialize(options);
                server.start();
                return server;
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a PostgreSQL server", e);
        }
    }

    /**
     * A server with a copy of another's data, on a port of its own, not started yet. The other is stopped while it is copied.
     */
    public static PostgresServer copyOf(PostgresServer source) {
        boolean ran = source.isRunning();
        source.stop();
        try {
            PostgresServer copy = new PostgresServer(source.options.onPort(0));
            copy.folder.takeDataOf(source.folder);
            return copy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy " + source.folder, e);
        } finally {
            if (ran) {
                source.start();
            }
        }
    }

    /** A running standby of another server that replicates from it, on a port of its own. */
    public static PostgresServer standbyOf(PostgresServer primary) {
        PostgresServer standby = copyOf(primary);
        standby.startAsStandbyOf(primary);
        return standby;
    }

    /** Stops it and gives it a copy of another's data instead of its own; it is started by the caller. */
    public synchronized void restoreFrom(PostgresServer source) {
        stop();
        boolean ran = source.isRunning();
        source.stop();
        try {
            folder.deleteData();
            folder.takeDataOf(source.folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot restore " + folder, e);
        } finally {
            if (ran) {
                source.start();
            }
        }
    }

    public String host() {
        return options.listen().equals("*") ? "127.0.0.1" : options.listen();
    }

    /** Its port; the same until it moves. */
    public int port() {
        return port;
    }

    public String user() {
        return options.user();
    }

    /** Where its files are; the data directory is {@code data} below it. */
    public Path folder() {
        return folder.path();
    }

    public String jdbcUrl(String database) {
        String host = host().contains(":") ? "[" + host() + "]" : host();
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    /** Unpooled connections of its superuser. */
    public DataSource dataSource(String database) {
        return dataSource(database, options.password().orElse(""));
    }

    /** Unpooled connections of its superuser with this password. */
    public DataSource dataSource(String database, String password) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host()});
        source.setPortNumbers(new int[] {port});
        source.setDatabaseName(database);
        source.setUser(options.user());
        source.setPassword(password);
        return source;
    }

    /** Runs statements in the database {@code postgres}, each in a transaction of its own. */
    public void execute(String... statements) {
        executeIn("postgres", statements);
    }

    /** Runs statements, each in a transaction of its own. */
    public void executeIn(String database, String... statements) {
        try (Connection connection = dataSource(database).getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(jdbcUrl(database) + " refused: " + e.getMessage(), e);
        }
    }

    /** The first column of the first row as text, in the database {@code postgres}; empty text for NULL or no row. */
    public String query(String sql) {
        return queryIn("postgres", sql);
    }

    /** The first column of the first row as text; empty text for NULL or no row. */
    public String queryIn(String database, String sql) {
        try (Connection connection = dataSource(database).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            String value = rows.next() ? rows.getString(1) : null;
            return value == null ? "" : value;
        } catch (SQLException e) {
            throw new IllegalStateException(jdbcUrl(database) + " refused: " + e.getMessage(), e);
        }
    }

    /** Whether its process runs. */
    public synchronized boolean isRunning() {
        return postmaster != null && postmaster.isAlive();
    }

    /** Starts it on its port with its data; nothing to do if it runs. */
    public synchronized void start() {
        if (isRunning()) {
            return;
        }
        boolean anyPort = port == 0;
        for (int attempt = 1; ; attempt++) {
            if (anyPort) {
                port = FreePort.on(host());
            }
            try {
                postmaster = Postmaster.launch(folder, options, port);
                return;
            } catch (IllegalStateException e) {
                // Between finding a free port and taking it somebody else may have been faster.
                if (!anyPort || attempt == ATTEMPTS || !log().contains("Address already in use")) {
                    throw e;
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot start PostgreSQL in " + folder, e);
            }
        }
    }

    /** Ends it as an administrator would: open transactions are rolled back, the data stays. */
    public synchronized void stop() {
        end("INT");
    }

    /** Ends it as a power cut would. The data stays; the next start recovers. */
    public synchronized void kill() {
        end("KILL");
    }

    /** Stops it and starts it again on the same port with the same data. */
    public synchronized void restart() {
        stop();
        start();
    }

    /**
     * Stops it and starts it again in recovery, as a standby that has no primary: it can be read but not written, until {@code
     * pg_promote()}.
     */
    public synchronized void restartAsStandby() {
        stop();
        writeFile("data/standby.signal", "");
        start();
    }

    /** Stops it and starts it as a standby that replicates from another server of the same data. */
    public synchronized void startAsStandbyOf(PostgresServer primary) {
        stop();
        folder.set("primary_conninfo = 'host=%s port=%d user=%s'"
                .formatted(primary.host(), primary.port(), primary.user()));
        writeFile("data/standby.signal", "");
        start();
    }

    /** Starts it as a restore does that ends where its own WAL ends: writable, on a timeline of its own. */
    public synchronized void startAsRestored() {
        stop();
        folder.set("restore_command = 'false'");
        writeFile("data/recovery.signal", "");
        start();
    }

    /**
     * Writes a file below {@link #folder()} that only the server may read, such as a key.
     *
     * @param name its path from there
     */
    public void writeFile(String name, String content) {
        folder.write(name, content);
    }

    /** Stops it and starts the same data at another address of this machine, as after a move to another host. */
    public synchronized void moveTo(String address, int newPort) {
        stop();
        options = options.listeningOn(address);
        port = newPort;
        start();
    }

    /** Freezes it: connections are still accepted by the kernel, but nothing is answered. */
    public synchronized void pause() {
        signalAll("STOP");
    }

    /** Ends a freeze. */
    public synchronized void resume() {
        signalAll("CONT");
    }

    /** Throws its data away and starts it again on the same port as a new, empty server with another identity. */
    public synchronized void wipe() {
        stop();
        try {
            folder.deleteData();
            folder.initialize(options);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + folder, e);
        }
        start();
    }

    /** What it wrote to its log. */
    public String log() {
        return folder.log();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        endAtOnce();
        try {
            watchdog.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot end the watchdog of " + folder, e);
        } finally {
            LIVE.remove(this);
        }
    }

    private synchronized void endAtOnce() {
        signalAll("CONT");
        end("QUIT");
        folder.delete();
    }

    private void end(String signal) {
        Postmaster ending = postmaster;
        if (ending != null) {
            ending.end(signal);
            postmaster = null;
        }
    }

    private void signalAll(String signal) {
        Postmaster running = postmaster;
        if (running != null) {
            running.signalAll(signal);
        }
    }
}
