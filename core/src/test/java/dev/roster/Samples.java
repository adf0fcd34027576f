package dev.roster;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Sightings;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Refusal;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.Action;
import dev.roster.plan.Memory;
import dev.roster.plan.Observation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Ordinary values for tests that look at one thing: node {@code n} is {@code pg-n:5432}, group {@code n}. */
public final class Samples {

    /** The time of everything. */
    public static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");

    /** Where everything was seen. */
    public static final Scope SCOPE = new Scope("docker", "engine A, project shop");

    private Samples() {}

    /** {@code pg-n:5432}. */
    public static HostPort address(int n) {
        return new HostPort("pg-" + n, 5432);
    }

    /** The identity of server n. */
    public static Identity identity(int n) {
        return new Identity("700" + n, "server-" + n);
    }

    /** Worker n, ready. */
    public static Worker worker(int n) {
        return worker(n, WorkerHealth.READY);
    }

    /** Worker n. */
    public static Worker worker(int n, WorkerHealth health) {
        return new Worker("pg-" + n, address(n), health, "", Optional.empty(), SCOPE, true);
    }

    /** An active row for server n. */
    public static Node node(int n) {
        return new Node(
                new NodeId(n), new GroupId(n), address(n), NodeRole.PRIMARY, "default", true, true, true, true, false);
    }

    /** The member whose row is {@link #node}. */
    public static Member member(int n) {
        return new Member(
                new NodeId(n),
                new GroupId(n),
                address(n),
                Optional.of(identity(n)),
                Origin.ADDED,
                Optional.of(SCOPE),
                NOW.minusSeconds(3600),
                Optional.empty(),
                false,
                Set.of());
    }

    /** An add of worker n. */
    public static Action.AddNode add(int n) {
        return new Action.AddNode(worker(n), Optional.of(identity(n)), Optional.empty(), "seen by docker and ready");
    }

    /** A removal of node n. */
    public static Action.RemoveNode remove(int n, boolean dead) {
        return new Action.RemoveNode(node(n), member(n), dead, "its container is gone");
    }

    /** A refusal. */
    public static Refusal refusal(Refusal.Situation situation, Optional<HostPort> culprit) {
        return new Refusal(situation, "it was refused", "mend it", "08006", culprit);
    }

    /** An answer of server n. */
    public static ProbeResult answered(int n, Instant at) {
        return new ProbeResult.Answered(at, report(n));
    }

    /** No answer. */
    public static ProbeResult failed(Instant at) {
        return new ProbeResult.Failed(at, ProbeFailure.UNREACHABLE, "does not answer");
    }

    /** What server n says. */
    public static ServerReport report(int n) {
        return new ServerReport(
                identity(n),
                NOW.minusSeconds(60),
                false,
                false,
                1,
                "0/3000060",
                new GroupId(n),
                3,
                Optional.empty(),
                Optional.empty());
    }

    /** A cluster of these nodes, each a member. */
    public static ClusterSnapshot cluster(List<Node> nodes) {
        return new ClusterSnapshot(
                NOW,
                new CoordinatorState(
                        new HostPort("master", 5432),
                        "postgres",
                        "7000",
                        Optional.empty(),
                        "13.2-1",
                        Optional.empty(),
                        false,
                        false),
                nodes,
                Map.of(),
                new LedgerSnapshot(
                        nodes.stream()
                                .filter(node -> !node.isCoordinator())
                                .map(node -> member(node.id().value()))
                                .toList(),
                        List.of(),
                        List.of()));
    }

    /** One source that saw these workers. */
    public static Sightings sightings(List<Worker> workers) {
        return new Sightings(
                workers,
                List.of(new Sighting.Complete("docker", NOW, Set.of(SCOPE), workers, List.of(), Set.of(), true)));
    }

    /** All of it. */
    public static Observation seen(List<Node> nodes, List<Worker> workers, Map<HostPort, ProbeResult> probes) {
        return new Observation(cluster(nodes), sightings(workers), probes, Memory.NONE);
    }
}
