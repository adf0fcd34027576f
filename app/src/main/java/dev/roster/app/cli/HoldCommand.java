package dev.roster.app.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Orders that nothing is changed about one. */
@Command(
        name = "hold",
        description = {"Leaves a worker or node alone until the order is cancelled."},
        mixinStandardHelpOptions = true)
final class HoldCommand implements Callable<Integer> {

    @Mixin
    private final OrderCall order = new OrderCall();

    @Override
    public Integer call() throws CommandFailed {
        return order.send("POST", "hold", Map.of());
    }
}
