package dev.roster.cluster;

import java.util.List;
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
 * @param replicated the tables of those {@code distributed} placements whose shards have other active copies
 */
public record Placements(
        int distributed,
        int soleDistributed,
        int reference,
        int soleReference,
        Optional<String> sampleRelation,
        Tables replicated) {

    /** A group that carries nothing. */
    public static final Placements NONE = new Placements(0, 0, 0, 0, Optional.empty(), Tables.NONE);

    /** A group without replicated distributed tables. */
    public Placements(
            int distributed, int soleDistributed, int reference, int soleReference, Optional<String> sampleRelation) {
        this(distributed, soleDistributed, reference, soleReference, sampleRelation, Tables.NONE);
    }

    /**
     * Some tables, of which the first few are named.
     *
     * @param named schema-qualified and in order, at most {@value #MOST_NAMED}
     * @param count how many there are
     */
    public record Tables(List<String> named, int count) {

        /** A thousand tables in a sentence help nobody. */
        public static final int MOST_NAMED = 5;

        /** No table. */
        public static final Tables NONE = new Tables(List.of(), 0);

        public Tables {
            named = List.copyOf(named);
        }

        /** All of them, of which the first few are to be named. */
        public static Tables of(List<String> all) {
            return new Tables(all.subList(0, Math.min(all.size(), MOST_NAMED)), all.size());
        }

        /** The names, and how many more there are. */
        @Override
        public String toString() {
            int more = count - named.size();
            return String.join(", ", named) + (more > 0 ? " and " + more + " more" : "");
        }
    }

    /** Whether removing the group would lose the only copy of a shard of any kind. */
    public boolean hasSoleCopies() {
        return soleDistributed > 0 || soleReference > 0;
    }

    /** Whether nothing distributed and no only copy is here, so that the group may go. */
    public boolean isEmptyEnoughToRemove() {
        return distributed == 0 && !hasSoleCopies();
    }
}
