package dev.roster.testkit.citus;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What poolers have in common, for PostgreSQL's wire protocol (version 3): it stands before a server and gives its client a
 * process id and a cancellation key of its own making, since the client's session is not one of the server's. The rest is
 * handed on as it is.
 */
final class PoolerLike implements AutoCloseable {

    private static final int TLS_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;
    private static final int INVENTED_PID = 4242;

    private final ServerSocket listening;
    private final String host;
    private final int port;
    private final Collection<Socket> open = new ConcurrentLinkedQueue<>();

    PoolerLike(String host, int port) {
        this.host = host;
        this.port = port;
        try {
            this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("pooler-like").start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            }
        } catch (IOException e) {
            // Closed, which ends it.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(host, port)) {
            open.add(server);
            server.getOutputStream().write(startup(client));
            Thread.ofVirtual().start(() -> {
                try (server) {
                    client.getInputStream().transferTo(server.getOutputStream());
                } catch (IOException e) {
                    // One of the two hung up.
                }
            });
            handOnWithAnInventedKey(new DataInputStream(server.getInputStream()), client.getOutputStream());
        } catch (IOException e) {
            // One of the two hung up.
        }
    }

    /** The client's first message, once it gave up asking for encryption. */
    private static byte[] startup(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        while (true) {
            int length = in.readInt();
            byte[] rest = in.readNBytes(length - 4);
            int code = ByteBuffer.wrap(rest).getInt();
            if (code != TLS_REQUEST && code != GSS_REQUEST) {
                return ByteBuffer.allocate(length).putInt(length).put(rest).array();
            }
            client.getOutputStream().write('N');
        }
    }

    private static void handOnWithAnInventedKey(DataInputStream server, OutputStream client) throws IOException {
        while (true) {
            int type = server.read();
            if (type < 0) {
                return;
            }
            int length = server.readInt();
            byte[] body = server.readNBytes(length - 4);
            if (type == 'K') {
                ByteBuffer.wrap(body).putInt(INVENTED_PID);
            }
            client.write(ByteBuffer.allocate(5).put((byte) type).putInt(length).array());
            client.write(body);
            client.flush();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
