package dev.roster.app.situations;

import dev.roster.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A client that writes one row after another to the table {@code orders}, goes on whatever it is told, and remembers which rows
 * it was told to be committed.
 */
final class WritingClient implements AutoCloseable {

    private static final int FIRST = 100_001;

    private final PostgresServer coordinator;
    private final Set<Integer> attempted = ConcurrentHashMap.newKeySet();
    private final Set<Integer> committed = ConcurrentHashMap.newKeySet();
    private final Thread writing = Thread.ofVirtual().name("writing-client").unstarted(this::write);

    private WritingClient(PostgresServer coordinator) {
        this.coordinator = coordinator;
    }

    static WritingClient start(PostgresServer coordinator) {
        WritingClient client = new WritingClient(coordinator);
        client.writing.start();
        return client;
    }

    /** What it was told to be committed. */
    Set<Integer> committed() {
        return committed;
    }

    /** What it was told to be committed and is not there. */
    Set<Integer> lost() {
        Set<Integer> lost = new HashSet<>(committed);
        lost.removeAll(rows());
        return lost;
    }

    /** What is there and was never written. */
    Set<Integer> invented() {
        Set<Integer> invented = rows();
        invented.removeAll(attempted);
        return invented;
    }

    private Set<Integer> rows() {
        return Stream.of(coordinator
                        .query("SELECT string_agg(id::text, ',') FROM public.orders WHERE id >= " + FIRST)
                        .split(","))
                .map(Integer::valueOf)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private void write() {
        int next = FIRST;
        while (!Thread.currentThread().isInterrupted()) {
            try (Connection connection = coordinator.dataSource("postgres").getConnection();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO public.orders VALUES (?)")) {
                while (!Thread.currentThread().isInterrupted()) {
                    insert.setInt(1, next);
                    attempted.add(next++);
                    insert.executeUpdate();
                    committed.add(next - 1);
                }
            } catch (SQLException e) {
                // It was told so, and tries the next row on a new connection.
            }
        }
    }

    @Override
    public void close() {
        stop();
    }

    /** Ends it after the write under way. */
    void stop() {
        writing.interrupt();
        boolean interrupted = false;
        while (true) {
            try {
                writing.join();
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
