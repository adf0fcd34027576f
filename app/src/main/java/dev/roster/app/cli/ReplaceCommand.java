package dev.roster.app.cli;

import dev.roster.app.api.Problem;
import java.io.Console;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Orders a replacement, the one order that loses rows. On a terminal the name has to be typed once more. */
@Command(
        name = "replace",
        description = {
            "Lets an empty server take the place of a node that is lost for good.",
            "Shards that only the lost server had are made anew, empty.",
            "Without --accept-data-loss it only tells what would be lost."
        },
        mixinStandardHelpOptions = true)
final class ReplaceCommand implements Callable<Integer> {

    private static final String ORDER = "replace";

    @Mixin
    private final OrderCall order = new OrderCall();

    @Mixin
    private final WaitOptions wait = new WaitOptions();

    @Option(
            names = "--with",
            paramLabel = "OTHER",
            required = true,
            description = {"The empty server; NAME itself if it came back empty."})
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String with;

    @Option(names = "--accept-data-loss", description = "The rows named are lost, and that is accepted.")
    private boolean accepts;

    @Option(names = "--yes", description = "On a terminal: do not ask for the name once more.")
    private boolean yes;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    private final Optional<Typing> typing;

    ReplaceCommand() {
        this(Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(console -> prompt ->
                        Optional.ofNullable(console.readLine("%s", prompt)).orElse("")));
    }

    /**
     * @param typing asks who sits at the terminal; empty without one
     */
    ReplaceCommand(Optional<Typing> typing) {
        this.typing = typing;
    }

    /** Somebody at a terminal. */
    @FunctionalInterface
    interface Typing {
        /** What was typed; empty at the end of the input. */
        String answerTo(String prompt);
    }

    @Override
    public Integer call() throws CommandFailed {
        if (accepts && !yes && typing.isPresent()) {
            Optional<Problem> loss = order.problem("POST", ORDER, body(false));
            if (loss.isEmpty()) {
                return order.send("POST", ORDER, body(false), wait);
            }
            confirm(typing.get(), loss.get());
        }
        return order.send("POST", ORDER, body(accepts), wait);
    }

    private Map<String, Object> body(boolean acceptsLoss) {
        return acceptsLoss ? Map.of("with", with, "acceptDataLoss", true) : Map.of("with", with);
    }

    /** What would be lost is named first; where it could not be, nothing is ordered. */
    private void confirm(Typing somebody, Problem loss) throws CommandFailed {
        if (!loss.title().equals(Problem.WOULD_LOSE_DATA)) {
            throw ServiceClient.failed(loss);
        }
        PrintWriter out = spec.commandLine().getOut();
        Table.broken(loss.detail(), Table.WIDTH).forEach(out::println);
        out.flush();
        String typed = somebody.answerTo("Type " + order.name() + " to accept that: ");
        if (!typed.strip().equals(order.name())) {
            throw new CommandFailed(
                    ExitCodes.NOT_DONE,
                    "That is not " + order.name() + ", so nothing was ordered and nothing was changed",
                    null);
        }
    }
}
