package dev.roster.identity;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Sightings;
import dev.roster.discovery.Worker;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Groups of whose data there is a second server: a standby, or a copy. They are asked more often than others, the primary and
 * its copies together, since only answers of one moment tell a failover from a twin; and every second while a group has lost
 * its primary.
 */
final class WatchedGroups {

    /** While a group has no writable server that is known to be right. */
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private final PlanSettings settings;
    private final ProbeHistory history;
    private final Map<HostPort, Situation> before;
    private final Map<NodeId, Group> groups = new HashMap<>();
    private final Map<HostPort, Group> byCopy = new HashMap<>();

    /** A primary's row and where its data was seen elsewhere. */
    private record Group(Node primary, List<HostPort> copies) {}

    WatchedGroups(
            PlanSettings settings,
            ClusterSnapshot cluster,
            Sightings sightings,
            ProbeHistory history,
            Map<HostPort, Situation> before) {
        this.settings = settings;
        this.history = history;
        this.before = before;
        Map<GroupId, Node> primaries = new HashMap<>();
        for (Node node : cluster.nodes()) {
            if (node.role() == NodeRole.PRIMARY && !node.isCoordinator()) {
                primaries.put(node.group(), node);
            }
        }
        for (Worker worker : sightings.workers()) {
            if (cluster.nodeAt(worker.address()).isEmpty()) {
                note(worker.address(), primaries, cluster);
            }
        }
        for (Node node : cluster.nodes()) {
            if (node.role() == NodeRole.SECONDARY && !node.isCoordinator() && !node.isClone()) {
                note(node.address(), primaries, cluster);
            }
        }
    }

    private void note(HostPort address, Map<GroupId, Node> primaries, ClusterSnapshot cluster) {
        report(address).flatMap(said -> primaryOf(said, primaries, cluster)).ifPresent(primary -> {
            Group group = groups.computeIfAbsent(primary.id(), _ -> new Group(primary, new ArrayList<>()));
            group.copies().add(address);
            byCopy.put(address, group);
        });
    }

    /**
     * The row whose data a server has, unless it is the row's own server under a second name. A standby that was last asked
     * before its primary joined told no group yet; its data says whose it is.
     */
    private Optional<Node> primaryOf(ServerReport report, Map<GroupId, Node> primaries, ClusterSnapshot cluster) {
        boolean beforeJoining = report.inRecovery() && report.localGroup().equals(GroupId.COORDINATOR);
        Stream<Node> candidates =
                beforeJoining ? primaries.values().stream() : Stream.ofNullable(primaries.get(report.localGroup()));
        return candidates
                .filter(node -> cluster.ledger()
                        .member(node.id())
                        .filter(member -> member.hasDataOf(report))
                        .isPresent())
                .filter(node ->
                        report(node.address()).filter(report::sameServer).isEmpty())
                .findFirst();
    }

    /** Whether the data of this primary's row was seen elsewhere, so that it is asked whatever its source says of it. */
    boolean hasCopies(Node node) {
        return groups.containsKey(node.id());
    }

    /** How often a primary that answers is asked, if more often than others. */
    Optional<Duration> paceOfNode(Node node) {
        return Optional.ofNullable(groups.get(node.id())).flatMap(this::pace);
    }

    /** How often a copy or standby is asked, if more often than others. */
    Optional<Duration> paceOfCopy(HostPort address) {
        return Optional.ofNullable(byCopy.get(address)).flatMap(this::pace);
    }

    private Optional<Duration> pace(Group group) {
        boolean settled = group.copies().stream()
                .allMatch(copy -> before.get(copy) == Situation.TWIN || before.get(copy) == Situation.STALE_COPY);
        if (settled) {
            return Optional.empty();
        }
        boolean isPromoted = group.copies().stream().anyMatch(copy -> isUndecided(copy) && isWritable(copy));
        return isPromoted || !isWritable(group.primary().address())
                ? Optional.of(AT_ONCE)
                : Optional.of(settings.follow().interval());
    }

    private boolean isUndecided(HostPort copy) {
        return before.get(copy) != Situation.TWIN && before.get(copy) != Situation.STALE_COPY;
    }

    private boolean isWritable(HostPort address) {
        return history.of(address).filter(asked -> asked.failures() == 0).isPresent()
                && report(address).filter(said -> !said.inRecovery()).isPresent();
    }

    private Optional<ServerReport> report(HostPort address) {
        return history.of(address)
                .flatMap(asked -> asked.result() instanceof ProbeResult.Answered answered
                        ? Optional.of(answered.report())
                        : Optional.empty());
    }

    /** Lets a primary and its copies be asked in one statement, when the first of them is due. */
    void together(List<ProbeTurn> turns) {
        for (Group group : groups.values()) {
            Set<HostPort> all = new HashSet<>(group.copies());
            all.add(group.primary().address());
            Optional<Instant> earliest = turns.stream()
                    .filter(turn -> all.contains(turn.request().address()) && !turn.silent())
                    .map(ProbeTurn::at)
                    .min(Instant::compareTo);
            if (earliest.isPresent()) {
                turns.replaceAll(turn -> all.contains(turn.request().address()) && !turn.silent()
                        ? new ProbeTurn(turn.request(), earliest.get(), turn.kind(), false)
                        : turn);
            }
        }
    }
}
