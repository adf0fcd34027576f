package dev.roster.testkit.ports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Optional;

/**
 * Ports that this JVM gives to one server only and that no other JVM of the tests gives to any, so that a server finds its
 * port again after it was stopped. They lie below those that the kernel takes for outgoing connections (32768 and up on
 * Linux, 49152 and up elsewhere), which could otherwise hold the port of a stopped server. Thread-safe.
 */
public final class FreePort {

    private static final Slices SLICES = new Slices();

    private static int next;
    private static int end;

    private FreePort() {}

    /** One of 127.0.0.1. */
    public static int onLoopback() {
        return on("127.0.0.1");
    }

    /**
     * One on which nobody listens at this address now.
     *
     * @param address an IP address of this machine, or {@code localhost}
     */
    public static synchronized int on(String address) {
        while (true) {
            if (next == end) {
                Optional<Integer> slice = SLICES.take();
                if (slice.isEmpty()) {
                    return anyOn(address);
                }
                next = slice.get();
                end = next + Slices.SIZE;
            }
            int port = next++;
            if (isFree(address, port)) {
                return port;
            }
        }
    }

    private static boolean isFree(String address, int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static int anyOn(String address) {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free port on " + address, e);
        }
    }
}
