package dev.roster.app.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Orders that a node's row follows its data to another server. */
@Command(
        name = "follow",
        description = {
            "Lets a node's row follow to another server that has its data.",
            "For a copy that Roster does not follow by itself."
        },
        mixinStandardHelpOptions = true)
final class FollowCommand implements Callable<Integer> {

    @Mixin
    private final OrderCall order = new OrderCall();

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    @Option(
            names = "--to",
            paramLabel = "OTHER",
            required = true,
            description = {
                "The other server: its name, host, or host:port.",
                "It must be writable, of the node's group, with its",
                "shards; the old server must not be writable."
            })
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String to;

    @Override
    public Integer call() throws CommandFailed {
        return order.send("POST", "follow", Map.of("to", to), wait);
    }
}
