package dev.roster.discovery;

/**
 * Where a source looked. Absence counts only for a member that was seen in a scope that the source still looks in (law 2),
 * so a scope is compared by equality: an engine and project, one name pattern in one domain, the list.
 *
 * @param source the source's type, such as {@code docker}
 * @param place where it looked, in the source's own words, such as {@code engine 7QXC:ABCD, project shop}
 */
public record Scope(String source, String place) implements Comparable<Scope> {

    @Override
    public int compareTo(Scope other) {
        int bySource = source.compareTo(other.source);
        return bySource != 0 ? bySource : place.compareTo(other.place);
    }

    @Override
    public String toString() {
        return source + " (" + place + ")";
    }
}
