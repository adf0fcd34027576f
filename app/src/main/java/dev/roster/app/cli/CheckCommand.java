package dev.roster.app.cli;

import dev.roster.app.api.CheckView;
import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.CoordinatorUnavailable;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks at the whole cluster, in this process. */
@Command(
        name = "check",
        description = {
            "Tells whether the cluster has what Citus needs.",
            "Asks the coordinator and every node, each from its own side; changes nothing.",
            "Ends with 0 if nothing is in error, else with 1."
        },
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailed {
        CheckView view;
        try {
            view = CheckView.of(RosterEngine.check(Configuration.read()));
        } catch (CoordinatorUnavailable e) {
            throw new CommandFailed(ExitCodes.UNREACHABLE, e.getMessage() + "; " + e.remedy(), e);
        }
        if (json) {
            spec.commandLine().getOut().println(Json.text(view));
        } else {
            Report.of(spec.commandLine()).findings(view);
        }
        return view.ok() ? ExitCodes.DONE : ExitCodes.NOT_DONE;
    }
}
