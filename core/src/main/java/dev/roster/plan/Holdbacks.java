package dev.roster.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * The filters' view of the backoff: which action is not tried yet, since it, or one of its kind, was refused a moment ago.
 * The package {@code reconcile} keeps the times; here they are only read.
 */
@FunctionalInterface
public interface Holdbacks {

    /** Nothing was refused. */
    Holdbacks NONE = (_, _) -> Optional.empty();

    /**
     * Whether an action waits, and for how long.
     *
     * @param action what would be done
     * @param now the time of the pass
     * @return why and until when; empty if it may be tried now
     */
    Optional<Hold> on(Action action, Instant now);

    /**
     * A wait.
     *
     * @param reason what was refused, in words a person reads
     * @param until when it is tried again, after {@code now}
     */
    record Hold(String reason, Instant until) {}
}
