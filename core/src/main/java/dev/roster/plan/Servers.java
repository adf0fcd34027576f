package dev.roster.plan;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.discovery.Worker;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import dev.roster.ledger.Member;
import dev.roster.ledger.Tombstone;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is who: servers by what they say of themselves, whatever address they answer at (law 5). */
final class Servers {

    private final Overview overview;
    private final Once<Map<Running, Node>> registered = new Once<>(this::indexRegistered);
    private final Once<Map<Running, Worker>> firstNames = new Once<>(this::indexFirstNames);
    private final Once<Map<String, List<Member>>> members = new Once<>(this::indexMembers);
    private final Once<Map<String, Integer>> blanks = new Once<>(this::countBlanks);
    private final Once<Map<String, Tombstone>> tombstones = new Once<>(this::indexTombstones);

    /** One running server, under whatever address it answers. */
    private record Running(Identity identity, Instant startTime) {

        Running(ServerReport report) {
            this(report.identity(), report.startTime());
        }
    }

    Servers(Overview overview) {
        this.overview = overview;
    }

    /** The node at whose registered address this very server answers. */
    Optional<Node> registeredAs(ServerReport report) {
        return Optional.ofNullable(registered.get().get(new Running(report)));
    }

    /** The first of the sighted workers without a node that is this very server. */
    Optional<Worker> firstNameOf(ServerReport report) {
        return Optional.ofNullable(firstNames.get().get(new Running(report)));
    }

    /** Members whose data has this system identifier: one, unless they were made from one image. */
    List<Member> membersLike(Identity identity) {
        return members.get().getOrDefault(identity.systemIdentifier(), List.of());
    }

    /** How many sighted servers without a node, belonging nowhere, have this system identifier. */
    int blanksLike(Identity identity) {
        return blanks.get().getOrDefault(identity.systemIdentifier(), 0);
    }

    /** The tombstone of the former member that this server is: its data, and its group or, once Citus reset that, its address. */
    Optional<Tombstone> tombstoneOf(ServerReport report, HostPort address) {
        Tombstone stone = tombstones.get().get(report.identity().systemIdentifier());
        if (stone == null) {
            return Optional.empty();
        }
        boolean wasReset = report.localGroup().equals(GroupId.COORDINATOR);
        boolean same =
                wasReset ? stone.address().equals(address) : stone.group().equals(report.localGroup());
        return same ? Optional.of(stone) : Optional.empty();
    }

    /** Whether the server is the coordinator itself, not only made from the same image or a copy of its data. */
    boolean isCoordinator(ServerReport report) {
        return !report.inRecovery()
                && hasCoordinatorsData(report)
                && overview.coordinator()
                        .startTime()
                        .map(report.startTime()::equals)
                        .orElse(true);
    }

    boolean hasCoordinatorsData(ServerReport report) {
        return report.identity()
                .systemIdentifier()
                .equals(overview.coordinator().systemIdentifier());
    }

    /**
     * Whether the server has this cluster's metadata: asked through it, the coordinator answers with this one's identifier,
     * or the ledger knows its identity. A coordinator that could not be asked leaves it unproven.
     */
    boolean hasOurMetadata(ServerReport report) {
        return coordinatorSeenBy(report)
                .map(overview.coordinator().systemIdentifier()::equals)
                .orElseGet(() -> !report.localGroup().equals(GroupId.COORDINATOR) && isKnown(report.identity()));
    }

    /** Whether the server's metadata is shown to be another cluster's. */
    boolean hasOthersMetadata(ServerReport report) {
        return coordinatorSeenBy(report)
                .filter(seen -> !seen.equals(overview.coordinator().systemIdentifier()))
                .isPresent();
    }

    private static Optional<String> coordinatorSeenBy(ServerReport report) {
        return report.candidate().flatMap(ServerReport.Candidate::coordinatorIdentifier);
    }

    private boolean isKnown(Identity identity) {
        return members.get().containsKey(identity.systemIdentifier())
                || tombstones.get().containsKey(identity.systemIdentifier());
    }

    private Map<Running, Node> indexRegistered() {
        Map<Running, Node> index = new HashMap<>();
        for (Node node : overview.cluster().nodes()) {
            if (!node.isCoordinator()) {
                overview.answer(node.address()).ifPresent(report -> index.putIfAbsent(new Running(report), node));
            }
        }
        return index;
    }

    private Map<Running, Worker> indexFirstNames() {
        Map<Running, Worker> index = new HashMap<>();
        for (Worker worker : overview.unregistered()) {
            if (worker.health().mayBeReady()) {
                overview.answer(worker.address()).ifPresent(report -> index.putIfAbsent(new Running(report), worker));
            }
        }
        return index;
    }

    private Map<String, List<Member>> indexMembers() {
        Map<String, List<Member>> index = new HashMap<>();
        for (Member member : overview.cluster().ledger().members()) {
            member.identity()
                    .ifPresent(identity -> index.computeIfAbsent(identity.systemIdentifier(), _ -> new ArrayList<>())
                            .add(member));
        }
        return index;
    }

    private Map<String, Integer> countBlanks() {
        Map<String, Integer> count = new HashMap<>();
        for (Worker worker : overview.unregistered()) {
            overview.answer(worker.address())
                    .filter(ServerReport::isBlank)
                    .ifPresent(report -> count.merge(report.identity().systemIdentifier(), 1, Integer::sum));
        }
        return count;
    }

    private Map<String, Tombstone> indexTombstones() {
        Map<String, Tombstone> index = new HashMap<>();
        for (Tombstone stone : overview.cluster().ledger().tombstones()) {
            stone.identity().ifPresent(identity -> index.putIfAbsent(identity.systemIdentifier(), stone));
        }
        return index;
    }
}
