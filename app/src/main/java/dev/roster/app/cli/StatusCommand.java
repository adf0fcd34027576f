package dev.roster.app.cli;

import dev.roster.app.api.NodesView;
import dev.roster.app.api.StatusView;
import dev.roster.app.api.WorkersView;
import picocli.CommandLine.Command;

/** Shows how things are. */
@Command(
        name = "status",
        description = "Shows coordinator, sources, and every worker and node with its sentence.",
        mixinStandardHelpOptions = true)
final class StatusCommand extends AskingCommand {

    @Override
    String path() {
        return "/api/v1/status";
    }

    @Override
    void tell(String answer, ServiceClient client, Report report) throws CommandFailed {
        report.status(client.read(answer, StatusView.class));
        report.members(
                client.read(client.get("/api/v1/workers"), WorkersView.class),
                client.read(client.get("/api/v1/nodes"), NodesView.class));
    }
}
