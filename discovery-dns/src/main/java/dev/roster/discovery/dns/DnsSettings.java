package dev.roster.discovery.dns;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.OptionValues;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the DNS source was told.
 *
 * @param patterns the names to look up
 * @param domains the domains to look in, in order; without any, the machine's search list
 * @param servers the servers to ask; without any, the machine's
 * @param workerPort the PostgreSQL port of workers
 * @param interval from the start of one scan to the start of the next
 * @param timeout how long one try may take
 * @param tries how often a server that does not answer is asked
 * @param concurrency how many questions may be under way at once
 */
record DnsSettings(
        List<NamePattern> patterns,
        List<String> domains,
        List<HostPort> servers,
        int workerPort,
        Duration interval,
        Duration timeout,
        int tries,
        int concurrency) {

    DnsSettings {
        patterns = List.copyOf(patterns);
        domains = List.copyOf(domains);
        servers = List.copyOf(servers);
    }

    /**
     * Reads the options and holds them against each other.
     *
     * @throws IllegalArgumentException naming the keys, if they make no name that can be looked up, or too many
     */
    static DnsSettings of(DiscoveryContext context) {
        OptionValues values = context.options();
        List<String> domains = values.find(DnsOptions.DOMAIN).orElse(List.of());
        Optional<List<NamePattern>> patterns = values.find(DnsOptions.PATTERNS);
        if (patterns.isEmpty() && domains.isEmpty()) {
            throw new IllegalArgumentException("roster.dns.patterns is not set, and the source dns needs it unless"
                    + " roster.dns.domain is set, which tries " + NamePattern.DEFAULTS + "; accepted: "
                    + NamePattern.ACCEPTED);
        }
        DnsSettings settings = new DnsSettings(
                patterns.orElseGet(() -> NamePattern.parseList(NamePattern.DEFAULTS)),
                domains,
                values.find(DnsOptions.SERVERS).orElse(List.of()),
                values.find(DnsOptions.WORKER_PORT).orElse(context.defaultPort()),
                values.get(DnsOptions.INTERVAL),
                values.get(DnsOptions.TIMEOUT),
                values.get(DnsOptions.TRIES),
                values.get(DnsOptions.CONCURRENCY));
        settings.requireAFewNames();
        settings.requireNamesThatFit();
        settings.requireRoutes();
        return settings;
    }

    private void requireAFewNames() {
        long names = patterns.stream().mapToLong(NamePattern::size).sum() * Math.max(1, domains.size());
        if (names > NamePattern.MAX_NAMES) {
            throw new IllegalArgumentException("roster.dns.patterns and roster.dns.domain together make " + names
                    + " names; at most " + NamePattern.MAX_NAMES + " are looked up: narrow the ranges");
        }
    }

    private void requireNamesThatFit() {
        SoughtNames.of(this, new ResolvConf(List.of(), List.of(), 1))
                .names()
                .forEach(sought -> DomainName.fault(sought.name()).ifPresent(fault -> {
                    throw new IllegalArgumentException(
                            "roster.dns.patterns and roster.dns.domain together make the name '" + sought.name() + "', "
                                    + fault);
                }));
    }

    private void requireRoutes() {
        for (HostPort server : servers) {
            ServerAddress.unreachable(server).ifPresent(reason -> {
                throw new IllegalArgumentException("roster.dns.servers names " + server
                        + ", to which this machine cannot send (" + reason + "); accepted: " + ServerAddress.ACCEPTED);
            });
        }
    }
}
