package dev.roster.app.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Adds whoever is there, in this process. */
@Command(
        name = "once",
        description = {
            "Adds whoever is discovered, then exits; never removes or disables.",
            "Ends with 0 only if everybody discovered is a member."
        },
        mixinStandardHelpOptions = true)
final class OnceCommand implements Callable<Integer> {

    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = TimeConverter.class,
            description = "How long to try, such as 30s or 5m; default: 60s.")
    private Duration timeout = DEFAULT_TIMEOUT;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailed {
        return new OnceRun(
                        Configuration.read(),
                        timeout,
                        json,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr())
                .run();
    }
}
