package dev.roster.discovery.dns;

import dev.roster.cluster.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The DNS servers to ask, {@code host[:port],...}. */
final class ServerAddress {

    /** What is accepted, in words that complete "accepted: ...". */
    static final String ACCEPTED = "host[:port] of DNS servers, separated by commas, such as 10.0.0.2,[fd12::10]:53";

    /** The port of DNS (RFC 1035 section 4.2). */
    static final int PORT = 53;

    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|.*:.*");

    private ServerAddress() {}

    /**
     * Reads the list.
     *
     * @throws IllegalArgumentException if an entry can be no server's address; the words follow the setting's key and value
     */
    static List<HostPort> parseList(String text) {
        List<HostPort> servers = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            servers.add(parse(entry.strip()));
        }
        return List.copyOf(servers);
    }

    private static HostPort parse(String entry) {
        String words = "has the server '" + entry + "', which ";
        HostPort server;
        try {
            server = HostPort.parse(entry, PORT);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(words + e.getMessage(), e);
        }
        fault(server).ifPresent(fault -> {
            throw new IllegalArgumentException(words + fault);
        });
        return server;
    }

    private static Optional<String> fault(HostPort server) {
        if (!isLiteral(server)) {
            return DomainName.fault(server.host()).map(_ -> "is neither an IP address nor a host name");
        }
        try {
            InetAddress address = InetAddress.ofLiteral(server.host());
            boolean isOneServer = !address.isAnyLocalAddress()
                    && !address.isMulticastAddress()
                    && !address.getHostAddress().equals("255.255.255.255");
            return !isOneServer ? Optional.of("is not the address of one server") : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("is not an IP address");
        }
    }

    private static boolean isLiteral(HostPort server) {
        return LITERAL.matcher(server.host()).matches();
    }

    /**
     * Why no packet can be sent to this server from this machine, such as for want of a route; empty for one that is only
     * silent or down, which may change. Sends nothing. A server given by name is not judged.
     */
    static Optional<String> unreachable(HostPort server) {
        if (!isLiteral(server)) {
            return Optional.empty();
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(server.host()), server.port()));
            return Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /**
     * Its address as it is now; a name is resolved by the machine's own means.
     *
     * @throws UnknownHostException if the name does not resolve
     */
    static InetSocketAddress resolve(HostPort server) throws UnknownHostException {
        return new InetSocketAddress(InetAddress.getByName(server.host()), server.port());
    }
}
