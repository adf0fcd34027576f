package dev.roster.reconcile;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.HostPort;
import dev.roster.ledger.LedgerChange;
import dev.roster.plan.Action;
import dev.roster.plan.Memory;
import dev.roster.plan.Plan;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Situation;
import dev.roster.plan.Withheld;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** When the next pass is due if nobody nudges: the ordinary interval, or sooner if a wait ends sooner. Pure. */
final class NextPass {

    /** How far apart the two probes of a new identity have to be (rows 10 and 22). */
    private static final Duration CONFIRMATION = Duration.ofSeconds(5);

    /** How often a job that moves shards, or a replacement, is looked at: Citus' {@code citus.background_task_queue_interval}. */
    private static final Duration JOB_INTERVAL = Duration.ofSeconds(5);

    private static final Set<Situation> ASKED_ONCE_MORE =
            Set.of(Situation.LEAVING, Situation.DISABLING, Situation.SECONDARY_LEAVING, Situation.REGISTERING);

    private NextPass() {}

    /**
     * Whether the next pass follows at once: a node's verdict changed to one that the probe at hand is too old for, and the
     * schedule asks its server in the next pass (rows 4, 27, 31 and 33); or an order was given or is over, which what this pass saw
     * does not tell yet.
     */
    static boolean asksOnceMore(Plan plan) {
        if (plan.notes().stream().anyMatch(NextPass::isAboutAnOrder)) {
            return true;
        }
        Set<HostPort> judged = Stream.concat(
                        plan.actions().stream(), plan.withheld().stream().map(Withheld::action))
                .map(Action::address)
                .collect(Collectors.toSet());
        return plan.verdicts().stream()
                .filter(verdict -> ASKED_ONCE_MORE.contains(verdict.situation()))
                .anyMatch(verdict -> !judged.contains(verdict.address()));
    }

    /** When to look again for the probes' sake, or for that of a job that moves shards, whoever started it. */
    static Optional<Instant> sooner(Optional<Instant> probeDue, ClusterSnapshot cluster, Instant now) {
        return Stream.concat(probeDue.stream(), cluster.activeRebalance().map(_ -> now.plus(JOB_INTERVAL)).stream())
                .min(Comparator.naturalOrder());
    }

    private static boolean isAboutAnOrder(LedgerChange note) {
        return switch (note) {
            case LedgerChange.GiveIntent _, LedgerChange.UpdateIntent _, LedgerChange.LiftIntent _ -> true;
            case LedgerChange.CancelIntent _,
                    LedgerChange.PutMember _,
                    LedgerChange.ForgetMember _,
                    LedgerChange.Bury _,
                    LedgerChange.Unbury _,
                    LedgerChange.PutDoubt _,
                    LedgerChange.PutInterference _,
                    LedgerChange.LiftInterference _,
                    LedgerChange.ServeJoins _,
                    LedgerChange.Append _ -> false;
        };
    }

    /**
     * The earliest end of any wait after now.
     *
     * @param now the time of the pass
     * @param interval the longest time between passes
     * @param plan what was decided, with what is withheld until when
     * @param memory since when members are absent and new identities known
     * @param settings the grace times
     * @param probeDue when a server should be asked again ahead of the ordinary pass
     * @param leading whether this process acts; one that only watches has no reason to hurry
     */
    static Instant by(
            Instant now,
            Duration interval,
            Plan plan,
            Memory memory,
            PlanSettings settings,
            Optional<Instant> probeDue,
            boolean leading) {
        Instant ordinary = now.plus(interval);
        if (!leading) {
            return ordinary;
        }
        Stream<Instant> moves = plan.verdicts().stream()
                .filter(verdict ->
                        verdict.situation() == Situation.DRAINING || verdict.situation() == Situation.REPLACING)
                .map(_ -> now.plus(JOB_INTERVAL));
        Stream<Instant> released = plan.withheld().stream().map(Withheld::until).flatMap(Optional::stream);
        Stream<Instant> graces = plan.verdicts().stream()
                .filter(verdict -> verdict.situation() == Situation.ABSENT)
                .flatMap(verdict -> Stream.ofNullable(memory.absentSince().get(verdict.address())))
                .flatMap(since -> Stream.of(
                        since.plus(settings.departure().provenGrace()),
                        since.plus(settings.departure().grace())));
        Stream<Instant> confirmations = Stream.concat(
                        memory.newIdentity().values().stream(),
                        memory.answering().values().stream()
                                .filter(answering -> answering.before().isPresent())
                                .map(Memory.Answering::current))
                .map(seen -> seen.firstSeen().plus(CONFIRMATION));
        return Stream.of(moves, released, graces, confirmations, probeDue.stream())
                .flatMap(times -> times)
                .filter(now::isBefore)
                .filter(ordinary::isAfter)
                .min(Comparator.naturalOrder())
                .orElse(ordinary);
    }
}
