package dev.roster.plan;

import dev.roster.discovery.Scope;
import dev.roster.ledger.Member;
import java.util.Optional;

/**
 * Withholds removals and disables of a scope whose members went in great number at once, where their absence is no proof: a
 * resolver or a list that lost its mind looks just like that.
 */
final class MassDepartureFilter implements Filter {

    private final Observation seen;

    MassDepartureFilter(Observation seen) {
        this.seen = seen;
    }

    @Override
    public Optional<Reason> withholds(Action action) {
        return switch (action) {
            case Action.RemoveNode remove -> remove.order().isPresent() ? Optional.empty() : ofScope(remove.member());
            case Action.DisableNode disable -> ofScope(disable.member());
            case Action.SetCoordinatorAddress _,
                    Action.AddNode _,
                    Action.RegisterSecondary _,
                    Action.AdoptNode _,
                    Action.ActivateNode _,
                    Action.ReplaceEmptyNode _,
                    Action.UpdateNodes _,
                    Action.StartDrain _,
                    Action.TakeOver _,
                    Action.RebuildShards _,
                    Action.StopDrain _,
                    Action.StartRebalance _,
                    Action.StopRebalance _ -> Optional.empty();
        };
    }

    private Optional<Reason> ofScope(Member member) {
        return member.scope()
                .flatMap(scope -> Optional.ofNullable(
                                seen.memory().massDepartures().get(scope))
                        .flatMap(departure -> Reason.because(sentence(scope, departure))));
    }

    /** What happened, and what ends it. */
    static String sentence(Scope scope, Memory.MassDeparture departure) {
        return "Mass departure: " + departure.gone().size() + " members of " + scope + " went at once, around "
                + Words.time(departure.since())
                + ", so none of that scope is removed or disabled until half of them return; is that source right?";
    }
}
