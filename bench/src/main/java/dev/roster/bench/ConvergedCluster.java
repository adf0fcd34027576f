package dev.roster.bench;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.cluster.Placements;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Sightings;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.ledger.Member;
import dev.roster.ledger.Origin;
import dev.roster.plan.Memory;
import dev.roster.plan.Observation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a pass observes of a cluster whose workers are all members, each carrying shards. */
final class ConvergedCluster {

    static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private static final Scope SCOPE = new Scope("docker", "engine, project");
    private static final Instant LONG_AGO = NOW.minusSeconds(3600);

    private ConvergedCluster() {}

    static Observation of(int workers) {
        List<Node> nodes = new ArrayList<>();
        List<Member> members = new ArrayList<>();
        List<Worker> sighted = new ArrayList<>();
        Map<GroupId, Placements> placements = new HashMap<>();
        Map<HostPort, ProbeResult> probes = new HashMap<>();
        for (int i = 1; i <= workers; i++) {
            HostPort address = new HostPort("shop_worker_" + i, 5432);
            GroupId group = new GroupId(i);
            NodeId id = new NodeId(i);
            Identity identity = new Identity(Long.toString(7_000_000_000L + i), "server-" + i);
            nodes.add(new Node(id, group, address, NodeRole.PRIMARY, "default", true, true, true, true, false));
            members.add(new Member(
                    id,
                    group,
                    address,
                    Optional.of(identity),
                    Origin.ADDED,
                    Optional.of(SCOPE),
                    LONG_AGO,
                    Optional.of(new Member.LastSeen(LONG_AGO, false, 1, "0/3000060")),
                    false,
                    Set.of()));
            sighted.add(new Worker(
                    address.host(), address, WorkerHealth.READY, "Up 1 hour (healthy)", Optional.empty(), SCOPE, true));
            placements.put(group, new Placements(32, 32, 1, 0, Optional.of("public.orders_" + (102_000 + i))));
            probes.put(
                    address,
                    new ProbeResult.Answered(
                            NOW.minusSeconds(10),
                            new ServerReport(
                                    identity,
                                    LONG_AGO,
                                    false,
                                    false,
                                    1,
                                    "0/3000060",
                                    group,
                                    workers + 1,
                                    Optional.of(true),
                                    Optional.empty())));
        }
        Sighting sighting =
                new Sighting.Complete("docker", NOW.minusSeconds(1), Set.of(SCOPE), sighted, List.of(), Set.of(), true);
        ClusterSnapshot cluster = new ClusterSnapshot(
                NOW, coordinator(), nodes, placements, new LedgerSnapshot(members, List.of(), List.of()));
        return new Observation(cluster, Sightings.merge(List.of(sighting)), probes, Memory.NONE);
    }

    private static CoordinatorState coordinator() {
        HostPort address = new HostPort("shop_master", 5432);
        return new CoordinatorState(
                address, "shop", "7000000000", Optional.of(LONG_AGO), "13.2-1", Optional.of(address), true, true);
    }
}
