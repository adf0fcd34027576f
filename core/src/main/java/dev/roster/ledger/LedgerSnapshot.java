package dev.roster.ledger;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.identity.Identity;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the ledger held when the cluster snapshot was read. Immutable; a member is found by its node without a search.
 */
public final class LedgerSnapshot {

    /** A ledger nobody wrote in yet. */
    public static final LedgerSnapshot EMPTY = new LedgerSnapshot(List.of(), List.of(), List.of());

    private final List<Member> members;
    private final List<Tombstone> tombstones;
    private final List<Intent> intents;
    private final Optional<CoordinatorDoubt> doubt;
    private final List<Interference> interferences;
    private final Optional<NodeId> joinsServed;
    private final Map<NodeId, Member> byNode;

    /** A ledger in which nobody doubted the coordinator. */
    public LedgerSnapshot(List<Member> members, List<Tombstone> tombstones, List<Intent> intents) {
        this(members, tombstones, intents, Optional.empty(), List.of(), Optional.empty());
    }

    /**
     * What was read.
     *
     * @param members current members, at most one for each {@code nodeid}
     * @param tombstones removed members, at most one for each identity
     * @param intents standing orders
     * @param doubt that the coordinator was older than its workers, open or accepted
     * @param interferences what somebody else did to members, at most one for each system identifier
     * @param joinsServed the highest {@code nodeid} of the members for whose sake no rebalance is due any more
     */
    public LedgerSnapshot(
            List<Member> members,
            List<Tombstone> tombstones,
            List<Intent> intents,
            Optional<CoordinatorDoubt> doubt,
            List<Interference> interferences,
            Optional<NodeId> joinsServed) {
        this.doubt = doubt;
        this.joinsServed = joinsServed;
        this.interferences = List.copyOf(interferences);
        this.members = List.copyOf(members);
        this.tombstones = List.copyOf(tombstones);
        this.intents = List.copyOf(intents);
        Map<NodeId, Member> index = HashMap.newHashMap(members.size());
        members.forEach(member -> index.putIfAbsent(member.node(), member));
        this.byNode = Collections.unmodifiableMap(index);
    }

    /** Current members, at most one for each {@code nodeid}. */
    public List<Member> members() {
        return members;
    }

    /** Removed members, at most one for each identity. */
    public List<Tombstone> tombstones() {
        return tombstones;
    }

    /** Standing orders. */
    public List<Intent> intents() {
        return intents;
    }

    /** That the coordinator was older than its workers, open or accepted. */
    public Optional<CoordinatorDoubt> doubt() {
        return doubt;
    }

    /** What somebody else did to members, at most one for each system identifier. */
    public List<Interference> interferences() {
        return interferences;
    }

    /** Whether a rebalance was ordered, refused, needless or cancelled since this member joined, so that none is due for it. */
    public boolean isServed(NodeId member) {
        return joinsServed.filter(upTo -> member.compareTo(upTo) <= 0).isPresent();
    }

    /** The member whose row this is. */
    public Optional<Member> member(NodeId node) {
        return Optional.ofNullable(byNode.get(node));
    }

    /** The tombstone of a former member with this data. */
    public Optional<Tombstone> tombstone(Identity identity) {
        return tombstones.stream()
                .filter(stone -> stone.identity().filter(identity::sameData).isPresent())
                .findFirst();
    }

    /** The drains that stand, in whatever stage but done. */
    public List<Intent> drains() {
        return intents.stream()
                .filter(intent -> intent.kind() == Intent.Kind.DRAIN && intent.stage() != Intent.Stage.DONE)
                .toList();
    }

    /** The order to rebalance that stands, in whatever stage. */
    public Optional<Intent> rebalance() {
        return intents.stream()
                .filter(intent -> intent.kind() == Intent.Kind.REBALANCE)
                .findFirst();
    }

    /** The background jobs that Citus runs, or ran, for {@link #drains} and {@link #rebalance}. */
    public List<Long> jobs() {
        return Stream.concat(drains().stream(), rebalance().stream())
                .map(Intent::job)
                .flatMap(Optional::stream)
                .toList();
    }

    /** The latest tombstone of each address. */
    public Map<HostPort, Tombstone> latestTombstones() {
        return tombstones.stream()
                .collect(Collectors.toMap(
                        Tombstone::address,
                        Function.identity(),
                        BinaryOperator.maxBy(Comparator.comparing(Tombstone::removedAt))));
    }
}
