package dev.roster.app.cli;

import dev.roster.app.api.PlanView;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows what the service decided last. */
@Command(
        name = "plan",
        description = "Shows what would be done next, what is withheld, and why.",
        mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailed {
        ServiceClient client = server.client();
        String body = client.get("/api/v1/plan");
        PrintWriter out = spec.commandLine().getOut();
        if (server.json()) {
            out.println(body);
        } else {
            new Report(out).plan(client.read(body, PlanView.class));
        }
        return ExitCodes.DONE;
    }
}
