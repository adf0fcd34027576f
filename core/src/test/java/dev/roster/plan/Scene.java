package dev.roster.plan;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.cluster.RebalanceJob;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Sightings;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeResult;
import dev.roster.ledger.Intent;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.ledger.Tombstone;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One observation in the making, told in the words of the table. It starts with a coordinator of an ordinary cluster, a
 * Docker engine that sights nobody, and memory of nothing; {@link #plan()} remembers this look first, as a pass does.
 */
final class Scene {

    static final Scope DOCKER = new Scope("docker", "engine A, project shop");
    static final Scope LIST = new Scope("static", "the list");
    static final HostPort COORDINATOR = new HostPort("master", 5432);

    Instant now = Instant.parse("2030-01-01T12:00:00Z");
    PlanSettings settings = PlanSettings.DEFAULTS;
    Memory memory = Memory.NONE;
    HostPort dialed = COORDINATOR;
    Optional<Instant> coordinatorStart = Optional.of(Instant.parse("2029-12-31T00:00:00Z"));
    Optional<HostPort> registered = Optional.of(COORDINATOR);
    boolean referenceTables = true;

    final Map<NodeId, Node> nodes = new LinkedHashMap<>();
    final Map<GroupId, Placements> placements = new HashMap<>();
    final Map<NodeId, Member> members = new LinkedHashMap<>();
    final List<Tombstone> tombstones = new ArrayList<>();
    final List<Intent> intents = new ArrayList<>();
    Optional<NodeId> joinsServed = Optional.empty();
    final List<RebalanceJob> jobs = new ArrayList<>();
    final List<Worker> docker = new ArrayList<>();
    final List<Worker> listed = new ArrayList<>();
    final Set<HostPort> alsoPresent = new HashSet<>();
    final Map<HostPort, ProbeResult> probes = new HashMap<>();
    Optional<Sighting> dockerAnswer = Optional.empty();
    Optional<Sighting> listAnswer = Optional.empty();

    Scene() {
        node(1, 0, "master");
    }

    static HostPort at(String host) {
        return HostPort.parse(host, 5432);
    }

    // ---- what discovery sees

    Scene worker(String host) {
        return worker(host, WorkerHealth.READY);
    }

    Scene worker(String host, WorkerHealth health) {
        return worker(host, health, Optional.empty());
    }

    Scene worker(String host, WorkerHealth health, Optional<GroupId> group) {
        docker.removeIf(worker -> worker.address().equals(at(host)));
        docker.add(new Worker(at(host).host(), at(host), health, "", group, DOCKER, true));
        return this;
    }

    Scene listed(String host) {
        listed.add(new Worker(at(host).host(), at(host), WorkerHealth.UNKNOWN, "", Optional.empty(), LIST, false));
        return this;
    }

    Scene unsighted(String host) {
        docker.removeIf(worker -> worker.address().equals(at(host)));
        listed.removeIf(worker -> worker.address().equals(at(host)));
        return this;
    }

    // ---- what the coordinator says

    Scene node(int id, int group, String host) {
        nodes.put(
                new NodeId(id),
                new Node(
                        new NodeId(id),
                        new GroupId(group),
                        at(host),
                        NodeRole.PRIMARY,
                        "default",
                        true,
                        true,
                        true,
                        group != 0,
                        false));
        return this;
    }

    Scene secondary(int id, int group, String host) {
        nodes.put(
                new NodeId(id),
                new Node(
                        new NodeId(id),
                        new GroupId(group),
                        at(host),
                        NodeRole.SECONDARY,
                        "default",
                        true,
                        false,
                        false,
                        true,
                        false));
        return this;
    }

    Scene change(int id, UnaryOperator<Node> how) {
        nodes.computeIfPresent(new NodeId(id), (_, node) -> how.apply(node));
        return this;
    }

    Scene inactive(int id) {
        return change(
                id,
                node -> new Node(
                        node.id(),
                        node.group(),
                        node.address(),
                        node.role(),
                        node.cluster(),
                        false,
                        node.hasMetadata(),
                        node.metadataSynced(),
                        node.shouldHaveShards(),
                        node.isClone()));
    }

    Scene unsynced(int id) {
        return change(
                id,
                node -> new Node(
                        node.id(),
                        node.group(),
                        node.address(),
                        node.role(),
                        node.cluster(),
                        node.isActive(),
                        node.hasMetadata(),
                        false,
                        node.shouldHaveShards(),
                        node.isClone()));
    }

    Scene takesNoShards(int id) {
        return change(
                id,
                node -> new Node(
                        node.id(),
                        node.group(),
                        node.address(),
                        node.role(),
                        node.cluster(),
                        node.isActive(),
                        node.hasMetadata(),
                        node.metadataSynced(),
                        false,
                        node.isClone()));
    }

    Scene holds(int group, int distributed, int soleDistributed, int reference, int soleReference) {
        placements.put(
                new GroupId(group),
                new Placements(
                        distributed,
                        soleDistributed,
                        reference,
                        soleReference,
                        distributed + reference > 0 ? Optional.of("public.d_10200" + group) : Optional.empty()));
        return this;
    }

    Scene holdsSoleCopies(int group) {
        return holds(group, 8, 8, 1, 0);
    }

    // ---- what the ledger knows

    Scene member(int id, String identifier) {
        return member(id, identifier, Origin.ADDED, DOCKER);
    }

    Scene member(int id, String identifier, Origin origin, Scope scope) {
        Node node = Objects.requireNonNull(nodes.get(new NodeId(id)));
        members.put(
                node.id(),
                new Member(
                        node.id(),
                        node.group(),
                        node.address(),
                        Optional.of(new Identity(identifier, "server-" + identifier)),
                        origin,
                        Optional.of(scope),
                        now.minus(Duration.ofDays(1)),
                        Optional.of(new Member.LastSeen(Reports.BOOT, false, 1, "0/3000000")),
                        false,
                        Set.of()));
        return this;
    }

    Scene changeMember(int id, UnaryOperator<Member> how) {
        members.computeIfPresent(new NodeId(id), (_, member) -> how.apply(member));
        return this;
    }

    /** The member joined so long ago. */
    Scene joined(int id, Duration ago) {
        return changeMember(
                id,
                member -> new Member(
                        member.node(),
                        member.group(),
                        member.address(),
                        member.identity(),
                        member.origin(),
                        member.scope(),
                        now.minus(ago),
                        member.lastSeen(),
                        member.disabledByRoster(),
                        member.aliases()));
    }

    Scene tombstone(String identifier, int group, String host, boolean shouldHaveShards) {
        tombstones.add(new Tombstone(
                new NodeId(100 + group),
                new GroupId(group),
                at(host),
                Optional.of(new Identity(identifier, "server-" + identifier)),
                shouldHaveShards,
                now.minus(Duration.ofHours(1)),
                "roster"));
        return this;
    }

    /** Somebody ordered something for a row, or for a server that once had this row. */
    Scene ordered(Intent.Kind kind, Intent.Stage stage, int id, String host, String identifier) {
        Intent given = Intent.ordered(
                kind,
                Optional.of(new NodeId(id)),
                at(host),
                Optional.of(new Identity(identifier, "server-" + identifier)),
                true,
                Intent.TransferMode.AUTO,
                Optional.empty(),
                "operator",
                now.minusSeconds(60));
        intents.add(come(given, stage, id));
        return this;
    }

    /** An order to rebalance, for which this job was started. */
    Scene rebalance(Intent.Stage stage, long job) {
        Intent given = Intent.ordered(
                Intent.Kind.REBALANCE,
                Optional.empty(),
                COORDINATOR,
                Optional.empty(),
                true,
                Intent.TransferMode.AUTO,
                Optional.empty(),
                "operator",
                now.minusSeconds(60));
        intents.add(
                stage == Intent.Stage.CANCELLED
                        ? given.running(Optional.of(job)).at(stage)
                        : come(given, stage, job));
        return this;
    }

    private static Intent come(Intent given, Intent.Stage stage, long job) {
        return switch (stage) {
            case ORDERED, DONE, CANCELLED -> given.at(stage);
            case RUNNING -> given.running(Optional.of(job));
            case FAILED -> given.stopped(Optional.of("no"));
        };
    }

    // ---- what the servers say

    Scene answers(String host, Reports report) {
        probes.put(at(host), new ProbeResult.Answered(now, report.report()));
        return this;
    }

    Scene answersBlank(String host, String identifier) {
        return answers(host, Reports.blank(identifier));
    }

    Scene answersOfGroup(String host, String identifier, int group) {
        return answers(host, Reports.ofGroup(identifier, group));
    }

    Scene fails(String host, ProbeFailure failure, String sentence) {
        probes.put(at(host), new ProbeResult.Failed(now, failure, sentence));
        return this;
    }

    Scene isDead(String host) {
        return fails(host, ProbeFailure.REFUSED, "nobody listens there");
    }

    /** A member as it should be: sighted by docker, answering with its data. */
    Scene livingMember(int id, int group, String host, String identifier) {
        node(id, group, host).member(id, identifier).worker(host);
        return answersOfGroup(host, identifier, group);
    }

    /** A member that docker no longer sights, its server dead. */
    Scene goneMember(int id, int group, String host, String identifier) {
        return node(id, group, host).member(id, identifier).isDead(host);
    }

    // ---- time

    /** Remembers this look, and lets time pass; probes are made anew with the same answers. */
    Scene later(Duration time) {
        memory = remembered();
        now = now.plus(time);
        probes.replaceAll((_, probe) -> switch (probe) {
            case ProbeResult.Answered answered -> new ProbeResult.Answered(now, answered.report());
            case ProbeResult.Failed failed -> new ProbeResult.Failed(now, failed.failure(), failed.sentence());
        });
        return this;
    }

    /** Lets the probe of an address be this old. */
    Scene probedBefore(String host, Duration age) {
        probes.computeIfPresent(at(host), (_, probe) -> switch (probe) {
            case ProbeResult.Answered answered -> new ProbeResult.Answered(now.minus(age), answered.report());
            case ProbeResult.Failed failed ->
                new ProbeResult.Failed(now.minus(age), failed.failure(), failed.sentence());
        });
        return this;
    }

    Scene with(Consumer<Scene> change) {
        change.accept(this);
        return this;
    }

    // ---- the answer

    Memory remembered() {
        return memory.next(cluster(), sightings(), probes, settings, now);
    }

    ClusterSnapshot cluster() {
        return new ClusterSnapshot(
                        now,
                        new CoordinatorState(
                                dialed,
                                "postgres",
                                Reports.COORDINATOR,
                                coordinatorStart,
                                Reports.VERSION,
                                registered,
                                referenceTables,
                                true),
                        List.copyOf(nodes.values()),
                        placements,
                        new LedgerSnapshot(
                                List.copyOf(members.values()),
                                tombstones,
                                intents,
                                Optional.empty(),
                                List.of(),
                                joinsServed))
                .with(jobs);
    }

    Sightings sightings() {
        Sighting engine = dockerAnswer.orElseGet(
                () -> new Sighting.Complete("docker", now, Set.of(DOCKER), docker, List.of(), alsoPresent, true));
        Sighting list = listAnswer.orElseGet(
                () -> new Sighting.Complete("static", now, Set.of(LIST), listed, List.of(), Set.of(), false));
        return Sightings.merge(List.of(engine, list));
    }

    Observation observation() {
        return new Observation(cluster(), sightings(), probes, remembered());
    }

    Plan plan() {
        return new Planner(settings).plan(observation(), now);
    }

    Plan filtered(Holdbacks holdbacks) {
        return Filters.apply(plan(), observation(), settings, holdbacks, now);
    }

    Plan filtered() {
        return filtered(Holdbacks.NONE);
    }

    Verdict verdict(String host) {
        return verdict(plan(), host);
    }

    static Verdict verdict(Plan plan, String host) {
        return plan.verdicts().stream()
                .filter(verdict -> verdict.address().equals(at(host)))
                .findFirst()
                .orElseThrow();
    }
}
