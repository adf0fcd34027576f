package dev.roster.app.cli;

import dev.roster.app.api.OrdersView;
import picocli.CommandLine.Command;

/** Shows what people ordered. */
@Command(
        name = "orders",
        description = "Shows the orders that stand, how far each is, and what it waits for.",
        mixinStandardHelpOptions = true)
final class OrdersCommand extends AskingCommand {

    @Override
    String path() {
        return "/api/v1/orders";
    }

    @Override
    void tell(String answer, ServiceClient client, Report report) throws CommandFailed {
        report.orders(client.read(answer, OrdersView.class));
    }
}
