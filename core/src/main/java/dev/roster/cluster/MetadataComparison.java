package dev.roster.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What servers with this cluster's metadata know that the coordinator does not: the sign that the coordinator was restored
 * from a backup, or that a standby took over which had not received everything.
 *
 * @param answered who answered
 * @param newer those of them that know more, ordered by address
 */
public record MetadataComparison(Set<HostPort> answered, List<Newer> newer) {

    /** Nobody was asked. */
    public static final MetadataComparison NOBODY_ASKED = new MetadataComparison(Set.of(), List.of());

    public MetadataComparison {
        answered = Set.copyOf(answered);
        newer = newer.stream().sorted(Comparator.comparing(Newer::server)).toList();
    }

    /**
     * A server that knows more.
     *
     * @param server its address
     * @param nodes ids of {@code pg_dist_node} that the coordinator lacks, or never gave
     * @param placements placements, a shard in a group, that the coordinator lacks, by the ids of their shards; for a server
     *     without a row the ids of placements that were never given
     */
    public record Newer(HostPort server, Excess nodes, Excess placements) {}

    /**
     * Ids that only the server knows.
     *
     * @param count how many
     * @param highest the highest of them, 0 if there are none
     */
    public record Excess(long count, long highest) {

        /** None. */
        public static final Excess NONE = new Excess(0, 0);
    }
}
