package dev.roster.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * The address of a PostgreSQL server as Citus stores it in {@code pg_dist_node}: a host name or IP address, and a TCP port.
 *
 * <p>The spelling of the host is kept byte for byte, since a container's name must reach the catalog as it is; equality,
 * hash, and order ignore its case, since every resolver does. A row that somebody else wrote may hold anything, so any host
 * and port can be represented; {@link #fault()} says why an address cannot be dialled, and {@link #parse} accepts only
 * those that can.
 *
 * @param host name or IP address, an IPv6 address without brackets
 * @param port TCP port
 */
public record HostPort(String host, int port) implements Comparable<HostPort> {

    /** The longest name that DNS allows (RFC 1035, section 2.3.4) and that Citus' node functions accept. */
    public static final int MAX_HOST_BYTES = 253;

    private static final Comparator<HostPort> ORDER =
            Comparator.comparing(HostPort::key).thenComparingInt(HostPort::port);

    /**
     * Reads {@code host}, {@code host:port}, {@code [ipv6]} or {@code [ipv6]:port}. A bare IPv6 address is taken whole, as a
     * host. One trailing dot of a fully qualified name is dropped.
     *
     * @param text what a person wrote
     * @param defaultPort the port if the text names none
     * @throws IllegalArgumentException if no server can have this address; the message says what is wrong, to follow the
     *     name of the setting and its value
     */
    public static HostPort parse(String text, int defaultPort) {
        String host = text.strip();
        String port = "";
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException("has an opening bracket without a closing one");
            }
            String rest = host.substring(end + 1);
            host = host.substring(1, end);
            if (!rest.isEmpty() && !rest.startsWith(":")) {
                throw new IllegalArgumentException("has text after the closing bracket that is not :port");
            }
            port = rest.isEmpty() ? "" : requirePort(rest.substring(1));
        } else {
            int colon = host.indexOf(':');
            if (colon >= 0 && colon == host.lastIndexOf(':')) {
                port = requirePort(host.substring(colon + 1));
                host = host.substring(0, colon);
            }
        }
        if (host.endsWith(".")) {
            host = host.substring(0, host.length() - 1);
        }
        HostPort parsed = new HostPort(host, port.isEmpty() ? defaultPort : parsePort(port));
        parsed.fault().ifPresent(fault -> {
            throw new IllegalArgumentException(fault);
        });
        return parsed;
    }

    private static String requirePort(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("has a colon but no port after it");
        }
        return text;
    }

    private static int parsePort(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("has a port that is not a number from 1 to 65535", e);
        }
    }

    /** Why no server can be reached at this address, as words to follow its name; empty if nothing speaks against it. */
    public Optional<String> fault() {
        if (host.isBlank()) {
            return Optional.of("has an empty host");
        }
        if (host.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            return Optional.of("has a blank or control character in its host");
        }
        if (host.getBytes(StandardCharsets.UTF_8).length > MAX_HOST_BYTES) {
            return Optional.of("has a host longer than " + MAX_HOST_BYTES + " bytes");
        }
        if (port < 1 || port > 65535) {
            return Optional.of("has a port outside 1 to 65535");
        }
        return Optional.empty();
    }

    /** Whether the host is a loopback name or address, which means another server on every machine. */
    public boolean isLoopback() {
        String name = key();
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || name.startsWith("127.")
                || name.equals("::1")
                || name.equals("0:0:0:0:0:0:0:1");
    }

    private String key() {
        return host.toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HostPort that && port == that.port && host.equalsIgnoreCase(that.host);
    }

    @Override
    public int hashCode() {
        return 31 * key().hashCode() + port;
    }

    @Override
    public int compareTo(HostPort other) {
        return ORDER.compare(this, other);
    }

    /** {@code host:port}, with brackets around an IPv6 address. */
    @Override
    public String toString() {
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
    }
}
