package dev.roster.testkit.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Stands between Roster and the engine's socket, and misbehaves on demand. Each request gets a connection of its own, and
 * lines of event streams are handed on one by one, so that they can be cut, changed, and added to. Thread-safe; owns one
 * virtual thread for the listening socket and one for each connection, all ended by {@link #close}.
 */
public final class SocketProxy implements AutoCloseable {

    private final Path folder;
    private final Path socket;
    private final Path engine;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile boolean silent;
    private volatile boolean modern;
    private volatile boolean readOnly;
    private @Nullable ServerSocketChannel listener;

    private SocketProxy(Path folder, Path engine) {
        this.folder = folder;
        this.socket = folder.resolve("docker.sock");
        this.engine = engine;
    }

    /** A proxy in front of this machine's engine, whose socket does not exist until {@link #open}. */
    public static SocketProxy closed() {
        try {
            return new SocketProxy(Files.createTempDirectory("rt-engine"), DockerEngine.socket());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A proxy in front of this machine's engine that hands on everything. */
    public static SocketProxy opened() {
        return closed().open();
    }

    /** The socket to give to Roster. */
    public Path socket() {
        return socket;
    }

    /** The value of {@code DOCKER_HOST} for it. */
    public String dockerHost() {
        return "unix://" + socket;
    }

    /** Listens, also again after {@link #refuse}. */
    public synchronized SocketProxy open() {
        try {
            Files.deleteIfExists(socket);
            ServerSocketChannel opened = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            opened.bind(UnixDomainSocketAddress.of(socket));
            listener = opened;
            Thread.ofVirtual().name("socket-proxy").start(() -> accept(opened));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Cuts everything and refuses connections, as when the engine is down; the socket's file stays. */
    public synchronized void refuse() {
        if (listener != null) {
            closeQuietly(listener);
            listener = null;
        }
        connections.forEach(SocketProxy::closeQuietly);
    }

    /** From now on accepts connections and never answers, as a hanging engine does; what is open is cut. */
    public void fallSilent() {
        silent = true;
        connections.forEach(SocketProxy::closeQuietly);
    }

    /** Answers again; those who waited in vain are cut. */
    public void answerAgain() {
        silent = false;
        connections.forEach(SocketProxy::closeQuietly);
    }

    /** Leaves out the event fields that engines no longer send since API 1.52. */
    public SocketProxy withoutLegacyFields() {
        modern = true;
        return this;
    }

    /** Answers only GET on {@code _ping}, {@code version}, {@code info}, {@code events} and {@code containers}, others 403. */
    public SocketProxy readOnly() {
        readOnly = true;
        return this;
    }

    /** Breaks every open event stream, as a restarting engine does: without its last chunk. */
    public void cutEventStreams() {
        streams.forEach(EventStream::cut);
    }

    /** How many event streams are open. */
    public int eventStreams() {
        return streams.size();
    }

    /** The request lines seen so far. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Adds so many health events of this container to every open event stream. */
    public void storm(Server server, int events) {
        for (int i = 0; i < events; i++) {
            String event = Events.health(server, i % 2 == 0 ? "healthy" : "unhealthy", modern);
            streams.forEach(stream -> stream.send(event));
        }
    }

    @Override
    public void close() {
        refuse();
        try {
            Files.deleteIfExists(socket);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(ServerSocketChannel from) {
        try {
            while (from.isOpen()) {
                SocketChannel client = from.accept();
                connections.add(client);
                Thread.ofVirtual().name("socket-proxy-connection").start(() -> serve(client));
            }
        } catch (IOException e) {
            closeQuietly(from);
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                SocketChannel upstream = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            HttpHead request = HttpHead.read(client);
            requests.add(request.startLine());
            while (silent) {
                // Ends when the client gives up, or when the proxy cuts the connection.
                HttpHead.read(client);
            }
            if (readOnly && !request.isReadOnly()) {
                HttpHead.forbidden().write(client);
                return;
            }
            upstream.connect(UnixDomainSocketAddress.of(engine));
            connections.add(upstream);
            request.forOneUse().write(upstream);
            HttpHead.pumpBody(request, client, upstream);
            HttpHead response = HttpHead.read(upstream);
            response.forOneUse().write(client);
            if (request.isEvents() && response.isChunked()) {
                serveEvents(client, upstream, response);
            } else {
                response.pumpRest(upstream, client);
            }
            connections.remove(upstream);
        } catch (IOException e) {
            // Either side went away, which is what a proxy is for.
            closeQuietly(client);
        } finally {
            connections.remove(client);
        }
    }

    private void serveEvents(SocketChannel client, SocketChannel upstream, HttpHead head) throws IOException {
        EventStream stream = new EventStream(client, upstream, head);
        streams.add(stream);
        try {
            stream.pump(line -> modern ? Events.withoutLegacyFields(line) : line);
        } finally {
            streams.remove(stream);
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
