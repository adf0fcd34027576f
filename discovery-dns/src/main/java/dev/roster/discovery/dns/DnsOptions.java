package dev.roster.discovery.dns;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.DurationText;
import dev.roster.discovery.Option;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Every option under {@code roster.dns.}. */
final class DnsOptions {

    static final Option<List<NamePattern>> PATTERNS = Option.optional(
            "patterns",
            NamePattern.ACCEPTED,
            "The names to look up. `{1..20}` is a range, `{01..20}` a zero-padded one, `{a,b}` a list, `{group=1..3}` a range"
                    + " that also gives the Citus group. `_service._tcp.NAME` asks for SRV records, `tasks.NAME` for the"
                    + " containers of a Swarm service; `:5433` at the end is the port, a dot at the end makes the name"
                    + " complete. Left out, and only with roster.dns.domain set: `" + NamePattern.DEFAULTS + "`.",
            NamePattern::parseList);

    static final Option<List<String>> DOMAIN = Option.optional(
            "domain",
            "domains separated by commas, such as railway.internal",
            "The domains in which the names are looked up; of several that know a name, the first counts. The name is"
                    + " registered with its domain. Left out, names are found by the search list of resolv.conf and"
                    + " registered without a domain.",
            DnsOptions::domains);

    static final Option<List<HostPort>> SERVERS = Option.optional(
            "servers",
            ServerAddress.ACCEPTED,
            "The DNS servers to ask, in order. Left out, those of resolv.conf.",
            ServerAddress::parseList);

    static final Option<Integer> WORKER_PORT = Option.withDefault(
            "worker-port",
            "5432",
            "a port from 1 to 65535",
            "The PostgreSQL port of workers whose pattern names none and that no SRV record tells.",
            text -> number(text, 65_535, "is not a port from 1 to 65535"));

    static final Option<Duration> INTERVAL = Option.withDefault(
            "interval",
            "15s",
            DurationText.ACCEPTED,
            "From the start of one scan to the start of the next.",
            DurationText::parse);

    static final Option<Duration> TIMEOUT = Option.withDefault(
            "timeout", "2s", DurationText.ACCEPTED, "How long one try of one lookup may take.", DurationText::parse);

    static final Option<Integer> TRIES = Option.withDefault(
            "tries",
            "2",
            "a whole number from 1 to 10",
            "How often each server is asked for a name before its silence counts.",
            text -> number(text, 10, "is not a whole number from 1 to 10"));

    static final Option<Integer> CONCURRENCY = Option.withDefault(
            "concurrency",
            "64",
            "a whole number from 1 to 1000",
            "How many lookups may be under way at once.",
            text -> number(text, 1_000, "is not a whole number from 1 to 1000"));

    static final List<Option<?>> ALL =
            List.of(PATTERNS, DOMAIN, SERVERS, WORKER_PORT, INTERVAL, TIMEOUT, TRIES, CONCURRENCY);

    private DnsOptions() {}

    private static List<String> domains(String text) {
        List<String> domains = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            String domain = DomainName.withoutTrailingDot(entry.strip());
            DomainName.fault(domain).ifPresent(fault -> {
                throw new IllegalArgumentException("has the domain '" + entry.strip() + "', " + fault);
            });
            domains.add(domain);
        }
        return List.copyOf(domains);
    }

    private static int number(String text, int most, String fault) {
        if (text.strip().matches("\\d{1,6}")) {
            int number = Integer.parseInt(text.strip());
            if (number >= 1 && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException(fault);
    }
}
