package dev.roster.discovery.docker;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A Docker engine as far as this source can tell: HTTP over a unix socket, with its container list and its event stream in
 * the hands of the test, and every way to misbehave.
 */
final class FakeEngine implements AutoCloseable {

    /** How it answers one kind of question. */
    enum Manner {
        NORMAL,
        /** Accepts the question and never answers. */
        HANGS,
        /** Answers 200 with a page of some other server. */
        TALKS_NONSENSE,
        /** Answers 200 with JSON that ends in the middle. */
        BREAKS_OFF,
        /** Answers 403, as a socket proxy does. */
        FORBIDS
    }

    private static final String NONSENSE = "<html><body>It works!</body></html>";

    private final Path socket;
    private final CountDownLatch forever = new CountDownLatch(1);
    private final List<SocketChannel> connections = new CopyOnWriteArrayList<>();
    private final List<Stream> streams = new CopyOnWriteArrayList<>();
    private final AtomicInteger lists = new AtomicInteger();
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Map<String, Manner> manners = new ConcurrentHashMap<>();
    private volatile String id = "FAKE:ENGINE";
    private volatile Map<String, String> inspected = Map.of();
    private volatile List<String> containers = List.of();
    private volatile boolean pathsHaveVersions;
    private ServerSocketChannel server;

    FakeEngine(Path folder) {
        socket = folder.resolve("engine.sock");
        server = listen();
    }

    private record Stream(SocketChannel channel, OutputStream out) {}

    Path socket() {
        return socket;
    }

    String host() {
        return "unix://" + socket;
    }

    void has(String... listEntries) {
        containers = List.of(listEntries);
    }

    void inspects(Map<String, String> byName) {
        inspected = Map.copyOf(byName);
    }

    void isNow(String engineId) {
        id = engineId;
    }

    void wantsVersionedPaths() {
        pathsHaveVersions = true;
    }

    /** Sets how it answers: {@code /info}, {@code /events}, {@code /containers/json}, or {@code /containers/} for inspect. */
    void answers(String path, Manner manner) {
        manners.put(path, manner);
    }

    int lists() {
        return lists.get();
    }

    int subscriptions() {
        return subscriptions.get();
    }

    List<String> requests() {
        return List.copyOf(requests);
    }

    boolean isListenedTo() {
        return !streams.isEmpty();
    }

    /** Sends one line to every subscriber. */
    void emit(String line) {
        for (Stream stream : streams) {
            try {
                chunk(stream.out, line + "\n");
            } catch (IOException e) {
                // This subscriber has gone.
            }
        }
    }

    /** Breaks every open subscription, as the engine does when it ends. */
    void cutStreams() {
        List<Stream> cut = List.copyOf(streams);
        streams.removeAll(cut);
        cut.forEach(stream -> close(stream.channel));
    }

    /** Ends the engine; its socket file stays and refuses, as after a kill. */
    void stop() {
        close(server);
        connections.forEach(FakeEngine::close);
        connections.clear();
        streams.clear();
    }

    /** Starts it again with a new socket file. */
    void start() {
        server = listen();
    }

    @Override
    public void close() {
        stop();
        forever.countDown();
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerSocketChannel listen() {
        try {
            Files.deleteIfExists(socket);
            ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            channel.bind(UnixDomainSocketAddress.of(socket));
            Thread.ofVirtual().name("fake-engine").start(() -> accept(channel));
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocketChannel channel) {
        try {
            while (true) {
                SocketChannel connection = channel.accept();
                connections.add(connection);
                Thread.ofVirtual().name("fake-engine-connection").start(() -> serve(connection));
            }
        } catch (IOException e) {
            // Stopped.
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            InputStream in = Channels.newInputStream(connection);
            OutputStream out = Channels.newOutputStream(connection);
            for (String line = requestLine(in); !line.isEmpty(); line = requestLine(in)) {
                requests.add(line);
                answer(line.substring(line.indexOf(' ') + 1, line.lastIndexOf(' ')), connection, out);
            }
        } catch (ClosedChannelException e) {
            // The other side is done.
        } catch (IOException e) {
            // So it is.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(String target, SocketChannel connection, OutputStream out)
            throws IOException, InterruptedException {
        String path = target.replaceFirst("\\?.*", "");
        if (pathsHaveVersions) {
            if (!path.matches("/v\\d+\\.\\d+/.*")) {
                send(out, "400 Bad Request", "{\"message\":\"a version is wanted\"}");
                return;
            }
            path = path.substring(path.indexOf('/', 1));
        }
        String kind = path.startsWith("/containers/") && !path.equals("/containers/json") ? "/containers/" : path;
        switch (manners.getOrDefault(kind, Manner.NORMAL)) {
            case HANGS -> forever.await();
            case TALKS_NONSENSE -> send(out, "200 OK", NONSENSE);
            case BREAKS_OFF -> send(out, "200 OK", "[{\"Id\":\"aa");
            case FORBIDS -> send(out, "403 Forbidden", "<html>403 Forbidden</html>");
            case NORMAL -> answerNormally(path, target, connection, out);
        }
    }

    private void answerNormally(String path, String target, SocketChannel connection, OutputStream out)
            throws IOException, InterruptedException {
        switch (path) {
            case "/info" -> send(out, "200 OK", "{\"ID\":\"" + id + "\",\"Name\":\"fake\"}");
            case "/containers/json" -> {
                lists.incrementAndGet();
                send(out, "200 OK", containers.stream().collect(Collectors.joining(",", "[", "]")));
            }
            case "/events" -> {
                requests.add(URLDecoder.decode(target, StandardCharsets.UTF_8));
                head(out, "200 OK", "Transfer-Encoding: chunked");
                subscriptions.incrementAndGet();
                streams.add(new Stream(connection, out));
                forever.await();
            }
            default -> {
                String name = path.replaceFirst("^/containers/", "").replaceFirst("/json$", "");
                String found = inspected.get(name);
                send(
                        out,
                        found == null ? "404 Not Found" : "200 OK",
                        found == null ? "{\"message\":\"No such container: " + name + "\"}" : found);
            }
        }
    }

    private static String requestLine(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int end = 0;
        while (end < 4) {
            int next = in.read();
            if (next < 0) {
                return "";
            }
            head.write(next);
            end = next == (end % 2 == 0 ? '\r' : '\n') ? end + 1 : 0;
        }
        return head.toString(StandardCharsets.ISO_8859_1).lines().findFirst().orElse("");
    }

    private static void send(OutputStream out, String status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        head(out, status, "Content-Length: " + bytes.length);
        out.write(bytes);
    }

    private static void head(OutputStream out, String status, String header) throws IOException {
        out.write(("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + header + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void chunk(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        chunk.writeBytes(bytes);
        chunk.writeBytes("\r\n".getBytes(StandardCharsets.ISO_8859_1));
        out.write(chunk.toByteArray());
    }

    private static void close(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
