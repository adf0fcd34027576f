package dev.roster.app.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Orders an activation. */
@Command(
        name = "activate",
        description = {"Activates an inactive node as soon as its own server answers."},
        mixinStandardHelpOptions = true)
final class ActivateCommand implements Callable<Integer> {

    @Mixin
    private final OrderCall order = new OrderCall();

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    @Override
    public Integer call() throws CommandFailed {
        return order.send("POST", "activate", Map.of(), wait);
    }
}
