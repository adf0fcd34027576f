package dev.roster.identity;

import dev.roster.plan.PlanSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;

/**
 * When one server is to be asked next.
 *
 * @param request what
 * @param at when; long past means at once
 * @param kind why
 * @param silent whether it is known not to answer, so that waiting for it must not hold up others
 */
record ProbeTurn(ProbeRequest request, Instant at, Kind kind, boolean silent) {

    enum Kind {
        NEWCOMER,
        NODE_AT_ONCE,
        RETRY,
        ROUTINE
    }

    static final Comparator<ProbeTurn> ORDER = Comparator.comparing(ProbeTurn::at)
            .thenComparing(ProbeTurn::kind)
            .thenComparing(turn -> turn.request().address());

    boolean isDue(Instant now) {
        return !at.isAfter(now);
    }

    boolean isNewcomer() {
        return kind == Kind.NEWCOMER;
    }

    boolean wakes() {
        return kind == Kind.RETRY;
    }

    /**
     * Whether it is asked when somebody is: if it is due, if its turn comes within half the ordinary age, or if somebody
     * new must be told from it, for which its answer should be as fresh as the newcomer's.
     */
    boolean goesAlong(Instant now, boolean newcomer, PlanSettings settings) {
        if (isDue(now)) {
            return true;
        }
        if (kind != Kind.ROUTINE) {
            return false;
        }
        Duration margin = newcomer
                ? settings.probe().maxAge().minus(settings.probe().maxAgeToAct())
                : settings.probe().maxAge().dividedBy(2);
        return !at.minus(margin).isAfter(now);
    }
}
