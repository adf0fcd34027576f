package dev.roster.app.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Takes a coordinator that is older than its workers as it is. */
@Command(
        name = "accept-coordinator",
        description = {
            "Takes a coordinator that is older than its workers as it is,",
            "so that Roster acts again. Before that, look at what it lacks:",
            "what Roster does from then on follows from its catalogs."
        },
        mixinStandardHelpOptions = true)
final class AcceptCoordinatorCommand implements Callable<Integer> {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailed {
        return Ordering.send(server, spec.commandLine().getOut(), "POST", "/api/v1/coordinator/accept", Map.of());
    }
}
