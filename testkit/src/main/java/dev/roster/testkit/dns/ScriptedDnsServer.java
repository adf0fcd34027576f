package dev.roster.testkit.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A DNS server that answers what the test tells it to, over UDP and TCP of one port on loopback. It owns two threads for
 * receiving and one for answers that are due later; all end with {@link #close}.
 */
public final class ScriptedDnsServer implements AutoCloseable {

    private static final int LONGEST_PACKET = 512;

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("scripted-dns-later").factory());
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger troubles = new AtomicInteger();
    private volatile Function<DnsQuestion, Reply> script;
    private volatile Duration latency = Duration.ZERO;

    /**
     * What the server does with one question.
     *
     * @param kind answer, or stay silent
     * @param code the response code
     * @param records the answer section
     * @param cutOff whether to cut the answer off even over TCP
     */
    public record Reply(Kind kind, int code, List<DnsRecord> records, boolean cutOff) {

        public Reply {
            records = List.copyOf(records);
        }

        /** Whether it says anything. */
        public enum Kind {
            /** It answers. */
            ANSWER,
            /** It says nothing. */
            SILENCE
        }

        /** No error, with these records; none is NODATA. */
        public static Reply of(DnsRecord... records) {
            return new Reply(Kind.ANSWER, 0, List.of(records), false);
        }

        /** A response code: 2 SERVFAIL, 3 NXDOMAIN, 5 REFUSED. */
        public static Reply code(int code) {
            return new Reply(Kind.ANSWER, code, List.of(), false);
        }

        /** Nothing at all. */
        public static Reply silence() {
            return new Reply(Kind.SILENCE, 0, List.of(), false);
        }

        /** The same, marked as cut off, over TCP too. */
        public Reply andCutOff() {
            return new Reply(kind, code, records, true);
        }
    }

    private ScriptedDnsServer(ServerSocket tcp, DatagramSocket udp, Function<DnsQuestion, Reply> script) {
        this.tcp = tcp;
        this.udp = udp;
        this.script = script;
    }

    /** Starts one on 127.0.0.1. */
    public static ScriptedDnsServer start(Function<DnsQuestion, Reply> script) {
        return start("127.0.0.1", script);
    }

    /** Starts one on this loopback address, such as {@code ::1}. */
    public static ScriptedDnsServer start(String address, Function<DnsQuestion, Reply> script) {
        return start(address, 0, script);
    }

    /**
     * Starts one on this loopback address and port.
     *
     * @param port the port; 0 takes a free one
     */
    public static ScriptedDnsServer start(String address, int port, Function<DnsQuestion, Reply> script) {
        ScriptedDnsServer server = bound(InetAddress.ofLiteral(address), port, script);
        Thread.ofPlatform().daemon().name("scripted-dns-udp").start(server::receivePackets);
        Thread.ofPlatform().daemon().name("scripted-dns-tcp").start(server::acceptConnections);
        return server;
    }

    private static ScriptedDnsServer bound(InetAddress address, int port, Function<DnsQuestion, Reply> script) {
        for (int attempt = 0; attempt < 20; attempt++) {
            try {
                ServerSocket tcp = new ServerSocket(port, 50, address);
                try {
                    DatagramSocket udp = new DatagramSocket(new InetSocketAddress(address, tcp.getLocalPort()));
                    return new ScriptedDnsServer(tcp, udp, script);
                } catch (SocketException e) {
                    // Somebody has the same port for UDP: try another.
                    tcp.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        throw new IllegalStateException("no port of " + address + " is free for both UDP and TCP");
    }

    /** Answers by this script from now on. */
    public void script(Function<DnsQuestion, Reply> next) {
        script = next;
    }

    /** Answers this much later from now on. */
    public void latency(Duration next) {
        latency = next;
    }

    /** How many questions it has got. */
    public int questions() {
        return questions.get();
    }

    /** How many packets it could not read or answer. */
    public int troubles() {
        return troubles.get();
    }

    /** {@code address:port}, with brackets around an IPv6 address. */
    public String address() {
        String host = tcp.getInetAddress().getHostAddress();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + tcp.getLocalPort();
    }

    private void receivePackets() {
        byte[] buffer = new byte[4096];
        while (!udp.isClosed()) {
            try {
                DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
                udp.receive(packet);
                DnsQuestion question = DnsQuestion.read(buffer, packet.getLength());
                Reply reply = replyTo(question);
                if (reply.kind() == Reply.Kind.ANSWER) {
                    byte[] answer = DnsRecord.message(question, reply, LONGEST_PACKET);
                    DatagramPacket back = new DatagramPacket(answer, answer.length, packet.getSocketAddress());
                    sendLater(back);
                }
            } catch (IOException e) {
                // Closed, or a packet nobody can read: either way there is nobody to answer.
                troubles.incrementAndGet();
            }
        }
    }

    // A failed send is dealt with in send itself, so nobody waits for the result.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void sendLater(DatagramPacket packet) {
        later.schedule(() -> send(packet), latency.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void send(DatagramPacket packet) {
        try {
            udp.send(packet);
        } catch (IOException e) {
            // The asker is gone, or this server is.
            troubles.incrementAndGet();
        }
    }

    private void acceptConnections() {
        while (!tcp.isClosed()) {
            try {
                Socket socket = tcp.accept();
                Thread.ofVirtual().name("scripted-dns-connection").start(() -> serve(socket));
            } catch (IOException e) {
                // Closed.
                return;
            }
        }
    }

    private void serve(Socket accepted) {
        try (Socket socket = accepted;
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            byte[] message = new byte[in.readUnsignedShort()];
            in.readFully(message);
            DnsQuestion question = DnsQuestion.read(message, message.length);
            Reply reply = replyTo(question);
            if (reply.kind() == Reply.Kind.ANSWER) {
                byte[] answer = DnsRecord.message(question, reply, 65_535);
                out.writeShort(answer.length);
                out.write(answer);
                out.flush();
            }
        } catch (IOException e) {
            // The asker is gone.
            troubles.incrementAndGet();
        }
    }

    private Reply replyTo(DnsQuestion question) {
        questions.incrementAndGet();
        return script.apply(question);
    }

    @Override
    public void close() {
        udp.close();
        later.shutdownNow();
        try {
            tcp.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
