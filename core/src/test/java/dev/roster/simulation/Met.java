package dev.roster.simulation;

import dev.roster.plan.Action;
import dev.roster.plan.Plan;
import dev.roster.plan.Situation;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What came about at all, so that a simulation in which something never happens is noticed. Thread-safe. */
final class Met {

    /** What an engine may have done, or gone through. */
    enum Deed {
        /** Several rows got each other's addresses in one transaction. */
        ROWS_CHANGED_PLACES,
        /** A row followed a standby that was promoted. */
        PROMOTION_FOLLOWED,
        /** A row followed the same running server, or its data, to another address. */
        MOVE_FOLLOWED,
        /** Another Roster leads than the one before. */
        LEADER_CHANGED,
        /** The coordinator's own row went to another of its hosts. */
        COORDINATOR_FOLLOWED,
        /** A coordinator older than its workers was found. */
        COORDINATOR_DOUBTED,
        /** A member is left to somebody else. */
        LEFT_TO_OTHERS,
        /** Nothing was changed, since every member's data was writable in a second place. */
        CLUSTER_COPIED
    }

    private final Set<Situation> situations = ConcurrentHashMap.newKeySet();
    private final Set<Deed> deeds = ConcurrentHashMap.newKeySet();

    void judged(Plan plan) {
        plan.verdicts().forEach(verdict -> situations.add(verdict.situation()));
        if (plan.withheld().stream().anyMatch(held -> held.filter().equals("other-writer"))) {
            met(Deed.LEFT_TO_OTHERS);
        }
        if (plan.withheld().stream().anyMatch(held -> held.filter().equals("copied-cluster"))) {
            met(Deed.CLUSTER_COPIED);
        }
    }

    void done(Action action) {
        switch (action) {
            case Action.UpdateNodes update
            when update.moves().stream()
                            .filter(move -> move.server().isPresent())
                            .count()
                    > 1 -> met(Deed.ROWS_CHANGED_PLACES);
            case Action.UpdateNodes update ->
                met(update.reason().contains("promoted") ? Deed.PROMOTION_FOLLOWED : Deed.MOVE_FOLLOWED);
            case Action.SetCoordinatorAddress set
            when set.reason().contains("another of its hosts") -> met(Deed.COORDINATOR_FOLLOWED);
            default -> {}
        }
    }

    void met(Deed deed) {
        deeds.add(deed);
    }

    Set<Situation> situations() {
        return Set.copyOf(situations);
    }

    Set<Deed> deeds() {
        return Set.copyOf(deeds);
    }
}
