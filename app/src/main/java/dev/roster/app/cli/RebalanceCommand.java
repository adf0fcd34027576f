package dev.roster.app.cli;

import dev.roster.app.api.RebalanceView;
import dev.roster.ledger.Intent.TransferMode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Orders a rebalance, stops it, or shows what it would move. */
@Command(
        name = "rebalance",
        description = {
            "Spreads the shards evenly over the nodes that take some.",
            "Citus' own rebalancer does it, in the background."
        },
        mixinStandardHelpOptions = true)
final class RebalanceCommand implements Callable<Integer> {

    private static final String PATH = "/api/v1/rebalance";

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    @ArgGroup
    private @Nullable Instead instead;

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
    private @Nullable TransferMode mode;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    /** What is done instead of beginning one. */
    static final class Instead {

        @Option(names = "--preview", description = "Only show what would be moved.")
        private boolean preview;

        @Option(names = "--stop", description = "Stop it; what has moved stays.")
        @SuppressWarnings("UnusedVariable") // one of the two is set, or neither stands
        private boolean stop;
    }

    @Override
    public Integer call() throws CommandFailed {
        Instead chosen = instead;
        if (chosen == null) {
            TransferMode said = mode == null ? TransferMode.AUTO : mode;
            return Ordering.send(server, spec.commandLine().getOut(), "POST", PATH, Map.of("mode", said.word()), wait);
        }
        if (mode != null || wait.isWanted()) {
            throw new CommandFailed(ExitCodes.USAGE, "--mode and --wait go with beginning a rebalance only", null);
        }
        return chosen.preview
                ? preview()
                : Ordering.send(server, spec.commandLine().getOut(), "DELETE", PATH, Map.of());
    }

    private int preview() throws CommandFailed {
        ServiceClient client = server.client();
        String answer = client.get(PATH + "?preview=true");
        PrintWriter out = spec.commandLine().getOut();
        if (server.json()) {
            out.println(answer);
        } else {
            new MoveReport(out, false).preview(client.read(answer, RebalanceView.class));
        }
        return ExitCodes.DONE;
    }
}
