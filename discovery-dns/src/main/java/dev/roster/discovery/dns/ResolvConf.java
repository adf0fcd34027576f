package dev.roster.discovery.dns;

import dev.roster.cluster.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the machine's {@code resolv.conf} says (resolv.conf(5)): read anew for each scan, since containers get theirs changed.
 *
 * @param servers the servers, in order; without any, the local machine
 * @param search the domains that short names are tried in, in order
 * @param ndots a name with at least this many dots is tried as it is first
 */
record ResolvConf(List<HostPort> servers, List<String> search, int ndots) {

    /** Where it stands. */
    static final Path PATH = Path.of("/etc/resolv.conf");

    private static final HostPort LOCAL = new HostPort("127.0.0.1", ServerAddress.PORT);
    private static final int MAX_NDOTS = 15;

    ResolvConf {
        servers = servers.isEmpty() ? List.of(LOCAL) : List.copyOf(servers);
        search = List.copyOf(search);
    }

    /**
     * Reads the file; a missing one says nothing, as everywhere.
     *
     * @throws IOException if it is there and cannot be read
     */
    static ResolvConf read(Path file) throws IOException {
        try {
            return parse(Files.readAllLines(file));
        } catch (NoSuchFileException e) {
            return parse(List.of());
        }
    }

    static ResolvConf parse(List<String> lines) {
        List<HostPort> servers = new ArrayList<>();
        List<String> search = List.of();
        int ndots = 1;
        for (String line : lines) {
            String[] words = line.strip().split("\\s+", -1);
            List<String> values = List.of(words).subList(1, words.length);
            switch (words[0]) {
                case "nameserver" ->
                    values.stream().limit(1).forEach(server -> servers.add(new HostPort(server, ServerAddress.PORT)));
                case "search", "domain" -> search = domains(values);
                case "options" -> ndots = ndots(values, ndots);
                default -> {
                    // comments, sortlist, and what may come
                }
            }
        }
        return new ResolvConf(servers, search, ndots);
    }

    private static List<String> domains(List<String> values) {
        return values.stream()
                .map(DomainName::withoutTrailingDot)
                .filter(domain -> DomainName.fault(domain).isEmpty())
                .toList();
    }

    private static int ndots(List<String> options, int before) {
        int result = before;
        for (String option : options) {
            if (option.matches("ndots:\\d{1,4}")) {
                result = Math.min(MAX_NDOTS, Integer.parseInt(option.substring("ndots:".length())));
            }
        }
        return result;
    }
}
