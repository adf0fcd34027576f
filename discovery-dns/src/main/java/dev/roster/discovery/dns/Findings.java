package dev.roster.discovery.dns;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All findings of a scan, and the sighting they make.
 *
 * @param findings one for each name, in the order in which names win over each other
 * @param scopes where was looked
 * @param anyAlive whether one of these servers has answered anything during the scan
 */
record Findings(List<Finding> findings, Set<Scope> scopes, Predicate<Set<InetSocketAddress>> anyAlive) {

    private static final int MOST_NAMED = 5;

    Findings {
        findings = List.copyOf(findings);
        scopes = Set.copyOf(scopes);
    }

    /**
     * Where a server is: who comes second there is the same worker under another name. All addresses of one family count
     * together, since a name that leads to several servers is not the name of each of them.
     */
    private record Place(Set<Finding.IpAddress> addresses, int port) {

        static List<Place> of(Finding.Seen seen) {
            return seen.addresses().stream()
                    .collect(Collectors.partitioningBy(Finding.IpAddress::isIpv6, Collectors.toSet()))
                    .values()
                    .stream()
                    .filter(family -> !family.isEmpty())
                    .map(family -> new Place(family, seen.address().port()))
                    .toList();
        }

        @Override
        public String toString() {
            return addresses.stream().map(Finding.IpAddress::text).sorted().collect(Collectors.joining(", "));
        }
    }

    /**
     * The sighting: complete if every name is present or denied, unavailable if no name is, else partial.
     *
     * @param at when the scan ended
     */
    Sighting sighting(Instant at) {
        List<String> unknown = unknown();
        if (!unknown.isEmpty() && findings.stream().noneMatch(this::isTold)) {
            return new Sighting.Unavailable(
                    DnsDiscoveryProvider.TYPE,
                    at,
                    "no name could be looked up: " + some(unknown)
                            + "; check that roster.dns.servers, or resolv.conf without it, names servers that answer here");
        }
        Sorting sorting = new Sorting();
        findings.forEach(sorting::add);
        if (!unknown.isEmpty()) {
            return new Sighting.Partial(
                    DnsDiscoveryProvider.TYPE,
                    at,
                    sorting.workers(),
                    "these names could not be looked up: " + some(unknown));
        }
        return new Sighting.Complete(
                DnsDiscoveryProvider.TYPE, at, scopes, sorting.workers(), sorting.setAside, sorting.alsoPresent, false);
    }

    private List<String> unknown() {
        List<String> unknown = new ArrayList<>();
        for (Finding finding : findings) {
            unknown.addAll(finding.unknown());
            if (isDoubted(finding)) {
                unknown.add(finding.sought().name()
                        + " (denied by one server after another, asked before, could not tell)");
            }
        }
        return unknown;
    }

    private boolean isTold(Finding finding) {
        return finding.isPresent() || (finding.unknown().isEmpty() && !isDoubted(finding));
    }

    /** A server that is alive and could not tell may know the name that the next one denies. */
    private boolean isDoubted(Finding finding) {
        return !finding.isPresent()
                && finding.unknown().isEmpty()
                && !finding.passedOver().isEmpty()
                && anyAlive.test(finding.passedOver());
    }

    private static String some(List<String> words) {
        String named = words.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return words.size() <= MOST_NAMED ? named : named + " and " + (words.size() - MOST_NAMED) + " more";
    }

    /** Sorts what was seen into workers and second names, in order. */
    private final class Sorting {

        private final List<Found> found = new ArrayList<>();
        private final List<Sighting.SetAside> setAside = new ArrayList<>();
        private final Set<HostPort> alsoPresent = new HashSet<>();
        private final Map<Place, HostPort> taken = new HashMap<>();
        private final Set<HostPort> known = new HashSet<>();
        private final Map<SoughtName.Origin, SoughtName> firstDomain = new HashMap<>();
        private final Map<String, Integer> portsOfHost = new HashMap<>();

        private record Found(SoughtName sought, Finding.Seen seen) {}

        void add(Finding finding) {
            SoughtName sought = finding.sought();
            SoughtName first = firstDomain.get(sought.origin());
            boolean secondDomain = first != null;
            if (!secondDomain && (finding.isPresent() || !isTold(finding))) {
                firstDomain.put(sought.origin(), sought);
            }
            for (HostPort target : finding.idle()) {
                setAside.add(new Sighting.SetAside(
                        target.toString(),
                        "the SRV record of " + sought.name()
                                + " names it, but it has no address; give it one, or take it off the record"));
                alsoPresent.add(target);
            }
            for (Finding.Seen seen : finding.seen()) {
                if (first == null) {
                    add(sought, seen);
                } else {
                    setAside(
                            seen,
                            "exists too, but " + first.name() + " lies in a domain that comes first in"
                                    + " roster.dns.domain, and counts");
                }
            }
        }

        private void add(SoughtName sought, Finding.Seen seen) {
            if (known.contains(seen.address())) {
                return;
            }
            for (Place place : Place.of(seen)) {
                HostPort first = taken.get(place);
                if (first != null) {
                    setAside(
                            seen,
                            "has the address " + place + " of " + first.host()
                                    + ", which comes first; the two names are one worker");
                    return;
                }
            }
            known.add(seen.address());
            Place.of(seen).forEach(place -> taken.put(place, seen.address()));
            portsOfHost.merge(key(seen.address()), 1, Integer::sum);
            found.add(new Found(sought, seen));
        }

        private void setAside(Finding.Seen seen, String sentence) {
            if (alsoPresent.add(seen.address())) {
                setAside.add(new Sighting.SetAside(seen.address().host(), sentence));
            }
        }

        List<Worker> workers() {
            return found.stream().map(this::worker).toList();
        }

        private Worker worker(Found one) {
            HostPort address = one.seen().address();
            boolean alone = portsOfHost.getOrDefault(key(address), 1) == 1;
            return new Worker(
                    alone ? address.host() : address.toString(),
                    address,
                    WorkerHealth.UNKNOWN,
                    "resolves to "
                            + one.seen().addresses().stream()
                                    .map(Finding.IpAddress::text)
                                    .collect(Collectors.joining(", ")),
                    one.sought().group(),
                    one.sought().scope(),
                    false);
        }

        private static String key(HostPort address) {
            return address.host().toLowerCase(Locale.ROOT);
        }
    }
}
