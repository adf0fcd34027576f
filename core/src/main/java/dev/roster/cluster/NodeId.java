package dev.roster.cluster;

/**
 * {@code pg_dist_node.nodeid}: names one row for its whole life, also across {@code citus_update_node}.
 *
 * @param value the id as Citus gave it
 */
public record NodeId(int value) implements Comparable<NodeId> {

    @Override
    public int compareTo(NodeId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
