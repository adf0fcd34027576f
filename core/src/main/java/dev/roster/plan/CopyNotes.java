package dev.roster.plan;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.cluster.NodeId;
import dev.roster.cluster.NodeRole;
import dev.roster.discovery.Sighting;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the ledger keeps of servers that have a member's data: its standbys, seen while it was writable, which may be followed
 * once it is lost; and its twins, none of which is ever followed by itself.
 */
final class CopyNotes {

    private final Overview overview;
    private final Copies copies;

    CopyNotes(Overview overview) {
        this.overview = overview;
        this.copies = overview.copies;
    }

    /** The same notes, with what was seen of copies; nothing more where nothing of it is new. */
    List<LedgerChange> remembering(List<LedgerChange> notes) {
        Map<NodeId, Member> changed = new LinkedHashMap<>();
        for (Node node : overview.cluster().nodes()) {
            if (node.role() == NodeRole.PRIMARY && !node.isCoordinator()) {
                overview.member(node.id())
                        .filter(member -> member.identity().isPresent())
                        .flatMap(member -> changed(copies.original(node, member)))
                        .ifPresent(member -> changed.put(node.id(), member));
            }
        }
        if (changed.isEmpty()) {
            return notes;
        }
        List<LedgerChange> all = new ArrayList<>();
        for (LedgerChange note : notes) {
            Member seen = note instanceof LedgerChange.PutMember(Member member) ? changed.remove(member.node()) : null;
            all.add(
                    seen != null && note instanceof LedgerChange.PutMember(Member member)
                            ? new LedgerChange.PutMember(member.withCopies(seen.standbys(), seen.twins()))
                            : note);
        }
        changed.values().forEach(member -> all.add(new LedgerChange.PutMember(member)));
        return all;
    }

    private Optional<Member> changed(Copies.Original original) {
        Member member = original.member();
        Set<HostPort> standbys = new HashSet<>(member.standbys());
        Set<HostPort> twins = new HashSet<>(copies.twins(original));
        if (original.copies().isEmpty() && standbys.isEmpty() && twins.isEmpty()) {
            return Optional.empty();
        }
        boolean isWritable = copies.old(original) == Copies.Old.WRITABLE;
        long writable =
                original.copies().stream().filter(Copies.Copy::isWritable).count();
        for (Copies.Copy copy : original.copies()) {
            if (!copy.isWritable()) {
                twins.remove(copy.address());
                if (isWritable) {
                    standbys.add(copy.address());
                }
            } else if (isWritable ? copies.isSideBySide(original, copy) : writable > 1) {
                twins.add(copy.address());
            }
        }
        twins.removeIf(address -> isAnothers(address, original));
        standbys.removeIf(address -> twins.contains(address)
                || address.equals(original.node().address())
                || isAnothers(address, original)
                || isUnknownToAll(address));
        return standbys.equals(member.standbys()) && twins.equals(member.twins())
                ? Optional.empty()
                : Optional.of(member.withCopies(standbys, twins));
    }

    /** Whether another server answers at an address where there was a copy. */
    private boolean isAnothers(HostPort address, Copies.Original original) {
        return overview.answer(address)
                .filter(report -> original.copies().stream()
                        .noneMatch(copy -> copy.address().equals(address)))
                .filter(report -> !original.member().hasDataOf(report))
                .isPresent();
    }

    private boolean isUnknownToAll(HostPort address) {
        return overview.seen.sightings().at(address).isEmpty()
                && overview.cluster().nodeAt(address).isEmpty()
                && !overview.coverage.isAlsoPresent(address)
                && overview.seen.sightings().sources().stream().allMatch(Sighting.Complete.class::isInstance);
    }
}
