package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Worker;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Member;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One pass's observation, indexed once, so that no row of the table searches a list: planning stays linear. What only an
 * unusual cluster needs is indexed when first asked for.
 */
final class Overview {

    final Observation seen;
    final PlanSettings settings;
    final Instant now;
    final Coverage coverage;
    final Servers servers;
    final Copies copies;
    final Secondaries secondaries;
    final Moves moves;

    private final Map<NodeId, List<Worker>> aliases = new HashMap<>();
    private final Map<HostPort, Worker> unregistered = new LinkedHashMap<>();
    private final Once<Map<GroupId, Node>> primaries = new Once<>(this::indexPrimaries);
    private final Once<Map<String, Integer>> hosts = new Once<>(this::countHosts);

    Overview(Observation seen, PlanSettings settings, Instant now) {
        this.seen = seen;
        this.settings = settings;
        this.now = now;
        this.coverage = new Coverage(seen.sightings());
        for (Worker worker : seen.sightings().workers()) {
            if (cluster().nodeAt(worker.address()).isEmpty()) {
                unregistered.putIfAbsent(worker.address(), worker);
            }
        }
        servers = new Servers(this);
        copies = new Copies(this);
        secondaries = new Secondaries(this);
        moves = new Moves(this);
        unregistered.values().forEach(this::noteAlias);
    }

    private void noteAlias(Worker worker) {
        if (worker.health().mayBeReady()) {
            answer(worker.address())
                    .flatMap(report ->
                            servers.registeredAs(report).filter(node -> isOrMayBe(member(node.id()), report)))
                    .ifPresent(node -> aliases.computeIfAbsent(node.id(), _ -> new ArrayList<>())
                            .add(worker));
        }
    }

    /** Whether the ledger gives the member this identity, or none. */
    private static boolean isOrMayBe(Optional<Member> member, ServerReport report) {
        return member.map(known -> known.mayHaveDataOf(report)).orElse(true);
    }

    ClusterSnapshot cluster() {
        return seen.cluster();
    }

    CoordinatorState coordinator() {
        return cluster().coordinator();
    }

    /** What a person ordered for this row. */
    Optional<Intent> intentFor(Node node) {
        return cluster().ledger().intents().stream()
                .filter(intent -> intent.node().filter(node.id()::equals).isPresent())
                .findFirst();
    }

    Optional<Member> member(NodeId node) {
        return cluster().ledger().member(node);
    }

    /** The sighting that shows a node: at its own address, or else by its first living alias. */
    Optional<Worker> sightingOf(Node node) {
        Optional<Worker> direct = seen.sightings().at(node.address());
        return direct.isPresent() ? direct : aliasesOf(node).stream().findFirst();
    }

    /** Sighted workers at other addresses that are this node's running server now. */
    List<Worker> aliasesOf(Node node) {
        return aliases.getOrDefault(node.id(), List.of());
    }

    /** Sighted workers whose address no node has, in the order of the sources. */
    Collection<Worker> unregistered() {
        return unregistered.values();
    }

    /** Whether a source sights this address, which no node has, in whatever state. */
    boolean isSightedUnregistered(HostPort address) {
        return unregistered.containsKey(address);
    }

    Optional<ProbeResult> probe(HostPort address) {
        return Optional.ofNullable(seen.probes().get(address));
    }

    /** Whether a probe is young enough to tell what a server is. */
    boolean isFresh(ProbeResult probe) {
        return isYounger(probe, settings.probe().maxAge());
    }

    /** Whether a probe is young enough to add, remove, or disable on its strength. */
    boolean isFreshEnoughToAct(ProbeResult probe) {
        return isYounger(probe, settings.probe().maxAgeToAct());
    }

    private boolean isYounger(ProbeResult probe, Duration age) {
        return !probe.at().isBefore(now.minus(age));
    }

    /** What the server at this address says of itself, if it was asked lately and answered. */
    Optional<ServerReport> answer(HostPort address) {
        return seen.probes().get(address) instanceof ProbeResult.Answered answered && isFresh(answered)
                ? Optional.of(answered.report())
                : Optional.empty();
    }

    /** The primary's row of a group, if it has one. */
    Optional<Node> primaryOf(GroupId group) {
        return Optional.ofNullable(primaries.get().get(group));
    }

    private Map<GroupId, Node> indexPrimaries() {
        Map<GroupId, Node> index = new HashMap<>();
        cluster().nodes().stream()
                .filter(node -> node.role() == NodeRole.PRIMARY)
                .forEach(node -> index.putIfAbsent(node.group(), node));
        return index;
    }

    /** What people call a node that nobody sights: its host, or host and port where several nodes share a host. */
    String nameOf(Node node) {
        String host = node.address().host();
        return hosts.get().getOrDefault(host, 0) > 1 ? node.address().toString() : host;
    }

    private Map<String, Integer> countHosts() {
        Map<String, Integer> count = new HashMap<>();
        cluster().nodes().forEach(node -> count.merge(node.address().host(), 1, Integer::sum));
        return count;
    }

    /** Members whose row is no longer in {@code pg_dist_node}. */
    List<Member> vanished() {
        List<Member> members = cluster().ledger().members();
        long present = cluster().nodes().stream()
                .filter(node -> member(node.id()).isPresent())
                .count();
        if (present == members.size()) {
            return List.of();
        }
        Set<NodeId> nodes = cluster().nodes().stream().map(Node::id).collect(Collectors.toSet());
        return members.stream()
                .filter(member -> !nodes.contains(member.node()))
                .sorted(Comparator.comparing(Member::node))
                .toList();
    }
}
