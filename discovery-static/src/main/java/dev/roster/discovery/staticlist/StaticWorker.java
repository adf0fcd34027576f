package dev.roster.discovery.staticlist;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One entry of the list, {@code host[:port][@group]}.
 *
 * @param host host name or IP address, an IPv6 address without brackets
 * @param port the port it names; empty for the default
 * @param group the group it names; empty if Citus shall choose
 */
record StaticWorker(String host, OptionalInt port, Optional<GroupId> group) {

    /** What is accepted, in words that complete "accepted: ...". */
    static final String ACCEPTED = "host[:port][@group], separated by commas";

    /**
     * Reads the whole list. Blanks around entries and an empty last entry do not matter.
     *
     * @throws IllegalArgumentException if it is empty or an entry cannot be an address
     */
    static List<StaticWorker> parseList(String text) {
        List<StaticWorker> workers = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            if (!entry.isBlank()) {
                workers.add(parse(entry.strip()));
            }
        }
        if (workers.isEmpty()) {
            throw new IllegalArgumentException("names no worker");
        }
        return List.copyOf(workers);
    }

    private static StaticWorker parse(String entry) {
        int at = entry.lastIndexOf('@');
        String address = at < 0 ? entry : entry.substring(0, at);
        Optional<GroupId> group = at < 0 ? Optional.empty() : Optional.of(parseGroup(entry, entry.substring(at + 1)));
        try {
            HostPort withOne = HostPort.parse(address, 1);
            HostPort withTwo = HostPort.parse(address, 2);
            OptionalInt port = withOne.port() == withTwo.port() ? OptionalInt.of(withOne.port()) : OptionalInt.empty();
            return new StaticWorker(withOne.host(), port, group);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has the entry '" + entry + "', which " + e.getMessage(), e);
        }
    }

    private static GroupId parseGroup(String entry, String text) {
        try {
            int group = Integer.parseInt(text);
            if (group >= 1) {
                return new GroupId(group);
            }
        } catch (NumberFormatException e) {
            // said below, together with a number that is too small
        }
        throw new IllegalArgumentException(
                "has the entry '" + entry + "', whose group is not a whole number from 1 (0 is the coordinator's)");
    }

    HostPort address(int defaultPort) {
        return new HostPort(host, port.orElse(defaultPort));
    }

    /** The worker as the list sights it, under this name. */
    Worker sighted(String name, int defaultPort) {
        return new Worker(
                name, address(defaultPort), WorkerHealth.UNKNOWN, "listed", group, StaticDiscovery.SCOPE, false);
    }
}
