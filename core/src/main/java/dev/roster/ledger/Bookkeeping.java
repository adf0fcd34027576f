package dev.roster.ledger;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.NodeId;
import dev.roster.discovery.Scope;
import dev.roster.execute.Refusal;
import dev.roster.identity.Identity;
import dev.roster.identity.ServerReport;
import dev.roster.plan.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The ledger rows that record an action, and the sentence that tells it. Pure, so that every implementation of the
 * coordinator port keeps the same books; the rows are written in the transaction of the call they record (law 6).
 */
public final class Bookkeeping {

    /** The actor of everything that no person ordered. */
    public static final String ROSTER = "roster";

    /** The journal's word for what concerns the coordinator as a whole. */
    public static final String COORDINATOR = "coordinator";

    /** What a rebalance ends with for which Citus finds no move; its {@code citus_rebalance_start} answers with NULL. */
    public static final String NOTHING_TO_MOVE = "Nothing to move: Citus finds the shards balanced";

    private Bookkeeping() {}

    /**
     * The rows that record an action which was carried out, the journal's line last.
     *
     * @param action what was done
     * @param node the {@code nodeid} of the row afterwards; of the removed row if none is left
     * @param group the group of that row
     * @param now when
     */
    public static List<LedgerChange> done(Action action, NodeId node, GroupId group, Instant now) {
        return done(action, node, group, Optional.empty(), now);
    }

    /**
     * The rows that record an action which was carried out, the journal's line last.
     *
     * @param action as above
     * @param node as above
     * @param group as above
     * @param job the background job that Citus started for it, if any
     * @param now as above
     */
    public static List<LedgerChange> done(Action action, NodeId node, GroupId group, Optional<Long> job, Instant now) {
        List<LedgerChange> changes = new ArrayList<>();
        switch (action) {
            case Action.SetCoordinatorAddress _ -> {}
            case Action.AddNode add -> {
                changes.add(member(
                        node, group, add.address(), add.identity(), add.worker().scope(), now));
                add.identity().map(LedgerChange.Unbury::new).ifPresent(changes::add);
            }
            case Action.RegisterSecondary register ->
                changes.add(new LedgerChange.PutMember(secondary(register, node, group, now)));
            case Action.AdoptNode adopt ->
                changes.add(new LedgerChange.PutMember(new Member(
                        node,
                        group,
                        adopt.address(),
                        Optional.of(adopt.identity()),
                        Origin.ADOPTED,
                        Optional.of(adopt.scope()),
                        now,
                        Optional.empty(),
                        false,
                        Set.of())));
            case Action.ActivateNode activate -> {
                changes.add(marked(activate.member(), false));
                activate.order()
                        .map(Intent::subject)
                        .map(LedgerChange.LiftIntent::new)
                        .ifPresent(changes::add);
            }
            case Action.RemoveNode remove -> {
                changes.add(
                        remove.isOfSecondary()
                                ? new LedgerChange.ForgetMember(remove.node().id())
                                : bury(
                                        remove.member(),
                                        remove.order()
                                                .map(Intent::shouldHaveShards)
                                                .orElse(remove.node().shouldHaveShards()),
                                        actor(action),
                                        now));
                remove.order()
                        .map(order -> new LedgerChange.UpdateIntent(order.at(Intent.Stage.DONE)))
                        .ifPresent(changes::add);
            }
            case Action.ReplaceEmptyNode replace -> {
                changes.add(bury(replace.member(), replace.node().shouldHaveShards(), ROSTER, now));
                changes.add(member(
                        node,
                        group,
                        replace.address(),
                        Optional.of(replace.identity()),
                        replace.worker().scope(),
                        now));
                changes.add(new LedgerChange.Unbury(replace.identity()));
            }
            case Action.DisableNode disable -> changes.add(marked(disable.member(), true));
            case Action.UpdateNodes update -> changes.addAll(followed(update));
            case Action.StartDrain start ->
                changes.add(new LedgerChange.UpdateIntent(start.order().running(job)));
            case Action.StopDrain stop -> changes.add(stopped(stop));
            case Action.StartRebalance start ->
                changes.add(new LedgerChange.UpdateIntent(start.order().running(job)));
            case Action.StopRebalance stop ->
                changes.add(new LedgerChange.LiftIntent(stop.order().subject()));
            case Action.TakeOver takeOver -> {
                changes.add(new LedgerChange.PutMember(new Member(
                        node,
                        group,
                        takeOver.worker().address(),
                        Optional.of(takeOver.identity()),
                        takeOver.member().origin(),
                        Optional.of(takeOver.worker().scope()),
                        now,
                        Optional.empty(),
                        false,
                        Set.of())));
                changes.add(new LedgerChange.Unbury(takeOver.identity()));
                changes.add(new LedgerChange.UpdateIntent(
                        takeOver.order().replacing("the row leads to the new server, which has no tables yet")));
                changes.add(new LedgerChange.GiveIntent(takeOver.order().keptOut()));
            }
            case Action.RebuildShards rebuild ->
                changes.add(new LedgerChange.LiftIntent(rebuild.order().subject()));
        }
        changes.add(journal(action, "done", sentence(action, group), now));
        return List.copyOf(changes);
    }

    /**
     * The rows that record a step of a rebuild.
     *
     * @param action the rebuild
     * @param rebuilt how far it is
     * @param now when
     */
    public static List<LedgerChange> rebuilt(Action.RebuildShards action, Rebuilt rebuilt, Instant now) {
        return List.of(
                rebuilt.complete()
                        ? new LedgerChange.LiftIntent(action.order().subject())
                        : new LedgerChange.UpdateIntent(action.order().replacing(rebuilt.progress())),
                journal(action, "done", sentence(action, rebuilt), now));
    }

    /**
     * What a step of a rebuild did.
     *
     * @param action the rebuild
     * @param rebuilt how far it is
     */
    public static String sentence(Action.RebuildShards action, Rebuilt rebuilt) {
        return "Node " + action.address() + " replaced: " + rebuilt.sentence() + " (" + action.reason() + ")";
    }

    /**
     * The rows that make the ledger agree with an aim that was found reached already. What somebody else added or disabled
     * is theirs: it is not written down as Roster's.
     *
     * @param action what would have been done
     * @param now when
     */
    public static List<LedgerChange> alreadyTrue(Action action, Instant now) {
        return switch (action) {
            case Action.ActivateNode activate -> {
                List<LedgerChange> changes = new ArrayList<>(List.of(marked(activate.member(), false)));
                activate.order()
                        .map(Intent::subject)
                        .map(LedgerChange.LiftIntent::new)
                        .ifPresent(changes::add);
                yield List.copyOf(changes);
            }
            case Action.RemoveNode remove -> {
                List<LedgerChange> changes = new ArrayList<>(
                        List.of(new LedgerChange.ForgetMember(remove.node().id())));
                remove.order()
                        .map(order -> new LedgerChange.UpdateIntent(order.at(Intent.Stage.DONE)))
                        .ifPresent(changes::add);
                yield List.copyOf(changes);
            }
            case Action.StopDrain stop -> List.of(stopped(stop));
            case Action.StopRebalance stop ->
                List.of(new LedgerChange.LiftIntent(stop.order().subject()));
            case Action.RebuildShards rebuild ->
                List.of(new LedgerChange.LiftIntent(rebuild.order().subject()));
            case Action.ReplaceEmptyNode replace ->
                List.of(new LedgerChange.ForgetMember(replace.node().id()));
            case Action.UpdateNodes update -> followed(update);
            case Action.SetCoordinatorAddress _,
                    Action.AddNode _,
                    Action.RegisterSecondary _,
                    Action.AdoptNode _,
                    Action.DisableNode _,
                    Action.TakeOver _,
                    Action.StartDrain _ -> List.of();
            case Action.StartRebalance start ->
                List.of(
                        new LedgerChange.LiftIntent(start.order().subject()),
                        journal(start, "finished", NOTHING_TO_MOVE, now));
        };
    }

    /**
     * The journal's line for a refusal.
     *
     * @param action what was tried
     * @param refusal why it was refused
     * @param now when
     */
    public static LedgerChange refused(Action action, Refusal refusal, Instant now) {
        return journal(action, "refused", refusal.sentence() + "; " + refusal.remedy(), now);
    }

    /** The journal's line for a coordinator that was found older than its workers. */
    public static LedgerChange doubted(CoordinatorDoubt doubt) {
        return LedgerChange.Append.line(
                doubt.since(),
                ROSTER,
                COORDINATOR,
                Optional.empty(),
                "noted",
                doubt.sentence() + "; nothing is changed until a person accepts it");
    }

    /**
     * What was done, to which node, and why, in one sentence without a full stop.
     *
     * @param action what was done
     * @param group the group of the node afterwards, or before it was removed
     */
    public static String sentence(Action action, GroupId group) {
        String what = switch (action) {
            case Action.SetCoordinatorAddress set ->
                "Coordinator registered as " + set.address()
                        + set.previous().map(old -> " instead of " + old).orElse("");
            case Action.AddNode add -> "Worker " + add.address() + " added as group " + group;
            case Action.RegisterSecondary register ->
                "Standby " + register.address() + " registered as secondary of "
                        + register.primary().address() + ", group " + group;
            case Action.AdoptNode adopt -> "Node " + adopt.address() + " of group " + group + " adopted";
            case Action.ActivateNode activate -> "Node " + activate.address() + " of group " + group + " activated";
            case Action.RemoveNode remove ->
                (remove.isOfSecondary() ? "Secondary " : "Node ") + remove.address() + " of group " + group
                        + " removed";
            case Action.ReplaceEmptyNode replace ->
                "Node " + replace.address() + " removed and its new, empty server added as group " + group;
            case Action.DisableNode disable -> "Node " + disable.address() + " of group " + group + " disabled";
            case Action.UpdateNodes update -> moved(update);
            case Action.TakeOver takeOver ->
                takeOver.staysInPlace()
                        ? "The new server at " + takeOver.address() + " takes the place of the lost one as group "
                                + group
                        : "Worker " + takeOver.worker().address() + " takes the place of " + takeOver.address()
                                + " as group " + group;
            case Action.RebuildShards rebuild ->
                "Node " + rebuild.address() + " of group " + group + " has all shards that the lost server had";
            case Action.StartDrain start -> "Drain of node " + start.address() + " of group " + group + " started";
            case Action.StopDrain stop ->
                stop.restore()
                        ? "Node " + stop.address() + " of group " + group + " may have shards as before"
                        : "Drain of node " + stop.address() + " of group " + group + " stopped";
            case Action.StartRebalance _ -> "Rebalance started";
            case Action.StopRebalance stop ->
                "Rebalance stopped"
                        + stop.order().job().map(job -> ", job " + job).orElse("") + "; what has moved stays";
        };
        return action.reason().isBlank() ? what : what + " (" + action.reason() + ")";
    }

    private static LedgerChange member(
            NodeId node, GroupId group, HostPort address, Optional<Identity> identity, Scope scope, Instant now) {
        return new LedgerChange.PutMember(new Member(
                node,
                group,
                address,
                identity,
                Origin.ADDED,
                Optional.of(scope),
                now,
                Optional.empty(),
                false,
                Set.of()));
    }

    /** Its role is remembered by its recovery state, since a secondary has the identity of its primary. */
    private static Member secondary(Action.RegisterSecondary register, NodeId node, GroupId group, Instant now) {
        ServerReport said = register.server().report();
        return new Member(
                node,
                group,
                register.address(),
                Optional.of(said.identity()),
                Origin.ADDED,
                Optional.of(register.worker().scope()),
                now,
                Optional.of(new Member.LastSeen(said.startTime(), true, said.timeline(), said.lsn())),
                false,
                Set.of());
    }

    /** Members at their new addresses, known by what answered there; an order for it is carried out. */
    private static List<LedgerChange> followed(Action.UpdateNodes update) {
        List<LedgerChange> changes = new ArrayList<>();
        for (Action.Move move : update.moves()) {
            move.member()
                    .map(member -> move.server()
                            .map(found -> member.movedTo(move.to(), found.report()))
                            .orElseGet(() -> member.movedTo(move.to())))
                    .map(LedgerChange.PutMember::new)
                    .ifPresent(changes::add);
        }
        update.order().map(Intent::subject).map(LedgerChange.LiftIntent::new).ifPresent(changes::add);
        return changes;
    }

    private static String moved(Action.UpdateNodes update) {
        Action.Move first = update.moves().getFirst();
        String others = update.moves().stream()
                .skip(1)
                .map(move -> "node " + move.node().address() + " of group "
                        + move.node().group() + " is at " + move.to() + " now")
                .collect(Collectors.joining(", "));
        return "Node " + first.node().address() + " of group " + first.node().group() + " followed to " + first.to()
                + (others.isEmpty() ? "" : "; in the same transaction " + others);
    }

    private static LedgerChange marked(Member member, boolean disabledByRoster) {
        return new LedgerChange.PutMember(member.withDisabledByRoster(disabledByRoster));
    }

    private static LedgerChange stopped(Action.StopDrain stop) {
        Intent order = stop.order();
        return stop.restore() && order.stage() == Intent.Stage.CANCELLED
                ? new LedgerChange.LiftIntent(order.subject())
                : new LedgerChange.UpdateIntent(order.stopped(stop.failure()));
    }

    private static LedgerChange bury(Member member, boolean shouldHaveShards, String by, Instant now) {
        return new LedgerChange.Bury(new Tombstone(
                member.node(), member.group(), member.address(), member.identity(), shouldHaveShards, now, by));
    }

    /** Who wanted it: the person who ordered it, or Roster itself. */
    private static String actor(Action action) {
        return switch (action) {
            case Action.ActivateNode activate ->
                activate.order().map(Intent::orderedBy).orElse(ROSTER);
            case Action.RemoveNode remove ->
                remove.order().map(Intent::orderedBy).orElse(ROSTER);
            case Action.UpdateNodes update ->
                update.order().map(Intent::orderedBy).orElse(ROSTER);
            case Action.StartDrain start -> start.order().orderedBy();
            case Action.StartRebalance start -> start.order().orderedBy();
            case Action.StopRebalance stop -> stop.order().orderedBy();
            case Action.TakeOver takeOver -> takeOver.order().orderedBy();
            case Action.RebuildShards rebuild -> rebuild.order().orderedBy();
            case Action.StopDrain _,
                    Action.SetCoordinatorAddress _,
                    Action.AddNode _,
                    Action.RegisterSecondary _,
                    Action.AdoptNode _,
                    Action.ReplaceEmptyNode _,
                    Action.DisableNode _ -> ROSTER;
        };
    }

    private static LedgerChange journal(Action action, String outcome, String sentence, Instant now) {
        return LedgerChange.Append.line(
                now, actor(action), action.kind(), Optional.of(action.address()), outcome, sentence);
    }
}
