package dev.roster.discovery.dns;

import dev.roster.cluster.HostPort;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;

/**
 * What the look for one name found. With nothing seen, no idle target and nothing unknown, the name is absent.
 *
 * @param sought the name
 * @param seen workers behind it; for an SRV record or tasks, any number
 * @param idle targets that an SRV record names and that have no address
 * @param unknown what could not be told, each in words that begin with the name
 * @param passedOver servers that could not tell before others denied the name
 */
record Finding(
        SoughtName sought,
        List<Seen> seen,
        List<HostPort> idle,
        List<String> unknown,
        Set<InetSocketAddress> passedOver) {

    Finding {
        seen = List.copyOf(seen);
        idle = List.copyOf(idle);
        unknown = List.copyOf(unknown);
        passedOver = Set.copyOf(passedOver);
    }

    /**
     * A worker that has an address.
     *
     * @param address what would be registered
     * @param addresses where it is, at least one
     */
    record Seen(HostPort address, SortedSet<IpAddress> addresses) {}

    /**
     * An IP address with an order, so that two scans that saw the same are equal.
     *
     * @param text as people write it
     */
    record IpAddress(String text) implements Comparable<IpAddress> {

        static IpAddress of(InetAddress address) {
            String text = address.getHostAddress();
            int zone = text.indexOf('%');
            return new IpAddress(zone < 0 ? text : text.substring(0, zone));
        }

        boolean isIpv6() {
            return text.indexOf(':') >= 0;
        }

        @Override
        public int compareTo(IpAddress other) {
            return text.compareTo(other.text);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    static Finding unknown(SoughtName sought, String words) {
        return new Finding(sought, List.of(), List.of(), List.of(sought.name() + " (" + words + ")"), Set.of());
    }

    boolean isPresent() {
        return !seen.isEmpty() || !idle.isEmpty();
    }
}
