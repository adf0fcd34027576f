package dev.roster.app.process;

import static org.awaitility.Awaitility.await;

import dev.roster.testkit.dns.NamedCluster;
import dev.roster.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** Makes workers of a cluster unfit to join, each in its own way, and fit again. Used by one thread. */
final class SpoiltWorkers {

    private static final String OTHER_PASSWORD = "another one";
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private final NamedCluster cluster;
    private final Deque<Callable<?>> remedies = new ArrayDeque<>();

    SpoiltWorkers(NamedCluster cluster) {
        this.cluster = cluster;
    }

    void changePassword(int number) {
        PostgresServer worker = cluster.worker(number);
        worker.execute("ALTER ROLE postgres PASSWORD '" + OTHER_PASSWORD + "'");
        remedies.add(() -> {
            try (Connection connection =
                            worker.dataSource("postgres", OTHER_PASSWORD).getConnection();
                    Statement statement = connection.createStatement()) {
                return statement.execute("ALTER ROLE postgres PASSWORD '" + NamedCluster.PASSWORD + "'");
            }
        });
    }

    void dropDatabase(int number) {
        PostgresServer worker = cluster.worker(number);
        worker.execute("DROP DATABASE " + cluster.database() + " WITH (FORCE)");
        remedies.add(() -> {
            worker.execute("CREATE DATABASE " + cluster.database());
            worker.executeIn(cluster.database(), "CREATE EXTENSION citus");
            return number;
        });
    }

    void dropExtension(int number) {
        PostgresServer worker = cluster.worker(number);
        worker.executeIn(cluster.database(), "DROP EXTENSION citus");
        remedies.add(() -> {
            worker.executeIn(cluster.database(), "CREATE EXTENSION citus");
            return number;
        });
    }

    /** Restarts it in a recovery that waits for an archive as long as a file exists. */
    void keepStartingUp(int number) throws IOException {
        PostgresServer worker = cluster.worker(number);
        Path gate = worker.folder().resolve("gate");
        worker.execute("ALTER SYSTEM SET restore_command = 'while [ -e " + gate + " ]; do sleep 0.1; done; false'");
        worker.stop();
        Files.createFile(gate);
        Files.createFile(worker.folder().resolve("data/recovery.signal"));
        CompletableFuture<Void> started = CompletableFuture.runAsync(worker::start);
        remedies.add(() -> {
            Files.deleteIfExists(gate);
            return started.join();
        });
        await().atMost(Duration.ofMinutes(1)).until(() -> isStartingUp(worker));
    }

    private static boolean isStartingUp(PostgresServer worker) {
        try (Connection connection = worker.dataSource("postgres").getConnection()) {
            return !connection.isValid(1);
        } catch (SQLException e) {
            return CANNOT_CONNECT_NOW.equals(e.getSQLState());
        }
    }

    /** Makes the one fit again that was spoilt first. */
    void mendFirst() throws Exception {
        remedies.pop().call();
    }

    /** Makes all of them fit again. */
    void mend() throws Exception {
        while (!remedies.isEmpty()) {
            mendFirst();
        }
    }
}
