package dev.roster.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * One open connection to {@code /api/v1/stream}. A thread of its own reads, so that a connection that died without a word is
 * noticed by its silence: the service says something every 15 s.
 */
final class EventStream implements Listening.Events {

    private static final int MOST_WAITING = 1_000;
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(45);

    private final HttpClient client;
    private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>(MOST_WAITING);
    private final EventLines events = new EventLines();

    /**
     * Reads an answer that has begun.
     *
     * @param client who got it, for this connection alone
     * @param answer the answer
     */
    EventStream(HttpClient client, HttpResponse<InputStream> answer) {
        this.client = client;
        Thread.ofVirtual().name("stream").start(() -> read(answer.body()));
    }

    /** The next event; empty when the stream has ended, or been silent for so long that it is taken for dead. */
    @Override
    public Optional<EventLines.Event> next() throws InterruptedException {
        while (true) {
            Optional<String> line = lines.poll(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (line == null || line.isEmpty()) {
                return Optional.empty();
            }
            Optional<EventLines.Event> event = events.take(line.get());
            if (event.isPresent()) {
                return event;
            }
        }
    }

    /** Leaves at once. */
    @Override
    public void close() {
        client.shutdownNow();
    }

    private void read(InputStream body) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.put(Optional.of(line));
            }
        } catch (IOException e) {
            // the connection is broken, which is an end like any other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        boolean _ = lines.offer(Optional.empty());
    }
}
