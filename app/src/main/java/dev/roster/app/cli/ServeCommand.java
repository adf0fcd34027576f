package dev.roster.app.cli;

import dev.roster.app.engine.ReadyFile;
import dev.roster.app.engine.ReadyFileUnwritable;
import dev.roster.app.settings.RosterConfig;
import dev.roster.app.settings.RosterSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks everything that can be checked, then serves. */
@Command(
        name = "serve",
        description = "Runs the service until it is stopped (the default).",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    private final RosterCommand.Service service;

    @Option(names = "--json", description = "Log one JSON object per line, as ROSTER_LOG_JSON=true does.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    ServeCommand(RosterCommand.Service service) {
        this.service = service;
    }

    @Override
    public Integer call() throws CommandFailed {
        RosterSettings settings = Configuration.read();
        if (settings.run() == RosterConfig.Run.ONCE) {
            return new OnceRun(
                            settings,
                            OnceCommand.DEFAULT_TIMEOUT,
                            json,
                            spec.commandLine().getOut(),
                            spec.commandLine().getErr())
                    .run();
        }
        prepare(settings.readyFile());
        if (json) {
            System.setProperty("roster.log.json", "true");
        }
        return service.run();
    }

    private static void prepare(Optional<Path> readyFile) throws CommandFailed {
        if (readyFile.isPresent()) {
            try {
                ReadyFile.prepare(readyFile.get());
            } catch (ReadyFileUnwritable e) {
                throw new CommandFailed(ExitCodes.USAGE, String.valueOf(e.getMessage()), e);
            }
        }
    }
}
