package dev.roster.discovery.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Makes an engine's unix socket reachable over TCP, plain or with TLS, as {@code dockerd -H tcp://} does. */
final class TcpFront implements AutoCloseable {

    private final ServerSocket server;
    private final Path engine;
    private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

    TcpFront(ServerSocket server, Path engine) {
        this.server = server;
        this.engine = engine;
        Thread.ofVirtual().name("tcp-front").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket outside = server.accept();
                SocketChannel inside = SocketChannel.open(UnixDomainSocketAddress.of(engine));
                open.add(outside);
                open.add(inside);
                Thread.ofVirtual().start(() -> copy(outside, inside, true));
                Thread.ofVirtual().start(() -> copy(outside, inside, false));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void copy(Socket outside, SocketChannel inside, boolean inwards) {
        try (outside;
                inside) {
            if (inwards) {
                outside.getInputStream().transferTo(Channels.newOutputStream(inside));
            } else {
                Channels.newInputStream(inside).transferTo(outside.getOutputStream());
            }
        } catch (IOException e) {
            // One side has gone; closing takes the other along.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (AutoCloseable connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
