package dev.roster.cluster;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** {@code pg_dist_shard} and {@code pg_dist_placement}: which groups hold each shard relation. Copied by each transaction. */
final class FakeShards {

    /**
     * One shard.
     *
     * @param table its table
     * @param reference whether that is a reference table
     * @param groups where its placements are
     */
    record Shard(String table, boolean reference, Set<GroupId> groups) {}

    private final Map<String, Shard> byRelation = new TreeMap<>();

    /** {@code pg_dist_cleanup}: relations that moved away from a group and whose tables are still there. */
    final Map<String, GroupId> leftovers = new TreeMap<>();

    FakeShards copy() {
        FakeShards copy = new FakeShards();
        byRelation.forEach((relation, shard) -> copy.byRelation.put(
                relation, new Shard(shard.table(), shard.reference(), new TreeSet<>(shard.groups()))));
        copy.leftovers.putAll(leftovers);
        return copy;
    }

    /** The relations whose tables are still to be dropped on a group's servers. */
    List<String> leftoversOf(GroupId group) {
        return leftovers.entrySet().stream()
                .filter(entry -> entry.getValue().equals(group))
                .map(Map.Entry::getKey)
                .toList();
    }

    void put(String relation, Shard shard) {
        byRelation.put(relation, new Shard(shard.table(), shard.reference(), new TreeSet<>(shard.groups())));
    }

    Map<String, Shard> all() {
        return byRelation;
    }

    boolean hasReferenceTables() {
        return byRelation.values().stream().anyMatch(Shard::reference);
    }

    Set<String> tables() {
        Set<String> tables = new TreeSet<>();
        byRelation.values().forEach(shard -> tables.add(shard.table()));
        return tables;
    }

    /** Deletes a group's placements of these shards. */
    void dropPlacements(GroupId group, Predicate<Shard> which) {
        byRelation.values().stream()
                .filter(which)
                .forEach(shard -> shard.groups().remove(group));
    }

    Placements of(GroupId group, Predicate<GroupId> isActive) {
        int distributed = 0;
        int soleDistributed = 0;
        int reference = 0;
        int soleReference = 0;
        Optional<String> distributedSample = Optional.empty();
        Optional<String> referenceSample = Optional.empty();
        Set<String> replicated = new TreeSet<>();
        for (Map.Entry<String, Shard> entry : byRelation.entrySet()) {
            Shard shard = entry.getValue();
            if (shard.groups().contains(group)) {
                boolean sole = shard.groups().stream().noneMatch(other -> !other.equals(group) && isActive.test(other));
                if (shard.reference()) {
                    reference++;
                    soleReference += sole ? 1 : 0;
                    referenceSample = referenceSample.or(() -> Optional.of(entry.getKey()));
                } else {
                    distributed++;
                    soleDistributed += sole ? 1 : 0;
                    if (!sole) {
                        replicated.add(shard.table());
                    }
                    distributedSample = distributedSample.or(() -> Optional.of(entry.getKey()));
                }
            }
        }
        Optional<String> known = referenceSample;
        return new Placements(
                distributed,
                soleDistributed,
                reference,
                soleReference,
                distributedSample.or(() -> known),
                Placements.Tables.of(List.copyOf(replicated)));
    }
}
