package dev.roster.app.cli;

import dev.roster.app.api.NodesView;
import dev.roster.app.api.StatusView;
import dev.roster.app.api.WorkersView;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows how things are. */
@Command(
        name = "status",
        description = "Shows coordinator, sources, and every worker and node with its sentence.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailed {
        ServiceClient client = server.client();
        String body = client.get("/api/v1/status");
        PrintWriter out = spec.commandLine().getOut();
        if (server.json()) {
            out.println(body);
        } else {
            Report report = new Report(out);
            report.status(client.read(body, StatusView.class));
            report.members(
                    client.read(client.get("/api/v1/workers"), WorkersView.class),
                    client.read(client.get("/api/v1/nodes"), NodesView.class));
        }
        return ExitCodes.DONE;
    }
}
