package dev.roster.cluster;

import java.util.Optional;

/**
 * What one group carries, counted on the coordinator. A table without rows has placements too.
 *
 * @param distributed placements of every kind but reference tables
 * @param soleDistributed those of {@code distributed} that are the only active copy of their shard
 * @param reference placements of reference tables
 * @param soleReference those of {@code reference} that are the only active copy of their shard
 * @param sampleRelation schema-qualified name of the relation of one distributed placement (a reference placement if there
 *     is no other), as {@code to_regclass} takes it; a server that lacks it does not carry this group's shards
 */
public record Placements(
        int distributed, int soleDistributed, int reference, int soleReference, Optional<String> sampleRelation) {

    /** A group that carries nothing. */
    public static final Placements NONE = new Placements(0, 0, 0, 0, Optional.empty());

    /** Whether removing the group would lose the only copy of a shard of any kind. */
    public boolean hasSoleCopies() {
        return soleDistributed > 0 || soleReference > 0;
    }

    /** Whether nothing distributed and no only copy is here, so that the group may go. */
    public boolean isEmptyEnoughToRemove() {
        return distributed == 0 && !hasSoleCopies();
    }
}
