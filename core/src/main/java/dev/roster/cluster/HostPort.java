package dev.roster.cluster;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The address of a PostgreSQL server as Citus stores it in {@code pg_dist_node}: a host name or IP address, and a TCP port.
 *
 * <p>The spelling of the host is kept byte for byte, since a container's name must reach the catalog as it is; equality,
 * hash, and order ignore its case, since every resolver does. A row that somebody else wrote may hold anything, so any host
 * and port can be represented; {@link #fault()} says why an address cannot be dialled, and {@link #parse} accepts only
 * those that can.
 *
 * <p>Immutable. No record, since every pass looks thousands of them up: the host in lower case and the hash are kept.
 */
public final class HostPort implements Comparable<HostPort> {

    /** The longest name that DNS allows (RFC 1035, section 2.3.4) and that Citus' node functions accept. */
    public static final int MAX_HOST_BYTES = 253;

    private static final Comparator<HostPort> ORDER =
            Comparator.comparing((HostPort address) -> address.key).thenComparingInt(HostPort::port);

    /**
     * RFC 1122, section 3.2.1.3: the whole block, also in the short forms that resolvers read as an address (127.1 is
     * 127.0.0.1, inet_aton(3)). A name such as 127.example.com is none of it.
     */
    private static final Pattern LOOPBACK =
            Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}|127(\\.\\d{1,3}){1,2}");

    private final String host;
    private final int port;
    private final String key;
    private final int hash;

    /**
     * Any address, whether or not it can be dialled.
     *
     * @param host name or IP address, an IPv6 address without brackets
     * @param port TCP port
     */
    public HostPort(String host, int port) {
        this.host = host;
        this.port = port;
        this.key = host.toLowerCase(Locale.ROOT);
        this.hash = 31 * key.hashCode() + port;
    }

    /** Name or IP address in its own spelling, an IPv6 address without brackets. */
    public String host() {
        return host;
    }

    /** TCP port. */
    public int port() {
        return port;
    }

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
        return key.equals("localhost")
                || key.endsWith(".localhost")
                || LOOPBACK.matcher(key).matches()
                || key.equals("::1")
                || key.equals("0:0:0:0:0:0:0:1");
    }

    /** Host and port as two arguments of an SQL call that a person pastes; nothing that Roster sends is made of it. */
    public String sqlArguments() {
        return "'" + host.replace("'", "''") + "', " + port;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof HostPort that && hash == that.hash && port == that.port && key.equals(that.key));
    }

    @Override
    public int hashCode() {
        return hash;
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
