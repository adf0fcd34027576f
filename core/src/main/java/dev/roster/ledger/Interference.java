package dev.roster.ledger;

import dev.roster.cluster.HostPort;
import dev.roster.identity.Identity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * That somebody else changed a member's row: Patroni, pg_auto_failover, a person. After two changes within an hour Roster only
 * assists for this member, until a day has passed without another.
 *
 * @param system the system identifier of the member's data, which stays the same whatever happens to the row
 * @param address where its row was last seen
 * @param changes what was changed, the latest last, a few at most
 * @param assistSince since when Roster only assists; empty if it does not
 */
public record Interference(String system, HostPort address, List<Change> changes, Optional<Instant> assistSince) {

    /** Within this time two changes are a habit. */
    public static final Duration HABIT = Duration.ofHours(1);

    /** So long after the last change Roster looks after the member again. */
    public static final Duration CALM = Duration.ofDays(1);

    private static final int MOST_KEPT = 5;

    public Interference {
        changes = List.copyOf(changes);
    }

    /**
     * One change.
     *
     * @param at when it was noticed
     * @param what such as {@code removed node 3} or {@code moved node 3 to worker-2:5432}; the same words are the same change
     */
    public record Change(Instant at, String what) {}

    /** The first change of a member that was left alone until now. */
    public static Interference of(Identity identity, HostPort address, Change first) {
        return new Interference(identity.systemIdentifier(), address, List.of(first), Optional.empty());
    }

    /** The same after one more change. */
    public Interference and(HostPort now, Change change) {
        boolean habit =
                changes.stream().anyMatch(before -> !before.at().plus(HABIT).isBefore(change.at()));
        List<Change> kept = Stream.concat(changes.stream(), Stream.of(change)).toList();
        return new Interference(
                system,
                now,
                kept.subList(Math.max(0, kept.size() - MOST_KEPT), kept.size()),
                assistSince.or(() -> habit ? Optional.of(change.at()) : Optional.empty()));
    }

    /** Whether this change is known already. */
    public boolean knows(String what) {
        return changes.stream().anyMatch(change -> change.what().equals(what));
    }

    /** Whether Roster only assists. */
    public boolean assists(Instant now) {
        return assistSince.isPresent() && now.isBefore(until());
    }

    /** Whether nothing of it matters any more. */
    public boolean isOver(Instant now) {
        Instant last = changes.getLast().at();
        return assistSince.isPresent()
                ? !now.isBefore(until())
                : last.plus(HABIT).isBefore(now);
    }

    /** When Roster looks after the member again, unless somebody changes it once more. */
    public Instant until() {
        return changes.getLast().at().plus(CALM);
    }

    /** What somebody else did, such as {@code moved node 3 to b:5432 at 12:01:07Z, moved node 3 to a:5432 at 12:02:40Z}. */
    public String story() {
        return changes.stream()
                .map(change -> change.what() + " at "
                        + Instant.ofEpochSecond(change.at().getEpochSecond()))
                .collect(Collectors.joining(", "));
    }
}
