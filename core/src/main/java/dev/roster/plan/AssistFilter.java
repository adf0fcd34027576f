package dev.roster.plan;

import dev.roster.cluster.Node;
import dev.roster.identity.Identity;
import dev.roster.ledger.Intent;
import dev.roster.ledger.Interference;
import dev.roster.ledger.LedgerChange;
import dev.roster.ledger.Member;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Withholds what Roster would do by itself about a member that somebody else looks after; what a person orders passes. */
final class AssistFilter implements Filter {

    private final Observation seen;
    private final Map<String, Interference> assisted;

    AssistFilter(Observation seen, List<LedgerChange> notes, Instant now) {
        this.seen = seen;
        this.assisted = OtherWriters.standing(seen, notes, now);
    }

    @Override
    public Optional<Reason> withholds(Action action) {
        if (assisted.isEmpty()) {
            return Optional.empty();
        }
        return concerned(action)
                .map(Identity::systemIdentifier)
                .flatMap(system -> Stream.ofNullable(assisted.get(system)))
                .findFirst()
                .map(each -> new Reason(
                        "somebody else changed this member's row twice within an hour, so Roster only assists; an order"
                                + " is carried out, and roster cancel " + each.address() + " ends this",
                        Optional.of(each.until())));
    }

    /** Whose data the action is about, if nobody ordered it and it changes a row. */
    private Stream<Identity> concerned(Action action) {
        return switch (action) {
            // A blank server may have the identifier of a member, if both come from one image.
            case Action.AddNode add -> add.shouldHaveShards().isPresent() ? add.identity().stream() : Stream.empty();
            case Action.RegisterSecondary register ->
                Stream.of(register.server().report().identity());
            case Action.ReplaceEmptyNode replace -> ofMember(replace.member());
            case Action.DisableNode disable -> ofMember(disable.member());
            case Action.ActivateNode activate -> unlessOrdered(activate.order(), ofMember(activate.member()));
            case Action.RemoveNode remove -> unlessOrdered(remove.order(), ofMember(remove.member()));
            case Action.UpdateNodes update ->
                unlessOrdered(update.order(), update.nodes().stream().flatMap(this::ofNode));
            case Action.AdoptNode _,
                    Action.SetCoordinatorAddress _,
                    Action.StartDrain _,
                    Action.StopDrain _,
                    Action.StartRebalance _,
                    Action.StopRebalance _,
                    Action.TakeOver _,
                    Action.RebuildShards _ -> Stream.empty();
        };
    }

    private static Stream<Identity> unlessOrdered(Optional<Intent> order, Stream<Identity> identities) {
        return order.isPresent() ? Stream.empty() : identities;
    }

    private static Stream<Identity> ofMember(Member member) {
        return member.identity().stream();
    }

    private Stream<Identity> ofNode(Node node) {
        return seen.cluster().ledger().member(node.id()).stream().flatMap(AssistFilter::ofMember);
    }
}
