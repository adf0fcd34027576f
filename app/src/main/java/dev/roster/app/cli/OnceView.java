package dev.roster.app.cli;

import dev.roster.app.api.NodesView;
import dev.roster.app.api.PlanView.PlannedAction;
import dev.roster.app.api.StatusView;
import dev.roster.app.api.WorkersView;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * The result of {@code once --json}.
 *
 * @param done whether everybody discovered is a member
 * @param sentence how it ended
 * @param actions what was tried, in order
 * @param status how things are now
 * @param workers what the sources sight
 * @param nodes the rows of {@code pg_dist_node}
 */
@RegisterForReflection
record OnceView(
        boolean done,
        String sentence,
        List<PlannedAction> actions,
        StatusView status,
        WorkersView workers,
        NodesView nodes) {}
