package dev.roster.app.cli;

import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what happens, as it happens. */
@Command(
        name = "watch",
        description = {
            "Shows each change as it happens, until Ctrl-C.",
            "There is a line for each entry of the journal and for each worker or node",
            "that gets another state.",
            "When Roster restarts, it goes on where it was."
        },
        mixinStandardHelpOptions = true)
final class WatchCommand implements Callable<Integer> {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailed {
        ServiceClient client = server.client();
        EventTeller teller = server.json()
                ? JsonEvents.ofAll(
                        spec.commandLine().getOut(), spec.commandLine().getErr())
                : new WatchTeller(Board.of(spec.commandLine().getOut()), client, InstantSource.system());
        return client.listen(teller);
    }
}
