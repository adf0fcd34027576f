package dev.roster.app.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Takes an order back. */
@Command(
        name = "cancel",
        description = {"Takes back the order that stands for a worker or node."},
        mixinStandardHelpOptions = true)
final class CancelCommand implements Callable<Integer> {

    @Mixin
    private final OrderCall order = new OrderCall();

    @Override
    public Integer call() throws CommandFailed {
        return order.send("DELETE", "order", Map.of());
    }
}
