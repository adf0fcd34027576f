package dev.roster.app.cli;

import dev.roster.app.api.PlanView;
import picocli.CommandLine.Command;

/** Shows what the service decided last. */
@Command(
        name = "plan",
        description = "Shows what would be done next, what is withheld, and why.",
        mixinStandardHelpOptions = true)
final class PlanCommand extends AskingCommand {

    @Override
    String path() {
        return "/api/v1/plan";
    }

    @Override
    void tell(String answer, ServiceClient client, Report report) throws CommandFailed {
        report.plan(client.read(answer, PlanView.class));
    }
}
