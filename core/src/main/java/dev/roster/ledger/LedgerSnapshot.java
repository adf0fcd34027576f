package dev.roster.ledger;

import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.identity.Identity;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What the ledger held when the cluster snapshot was read.
 *
 * @param members current members, at most one for each {@code nodeid}
 * @param tombstones removed members, at most one for each identity
 * @param intents standing orders
 */
public record LedgerSnapshot(List<Member> members, List<Tombstone> tombstones, List<Intent> intents) {

    /** A ledger nobody wrote in yet. */
    public static final LedgerSnapshot EMPTY = new LedgerSnapshot(List.of(), List.of(), List.of());

    public LedgerSnapshot {
        members = List.copyOf(members);
        tombstones = List.copyOf(tombstones);
        intents = List.copyOf(intents);
    }

    /** The member whose row this is. */
    public Optional<Member> member(NodeId node) {
        return members.stream().filter(member -> member.node().equals(node)).findFirst();
    }

    /** The tombstone of a former member with this data. */
    public Optional<Tombstone> tombstone(Identity identity) {
        return tombstones.stream()
                .filter(stone -> stone.identity().filter(identity::sameData).isPresent())
                .findFirst();
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
