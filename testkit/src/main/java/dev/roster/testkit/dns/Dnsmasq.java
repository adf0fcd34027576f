package dev.roster.testkit.dns;

import dev.roster.testkit.ports.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A dnsmasq process of the test's own: bound to one loopback address, with the records the test gives it and no others, ended
 * with the test. New records mean a new process on the same port, as after an operator's change. Used by one thread.
 */
public final class Dnsmasq implements AutoCloseable {

    /** What a test says that cannot run without it. */
    public static final String MISSING =
            "needs dnsmasq: no program of that name in /usr/sbin, /usr/local/sbin or on the path";

    private static final Duration LONGEST_START = Duration.ofSeconds(10);

    private final Path folder;
    private final String host;
    private final int port;
    private Optional<Process> process = Optional.empty();

    private Dnsmasq(Path folder, String host, int port) {
        this.folder = folder;
        this.host = host;
        this.port = port;
    }

    /** Whether the program is installed. */
    public static boolean isInstalled() {
        return program().isPresent();
    }

    private static Optional<Path> program() {
        Stream<String> path = Stream.of(System.getenv().getOrDefault("PATH", "").split(":", -1));
        return Stream.concat(Stream.of("/usr/sbin", "/usr/local/sbin"), path.filter(folder -> !folder.isEmpty()))
                .map(folder -> Path.of(folder, "dnsmasq"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Starts one.
     *
     * @param folder an empty folder for its configuration
     * @param lines its records as lines of dnsmasq.conf, such as {@code host-record=worker1.test,10.0.0.1} or {@code
     *     local=/test/}; a name in no local domain is refused
     */
    public static Dnsmasq start(Path folder, List<String> lines) {
        return start(folder, "127.0.0.1", freePort(), lines);
    }

    /**
     * Starts one at this loopback address and port, such as port 53, which takes root.
     *
     * @param folder an empty folder for its configuration
     * @param host an IP address
     * @param port for UDP and TCP
     * @param lines its records
     */
    static Dnsmasq start(Path folder, String host, int port, List<String> lines) {
        Dnsmasq server = new Dnsmasq(folder, host, port);
        server.serve(lines);
        return server;
    }

    /** A port of 127.0.0.1 on which nobody listens now, neither by UDP nor by TCP. */
    public static int freePort() {
        for (int attempt = 0; attempt < 20; attempt++) {
            int port = FreePort.onLoopback();
            if (isFreeForUdp(port)) {
                return port;
            }
        }
        throw new IllegalStateException("no port of 127.0.0.1 is free for both UDP and TCP");
    }

    private static boolean isFreeForUdp(int port) {
        try (DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return udp.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Its port, for UDP and TCP. */
    public int port() {
        return port;
    }

    /** {@code host:port}. */
    public String address() {
        return host + ":" + port;
    }

    /** Answers with these records from now on, and with no others. */
    public void serve(List<String> lines) {
        stop();
        try {
            Path configuration = Files.write(folder.resolve("dnsmasq.conf"), lines);
            Path log = folder.resolve("dnsmasq.log");
            Process started = new ProcessBuilder(
                            program()
                                    .orElseThrow(() -> new IllegalStateException(MISSING))
                                    .toString(),
                            "--keep-in-foreground",
                            "--conf-file=" + configuration,
                            "--port=" + port,
                            "--listen-address=" + host,
                            "--bind-interfaces",
                            "--no-resolv",
                            "--no-hosts",
                            "--no-ping",
                            "--cache-size=0",
                            "--pid-file=",
                            "--log-facility=-",
                            "--user=" + System.getProperty("user.name"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            process = Optional.of(started);
            awaitAnswers(started, log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Asks over UDP, from one socket: connecting over TCP again and again to a port where nobody listens yet can end up
     * connected to itself, and then keeps the server from its port.
     */
    private void awaitAnswers(Process started, Path log) throws IOException {
        byte[] question = DnsQuestion.message(1, "version.bind", DnsRecord.A);
        InetSocketAddress server = new InetSocketAddress(InetAddress.ofLiteral(host), port);
        long deadline = System.nanoTime() + LONGEST_START.toNanos();
        int attempts = 0;
        try (DatagramSocket socket = socketElsewhere()) {
            socket.setSoTimeout(20);
            while (System.nanoTime() < deadline) {
                if (!started.isAlive()) {
                    throw new IllegalStateException("dnsmasq ended at once: " + Files.readString(log));
                }
                socket.send(new DatagramPacket(question, question.length, server));
                try {
                    socket.receive(new DatagramPacket(new byte[512], 512));
                    return;
                } catch (SocketTimeoutException e) {
                    attempts++;
                }
            }
        }
        throw new IllegalStateException("dnsmasq left " + attempts + " questions unanswered: " + Files.readString(log));
    }

    private DatagramSocket socketElsewhere() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        if (socket.getLocalPort() != port) {
            return socket;
        }
        try (socket) {
            return socketElsewhere();
        }
    }

    /** Freezes it: questions reach its socket, and nobody answers. */
    public void pause() {
        signal("STOP");
    }

    /** Ends a freeze; questions that are not too old are answered then. */
    public void resume() {
        signal("CONT");
    }

    /** By the shell, whose {@code kill} is built in: Java knows only TERM and KILL. */
    private void signal(String name) {
        process.ifPresent(running -> {
            try {
                new ProcessBuilder("sh", "-c", "kill -" + name + " " + running.pid())
                        .start()
                        .waitFor();
            } catch (IOException e) {
                throw new UncheckedIOException("cannot send " + name, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Goes away, frozen or not; {@link #serve} brings it back on the same port. */
    public void stop() {
        resume();
        process.ifPresent(running -> {
            running.destroy();
            try {
                if (!running.waitFor(5, TimeUnit.SECONDS)) {
                    running.destroyForcibly().waitFor();
                }
            } catch (InterruptedException e) {
                running.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        });
        process = Optional.empty();
    }

    @Override
    public void close() {
        stop();
    }
}
