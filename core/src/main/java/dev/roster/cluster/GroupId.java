package dev.roster.cluster;

/**
 * {@code pg_dist_node.groupid}: one primary and its secondaries share a group, and placements belong to groups.
 *
 * @param value the id, 0 for the coordinator's group
 */
public record GroupId(int value) implements Comparable<GroupId> {

    /** The coordinator's group. */
    public static final GroupId COORDINATOR = new GroupId(0);

    public GroupId {
        if (value < 0) {
            throw new IllegalArgumentException("a group id is 0 or more, not " + value);
        }
    }

    @Override
    public int compareTo(GroupId other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
