package dev.roster.app.cli;

import dev.roster.ledger.Intent.TransferMode;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Orders a drain. */
@Command(
        name = "drain",
        description = {
            "Moves all shards to other nodes, then removes the node.",
            "It is kept out until the order is cancelled."
        },
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {

    @Mixin
    private final OrderCall order = new OrderCall();

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description = {
                "How shards are copied; default: auto.",
                "auto: while they are written; needs a primary key.",
                "force_logical: so too; tables without a primary key",
                "refuse updates and deletes meanwhile.",
                "block_writes: writers wait."
            })
    private TransferMode mode = TransferMode.AUTO;

    @Option(names = "--preview", description = "Only show what would move, and what hinders it.")
    private boolean preview;

    @Override
    public Integer call() throws CommandFailed {
        Map<String, String> fields = Map.of("mode", mode.word());
        if (!preview) {
            return order.send("POST", "drain", fields, wait);
        }
        if (wait.isWanted()) {
            throw new CommandFailed(ExitCodes.USAGE, "--wait goes with ordering a drain, not with --preview", null);
        }
        return order.previewDrain(fields);
    }
}
