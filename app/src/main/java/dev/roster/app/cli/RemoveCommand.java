package dev.roster.app.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Orders a removal. */
@Command(
        name = "remove",
        description = {
            "Removes the node, unless it holds the only copy of a shard.",
            "It is kept out until the order is cancelled."
        },
        mixinStandardHelpOptions = true)
final class RemoveCommand implements Callable<Integer> {

    @Mixin
    private final OrderCall order = new OrderCall();

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    @Override
    public Integer call() throws CommandFailed {
        return order.send("POST", "remove", Map.of(), wait);
    }
}
