package dev.roster.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The files of one server: its data, its log, and what a test puts beside them. Its owner is the user that the server runs as. */
final class ServerFolder {

    /** The system property that names another folder than the temporary one for the servers, such as one in memory. */
    private static final String PLACE = "test.servers";

    private final Path path;
    private final PowerlessUser user;

    /** Makes an empty one. */
    ServerFolder() throws IOException {
        this.path = Files.createTempDirectory(
                Path.of(System.getProperty(PLACE, System.getProperty("java.io.tmpdir"))), "roster-pg-");
        // Another user must be able to enter where the server runs as nobody; the data directory itself is private.
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        this.user = PowerlessUser.writing(path);
    }

    Path path() {
        return path;
    }

    Path data() {
        return path.resolve("data");
    }

    /** A command of PostgreSQL, to run here by the user that may write here; its output goes to the log. */
    ProcessBuilder command(PostgresOptions options, List<String> words) {
        List<String> command = new ArrayList<>(options.prefix());
        command.addAll(user.command(words));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(path.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        // A caller's PGPORT, PGDATA or LC_ALL must not reach the server.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
        // libpq in the server looks for certificates and passwords in the home folder, which it must be able to enter.
        builder.environment().put("HOME", path.toString());
        builder.environment().putAll(options.environment());
        return builder;
    }

    /** What the server wrote to its log; empty text if it has none. */
    String log() {
        try {
            return Files.readString(logFile());
        } catch (IOException e) {
            return "";
        }
    }

    void startLogAnew() throws IOException {
        Files.deleteIfExists(logFile());
    }

    private Path logFile() {
        return path.resolve("server.log");
    }

    /** Fills the data directory by {@code initdb}. */
    void initialize(PostgresOptions options) throws IOException {
        List<String> words = new ArrayList<>(List.of(
                options.binaries().bin().resolve("initdb").toString(),
                "--pgdata=" + data(),
                "--username=" + options.user(),
                "--auth=" + method(options),
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--no-instructions"));
        Path secret = path.resolve("password");
        if (options.password().isPresent()) {
            Files.writeString(secret, options.password().get());
            words.add("--pwfile=" + secret);
        }
        try {
            if (waitFor(command(options, words).start()) != 0) {
                throw new IllegalStateException("initdb failed in " + path + ": " + log());
            }
        } finally {
            Files.deleteIfExists(secret);
        }
        configure(options);
    }

    private void configure(PostgresOptions options) throws IOException {
        String method = method(options);
        Files.writeString(
                data().resolve("pg_hba.conf"),
                "local all all " + method + "\nhost all all all " + method + "\nhost replication all all " + method
                        + "\n");
        String settings = options.settings().entrySet().stream()
                .map(entry -> entry.getKey() + " = '" + entry.getValue().replace("'", "''") + "'\n")
                .sorted()
                .collect(Collectors.joining());
        Files.writeString(settingsFile(), """
                unix_socket_directories = ''
                fsync = 'off'
                shared_buffers = '16MB'
                max_connections = '100'
                max_prepared_transactions = '100'
                wal_level = 'logical'
                logging_collector = 'off'
                """ + settings);
    }

    private static String method(PostgresOptions options) {
        return options.password().isPresent() ? "scram-sha-256" : "trust";
    }

    /** Copies the data of a server that does not run. */
    void takeDataOf(ServerFolder source) throws IOException {
        Process copying = new ProcessBuilder("cp", "-a", source.data().toString(), path.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (waitFor(copying) != 0) {
            throw new IllegalStateException("cannot copy " + source.path);
        }
        Files.deleteIfExists(data().resolve("postmaster.pid"));
    }

    /** Adds a line to the settings, where the last one of a name counts. */
    void set(String line) {
        try {
            Files.writeString(settingsFile(), line + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot configure " + path, e);
        }
    }

    private Path settingsFile() {
        return data().resolve("postgresql.auto.conf");
    }

    /** Writes a file that only the server may read; its name is the path from here. */
    void write(String name, String content) {
        Path file = path.resolve(name);
        try {
            Files.writeString(file, content);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            Files.setOwner(file, Files.getOwner(path));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    void deleteData() throws IOException {
        delete(data());
    }

    void delete() {
        try {
            delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }

    private static int waitFor(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while " + process.info().command().orElse("a command") + " ran", e);
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

    @Override
    public String toString() {
        return path.toString();
    }
}
