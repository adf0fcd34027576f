package dev.roster.discovery.dns;

import dev.roster.discovery.Scope;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Everything that one scan looks up, in the order in which names win over each other: by pattern, then by name, then by
 * domain. A name that two patterns make belongs to the first of them.
 *
 * @param names the names
 * @param scopes where they are looked for: one scope for each pattern in each domain
 */
record SoughtNames(List<SoughtName> names, Set<Scope> scopes) {

    SoughtNames {
        names = List.copyOf(names);
        scopes = Set.copyOf(scopes);
    }

    /** Makes the names of all patterns, in the configured domains or, without any, by the machine's search list. */
    static SoughtNames of(DnsSettings settings, ResolvConf resolvConf) {
        Collector collector = new Collector(settings, resolvConf);
        for (int number = 0; number < settings.patterns().size(); number++) {
            collector.add(number, settings.patterns().get(number));
        }
        return new SoughtNames(collector.names, collector.scopes);
    }

    /** Gathers the names of one pattern after another. */
    private static final class Collector {

        private final DnsSettings settings;
        private final ResolvConf resolvConf;
        private final List<SoughtName> names = new ArrayList<>();
        private final Set<Scope> scopes = new LinkedHashSet<>();
        private final Set<String> known = new HashSet<>();

        Collector(DnsSettings settings, ResolvConf resolvConf) {
            this.settings = settings;
            this.resolvConf = resolvConf;
        }

        void add(int number, NamePattern pattern) {
            int port = pattern.port().orElse(settings.workerPort());
            pattern.forEach(made -> {
                String plain = DomainName.withoutTrailingDot(made.name());
                SoughtName.Origin origin = new SoughtName.Origin(number, plain);
                if (isComplete(pattern, plain)) {
                    add(plain, List.of(plain), pattern, made, port, "", origin);
                } else if (settings.domains().isEmpty()) {
                    add(plain, bySearchList(plain), pattern, made, port, searchWords(), origin);
                } else {
                    for (String domain : settings.domains()) {
                        String full = plain + "." + domain;
                        add(full, List.of(full), pattern, made, port, " in " + domain, origin);
                    }
                }
            });
        }

        private boolean isComplete(NamePattern pattern, String name) {
            return pattern.isComplete()
                    || settings.domains().stream().anyMatch(domain -> DomainName.isWithin(name, domain));
        }

        private void add(
                String name,
                List<String> candidates,
                NamePattern pattern,
                NamePattern.Made made,
                int port,
                String where,
                SoughtName.Origin origin) {
            String ports = pattern.kind() == NamePattern.Kind.SERVICE ? "" : ", port " + port;
            Scope scope = new Scope(DnsDiscoveryProvider.TYPE, pattern.text() + where + ports);
            scopes.add(scope);
            if (known.add(name.toLowerCase(Locale.ROOT) + " " + ports)) {
                names.add(new SoughtName(name, candidates, pattern.kind(), made.group(), port, scope, origin));
            }
        }

        /** As every resolver does it: a name with enough dots is tried as it is first, any other last (resolv.conf(5)). */
        private List<String> bySearchList(String name) {
            List<String> candidates = new ArrayList<>();
            resolvConf.search().stream()
                    .map(domain -> name + "." + domain)
                    .filter(candidate -> DomainName.fault(candidate).isEmpty())
                    .forEach(candidates::add);
            long dots = name.chars().filter(c -> c == '.').count();
            candidates.add(dots >= resolvConf.ndots() ? 0 : candidates.size(), name);
            return candidates;
        }

        private String searchWords() {
            return resolvConf.search().isEmpty() ? "" : " by the search list " + String.join(" ", resolvConf.search());
        }
    }
}
