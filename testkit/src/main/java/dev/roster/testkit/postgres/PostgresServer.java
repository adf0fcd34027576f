package dev.roster.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * One real PostgreSQL server with a data directory of its own under the temporary folder, deleted when it is closed. It
 * ends with this JVM at the latest, also when the JVM is killed. Works as root and as an ordinary user.
 *
 * <p>Thread-safe: starting and ending are serialized.
 */
public final class PostgresServer implements AutoCloseable {

    private static final int ATTEMPTS = 5;
    private static final long START_SECONDS = 60;
    private static final Set<PostgresServer> LIVE = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(() -> LIVE.parallelStream().forEach(PostgresServer::endAtOnce), "postgres-end"));
    }

    private final Path folder;
    private final PowerlessUser user;
    private final Watchdog watchdog;
    private volatile PostgresOptions options;
    private volatile int port;
    private @Nullable Process postmaster;
    private boolean closed;

    private PostgresServer(PostgresOptions options) throws IOException {
        this.options = options;
        this.folder = Files.createTempDirectory("roster-pg-");
        // Another user must be able to enter where the server runs as nobody; the data directory itself is private.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        this.user = PowerlessUser.writing(folder);
        this.watchdog = new Watchdog(folder);
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
                server.initialize();
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
            copy.takeData(source);
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
            delete(folder.resolve("data"));
            takeData(source);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot restore " + folder, e);
        } finally {
            if (ran) {
                source.start();
            }
        }
    }

    private void takeData(PostgresServer source) throws IOException {
        Process copying = new ProcessBuilder(
                        "cp", "-a", source.folder.resolve("data").toString(), folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (copying.waitFor() != 0) {
                throw new IllegalStateException("cannot copy " + source.folder);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while data was copied", e);
        }
        Files.deleteIfExists(folder.resolve("data/postmaster.pid"));
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
        return folder;
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
                port = freePort();
            }
            try {
                launch();
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
        try {
            Files.writeString(
                    folder.resolve("data/postgresql.auto.conf"),
                    "primary_conninfo = 'host=%s port=%d user=%s'\n"
                            .formatted(primary.host(), primary.port(), primary.user()),
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot configure " + folder, e);
        }
        writeFile("data/standby.signal", "");
        start();
    }

    /** Starts it as a restore does that ends where its own WAL ends: writable, on a timeline of its own. */
    public synchronized void startAsRestored() {
        stop();
        try {
            Files.writeString(
                    folder.resolve("data/postgresql.auto.conf"),
                    "restore_command = 'false'\n",
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot configure " + folder, e);
        }
        writeFile("data/recovery.signal", "");
        start();
    }

    /**
     * Writes a file below {@link #folder()} that only the server may read, such as a key.
     *
     * @param name its path from there
     */
    public void writeFile(String name, String content) {
        Path file = folder.resolve(name);
        try {
            Files.writeString(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            Files.setOwner(file, Files.getOwner(folder));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
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
            delete(folder.resolve("data"));
            initialize();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot empty " + folder, e);
        }
        start();
    }

    /** What it wrote to its log. */
    public String log() {
        try {
            return Files.readString(folder.resolve("server.log"));
        } catch (IOException e) {
            return "";
        }
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

    private void endAtOnce() {
        if (isRunning()) {
            signalAll("CONT");
        }
        end("QUIT");
        try {
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }

    private void initialize() throws IOException {
        List<String> words = new ArrayList<>(List.of(
                options.binaries().bin().resolve("initdb").toString(),
                "--pgdata=" + folder.resolve("data"),
                "--username=" + options.user(),
                "--auth=" + (options.password().isPresent() ? "scram-sha-256" : "trust"),
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions"));
        Path secret = folder.resolve("password");
        if (options.password().isPresent()) {
            Files.writeString(secret, options.password().get());
            words.add("--pwfile=" + secret);
        }
        Process initdb = spawn(words);
        try {
            if (initdb.waitFor() != 0) {
                throw new IllegalStateException("initdb failed in " + folder + ": " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while initdb ran", e);
        } finally {
            Files.deleteIfExists(secret);
        }
        configure();
    }

    private void configure() throws IOException {
        String method = options.password().isPresent() ? "scram-sha-256" : "trust";
        Files.writeString(
                folder.resolve("data/pg_hba.conf"),
                "local all all " + method + "\nhost all all all " + method + "\nhost replication all all " + method
                        + "\n");
        String settings = options.settings().entrySet().stream()
                .map(entry -> entry.getKey() + " = '" + entry.getValue().replace("'", "''") + "'\n")
                .sorted()
                .collect(Collectors.joining());
        Files.writeString(folder.resolve("data/postgresql.auto.conf"), """
                unix_socket_directories = ''
                fsync = 'off'
                shared_buffers = '16MB'
                max_connections = '100'
                max_prepared_transactions = '100'
                wal_level = 'logical'
                logging_collector = 'off'
                """ + settings);
    }

    private void launch() throws IOException {
        Files.deleteIfExists(folder.resolve("server.log"));
        Process started = spawn(List.of(
                options.binaries().bin().resolve("postgres").toString(),
                "-D",
                folder.resolve("data").toString(),
                "-c",
                "listen_addresses=" + options.listen(),
                "-c",
                "port=" + port));
        postmaster = started;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!isReady(started)) {
            if (!started.isAlive() || System.nanoTime() - deadline > 0) {
                end("KILL");
                throw new IllegalStateException("PostgreSQL did not start in " + folder + ": " + log());
            }
            pauseFor(started, 10);
        }
    }

    /** The eighth line of {@code postmaster.pid} tells it, as {@code pg_ctl start -w} knows (PostgreSQL, pidfile.h). */
    private boolean isReady(Process started) {
        try {
            List<String> lines = Files.readAllLines(folder.resolve("data/postmaster.pid"));
            return lines.size() >= 8
                    && lines.get(0).strip().equals(Long.toString(started.pid()))
                    && (lines.get(7).startsWith("ready") || lines.get(7).startsWith("standby"));
        } catch (IOException e) {
            return false;
        }
    }

    private Process spawn(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(options.prefix());
        command.addAll(user.command(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("server.log").toFile()));
        // A caller's PGPORT, PGDATA or LC_ALL must not reach the server.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        // libpq in the server looks for certificates and passwords in the home folder, which it must be able to enter.
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(options.environment());
        return builder.start();
    }

    private void end(String signal) {
        Process ending = postmaster;
        if (ending == null) {
            return;
        }
        List<ProcessHandle> children = ending.descendants().toList();
        if (ending.isAlive()) {
            signal(signal, List.of(ending.pid()));
            try {
                ending.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                ending.destroyForcibly();
            }
        }
        // After a kill its children notice by themselves, but a busy one only at its next breath.
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().join());
        postmaster = null;
    }

    private void signalAll(String signal) {
        Process running = postmaster;
        if (running != null && running.isAlive()) {
            List<Long> pids = new ArrayList<>(List.of(running.pid()));
            running.descendants().map(ProcessHandle::pid).forEach(pids::add);
            signal(signal, pids);
        }
    }

    /** By the shell, whose {@code kill} is built in: Java knows only TERM and KILL. */
    private static void signal(String signal, List<Long> pids) {
        String targets = pids.stream().map(Object::toString).collect(Collectors.joining(" "));
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + targets)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + signal, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pauseFor(Process process, long millis) {
        try {
            process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL started", e);
        }
    }

    private int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host()))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + host(), e);
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException trouble) throws IOException {
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
