package dev.roster.discovery.staticlist;

import dev.roster.cluster.HostPort;
import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.Option;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscoveryProvider;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes the source {@code static}: workers listed in {@code roster.static.workers}. */
public final class StaticDiscoveryProvider implements WorkerDiscoveryProvider {

    /** The word in {@code roster.discovery}. */
    static final String TYPE = "static";

    /** {@code roster.static.workers}. */
    static final Option<List<StaticWorker>> WORKERS = Option.optional(
            "workers",
            StaticWorker.ACCEPTED,
            "The workers, such as `worker-1,worker-2:5433,db.example.com@3`. The name written here is the name registered; a"
                    + " port left out is 5432, a group left out is chosen by Citus. Required while the source is in use.",
            StaticWorker::parseList);

    /** For the service loader. */
    public StaticDiscoveryProvider() {}

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String description() {
        return "Workers named in a list in the configuration.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of(WORKERS);
    }

    @Override
    public WorkerDiscovery create(DiscoveryContext context) {
        List<StaticWorker> listed = context.options()
                .find(WORKERS)
                .orElseThrow(() -> new IllegalArgumentException(
                        "roster.static.workers is not set, and the source static needs it; accepted: "
                                + StaticWorker.ACCEPTED));
        return new StaticDiscovery(sighted(listed, context.defaultPort()), context.clock());
    }

    private static List<Worker> sighted(List<StaticWorker> listed, int defaultPort) {
        Map<String, Integer> entriesOfHost = new HashMap<>();
        Set<HostPort> addresses = new HashSet<>();
        for (StaticWorker worker : listed) {
            entriesOfHost.merge(worker.host().toLowerCase(Locale.ROOT), 1, Integer::sum);
            if (!addresses.add(worker.address(defaultPort))) {
                throw new IllegalArgumentException(
                        "roster.static.workers lists " + worker.address(defaultPort) + " twice; keep one of them");
            }
        }
        return listed.stream()
                .map(worker -> {
                    boolean alone = entriesOfHost.getOrDefault(worker.host().toLowerCase(Locale.ROOT), 1) == 1;
                    String name =
                            alone ? worker.host() : worker.address(defaultPort).toString();
                    return worker.sighted(name, defaultPort);
                })
                .toList();
    }
}
