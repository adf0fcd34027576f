package dev.roster.citus;

import dev.roster.cluster.HostPort;
import dev.roster.plan.Action;
import java.util.ArrayList;
import java.util.List;

/**
 * The documented Citus calls of an action as SQL that a person can read and paste. Nothing that Roster sends is made of it:
 * that is bound and checked in {@link NodeCalls} and {@link DrainCalls}.
 */
public final class CallText {

    private CallText() {}

    /** The calls in order, one statement each; empty if the action makes none. */
    public static List<String> of(Action action) {
        HostPort at = action.address();
        return switch (action) {
            case Action.SetCoordinatorAddress _ -> List.of(call("citus_set_coordinator_host", at));
            case Action.AddNode add -> add(add);
            case Action.RegisterSecondary register ->
                List.of(call(
                        "citus_add_secondary_node",
                        at,
                        ", " + register.primary().address().sqlArguments()));
            case Action.AdoptNode _ -> List.of();
            case Action.ActivateNode _ -> List.of(call("citus_activate_node", at));
            case Action.RemoveNode remove -> remove(remove);
            case Action.ReplaceEmptyNode replace ->
                List.of(
                        call("citus_remove_node", at),
                        call("citus_add_node", at),
                        property(at, replace.node().shouldHaveShards()));
            case Action.DisableNode _ -> List.of(call("citus_disable_node", at));
            case Action.UpdateNodes update ->
                AddressStep.of(update.moves()).stream()
                        .map(step -> update(step, update))
                        .toList();
            case Action.StartDrain start ->
                List.of(
                        property(at, false),
                        "SELECT citus_rebalance_start(drain_only := true, shard_transfer_mode := '"
                                + start.order().mode().word() + "');");
            case Action.TakeOver takeOver ->
                takeOver.staysInPlace()
                        ? List.of()
                        : List.of("SELECT citus_update_node("
                                + takeOver.node().id().value() + ", "
                                + takeOver.worker().address().sqlArguments()
                                + ", force := true, lock_cooldown := 1000);");
            case Action.RebuildShards _ ->
                List.of(
                        call("citus_activate_node", at),
                        "-- then worker_apply_shard_ddl_command and worker_copy_table_to_node for each shard that lacks");
            case Action.StopDrain stop ->
                stop.restore()
                        ? List.of(property(at, stop.order().shouldHaveShards()))
                        : List.of("SELECT citus_rebalance_stop();");
            case Action.StartRebalance start ->
                List.of("SELECT citus_rebalance_start(shard_transfer_mode := '"
                        + start.order().mode().word() + "');");
            case Action.StopRebalance _ -> List.of("SELECT citus_rebalance_stop();");
        };
    }

    private static List<String> add(Action.AddNode add) {
        List<String> calls = new ArrayList<>();
        calls.add(add.worker()
                .group()
                .map(group -> call("citus_add_node", add.address(), ", groupid := " + group.value()))
                .orElseGet(() -> call("citus_add_node", add.address())));
        add.shouldHaveShards().ifPresent(value -> calls.add(property(add.address(), value)));
        return calls;
    }

    private static List<String> remove(Action.RemoveNode remove) {
        String call = call("citus_remove_node", remove.address());
        return remove.curesDeadNode()
                ? List.of(
                        "-- only while there are reference tables:\n"
                                + call("citus_disable_node", remove.address(), ", synchronous := true"),
                        call)
                : List.of(call);
    }

    private static String update(AddressStep step, Action.UpdateNodes update) {
        String force = update.forceAfter()
                .map(cooldown -> ", force := true, lock_cooldown := " + cooldown.toMillis())
                .orElse("");
        return "SELECT citus_update_node(" + step.node() + ", " + step.to().sqlArguments() + force + ");";
    }

    private static String property(HostPort at, boolean shouldHaveShards) {
        return call("citus_set_node_property", at, ", 'shouldhaveshards', " + shouldHaveShards);
    }

    private static String call(String function, HostPort at) {
        return call(function, at, "");
    }

    private static String call(String function, HostPort at, String more) {
        return "SELECT " + function + "(" + at.sqlArguments() + more + ");";
    }
}
