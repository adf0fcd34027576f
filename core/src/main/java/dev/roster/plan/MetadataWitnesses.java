package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.Worker;
import dev.roster.identity.ServerReport;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Servers whose metadata can show that the coordinator is older than they are, each with the start of its server: what was
 * compared once is compared again only after a restart.
 *
 * @param members active nodes whose metadata is in sync, so that they know nothing the coordinator does not
 * @param former servers without a row that have this cluster's metadata, of an earlier day: no id of theirs is one that the
 *     coordinator has never given
 */
public record MetadataWitnesses(Map<HostPort, Instant> members, Map<HostPort, Instant> former) {

    public MetadataWitnesses {
        members = Map.copyOf(members);
        former = Map.copyOf(former);
    }

    /** Those that answered lately. */
    public static MetadataWitnesses of(Observation seen, PlanSettings settings, Instant now) {
        Overview overview = new Overview(seen, settings, now);
        Map<HostPort, Instant> members = new HashMap<>();
        for (Node node : overview.cluster().nodes()) {
            if (node.isActivePrimary() && !node.isCoordinator() && node.hasMetadata() && node.metadataSynced()) {
                overview.answer(node.address())
                        .filter(report -> isItself(overview, node, report))
                        .ifPresent(report -> members.put(node.address(), report.startTime()));
            }
        }
        Map<HostPort, Instant> former = new HashMap<>();
        for (Worker worker : overview.unregistered()) {
            overview.answer(worker.address())
                    .filter(report -> isOfThisCluster(overview, report))
                    .ifPresent(report -> former.put(worker.address(), report.startTime()));
        }
        return new MetadataWitnesses(members, former);
    }

    private static boolean isItself(Overview overview, Node node, ServerReport report) {
        boolean ownData = overview.member(node.id())
                .map(member -> member.mayHaveDataOf(report))
                .orElse(true);
        return ownData && report.localGroup().equals(node.group()) && !overview.servers.hasOthersMetadata(report);
    }

    /** Only what the server itself says counts: a former member may be another cluster's by now. */
    private static boolean isOfThisCluster(Overview overview, ServerReport report) {
        return report.nodes() > 0
                && report.candidate()
                        .flatMap(ServerReport.Candidate::coordinatorIdentifier)
                        .filter(overview.coordinator().systemIdentifier()::equals)
                        .isPresent();
    }

    /** Those of them for which this holds. */
    public MetadataWitnesses only(BiPredicate<HostPort, Instant> which) {
        return new MetadataWitnesses(only(members, which), only(former, which));
    }

    private static Map<HostPort, Instant> only(Map<HostPort, Instant> all, BiPredicate<HostPort, Instant> which) {
        Map<HostPort, Instant> some = new HashMap<>(all);
        some.entrySet().removeIf(each -> !which.test(each.getKey(), each.getValue()));
        return some;
    }

    /** Whether there are none. */
    public boolean isEmpty() {
        return members.isEmpty() && former.isEmpty();
    }

    /** When the server at this address started. */
    public Instant startOf(HostPort address) {
        Instant start = members.get(address);
        return start == null ? former.getOrDefault(address, Instant.EPOCH) : start;
    }

    /** Whether one of these addresses is among them. */
    public boolean containsAny(Collection<HostPort> addresses) {
        return addresses.stream().anyMatch(each -> members.containsKey(each) || former.containsKey(each));
    }
}
