package dev.roster.testkit.docker;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** One open event stream: chunks of JSON lines, read from the engine and written to the client line by line. Thread-safe. */
final class EventStream {

    private final SocketChannel client;
    private final SocketChannel engine;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);

    /**
     * @param client who reads
     * @param engine who writes
     * @param head the head of the engine's answer
     */
    EventStream(SocketChannel client, SocketChannel engine, HttpHead head) {
        this.client = client;
        this.engine = engine;
        buffer.put(head.restBytes()).flip();
    }

    /** Hands on lines until either side ends the stream. */
    void pump(UnaryOperator<String> change) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0; size = chunkSize()) {
            for (int i = 0; i < size; i++) {
                int read = next();
                if (read == '\n') {
                    write(change.apply(line.toString(StandardCharsets.UTF_8)));
                    line.reset();
                } else {
                    line.write(read);
                }
            }
            next();
            next();
        }
    }

    /** Adds a line. */
    void send(String event) {
        try {
            write(event);
        } catch (IOException e) {
            cut();
        }
    }

    /** Breaks it without a last chunk. */
    void cut() {
        try {
            client.close();
            engine.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void write(String event) throws IOException {
        byte[] line = (event + "\n").getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(line.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.writeBytes(line);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        HttpHead.send(client, chunk.toByteArray());
    }

    private int chunkSize() throws IOException {
        StringBuilder digits = new StringBuilder();
        for (int read = next(); read != '\n'; read = next()) {
            digits.append((char) read);
        }
        return Integer.parseInt(digits.toString().strip().toLowerCase(Locale.ROOT), 16);
    }

    private int next() throws IOException {
        if (!buffer.hasRemaining()) {
            int count = engine.read(buffer.clear());
            buffer.flip();
            if (count < 0) {
                throw new EOFException();
            }
        }
        return buffer.get() & 0xff;
    }
}
