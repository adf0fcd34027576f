package dev.roster.app.cli;

import dev.roster.app.engine.Version;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code roster}. Without a subcommand it serves. */
@Command(
        name = "roster",
        description = "Keeps a Citus cluster's list of members true. Without a command it serves.",
        mixinStandardHelpOptions = true,
        versionProvider = RosterCommand.BuildVersion.class,
        subcommands = {
            ServeCommand.class,
            OnceCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            PlanCommand.class,
            WatchCommand.class,
            OrdersCommand.class,
            JournalCommand.class,
            DrainCommand.class,
            RemoveCommand.class,
            ReplaceCommand.class,
            ActivateCommand.class,
            FollowCommand.class,
            HoldCommand.class,
            CancelCommand.class,
            RebalanceCommand.class,
            AcceptCoordinatorCommand.class
        },
        footerHeading = "%nExit codes:%n",
        footer = {
            "  0  done",
            "  1  not done",
            "  2  the command line or the configuration cannot be read",
            "  3  the service or the coordinator could not be reached",
            "",
            "Settings come from environment variables: see docs/configuration.md."
        })
public final class RosterCommand implements Callable<Integer> {

    @Mixin
    private final ServeCommand serve;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    private Colour colour = Colour.AUTO;

    private RosterCommand(ServeCommand serve) {
        this.serve = serve;
    }

    /**
     * The whole command line.
     *
     * @param service runs the service until it is stopped
     */
    public static CommandLine commandLine(Service service) {
        Commands commands = new Commands(service);
        CommandLine line = new CommandLine(new RosterCommand(new ServeCommand(service)), commands);
        PrintWriter out = new PrintWriter(System.out, false, StandardCharsets.UTF_8);
        line.setOut(out);
        line.setExecutionStrategy(parsed -> {
            int code = new CommandLine.RunLast().execute(parsed);
            out.flush();
            return code;
        });
        line.setExecutionExceptionHandler(RosterCommand::failed);
        line.setParameterExceptionHandler(RosterCommand::unreadable);
        line.setColorScheme(scheme(Colour.AUTO));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpWidth(Table.WIDTH);
        return line;
    }

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            description = {
                "Colours: auto (the default: on a terminal), always,",
                "or never. NO_COLOR switches auto off."
            })
    void setColour(@Nullable Colour when) {
        colour = when == null ? Colour.AUTO : when;
        spec.root().commandLine().setColorScheme(scheme(colour));
    }

    @Override
    public Integer call() throws CommandFailed {
        return serve.call();
    }

    private static ColorScheme scheme(Colour colour) {
        return Help.defaultColorScheme(colour.isOn(Board.isTerminal(), System.getenv()) ? Help.Ansi.ON : Help.Ansi.OFF);
    }

    private static String error(String message, CommandLine line) {
        Colour colour =
                line.getCommandSpec().root().userObject() instanceof RosterCommand root ? root.colour : Colour.AUTO;
        return Tone.ALARM.paint(message, colour.isOn(Colour.errorsAreSeen(), System.getenv()));
    }

    private static int unreadable(ParameterException e, String... arguments) {
        CommandLine line = e.getCommandLine();
        PrintWriter err = line.getErr();
        err.println(error(String.valueOf(e.getMessage()), line));
        UnmatchedArgumentException.printSuggestions(e, err);
        err.println("'" + line.getCommandSpec().qualifiedName() + " --help' tells what is accepted.");
        err.flush();
        return ExitCodes.USAGE;
    }

    static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
        PrintWriter err = line.getErr();
        if (e instanceof CommandFailed failure) {
            err.println(error(String.valueOf(failure.getMessage()), line));
            err.flush();
            return failure.exitCode();
        }
        err.println("A fault of the program, please report it:");
        e.printStackTrace(err);
        err.flush();
        return ExitCodes.NOT_DONE;
    }

    /** Runs the service. */
    @FunctionalInterface
    public interface Service {
        /**
         * Runs it until it is stopped.
         *
         * @return the exit code
         */
        int run();
    }

    /** Makes the commands, which all have constructors of their own. */
    private record Commands(Service service) implements CommandLine.IFactory {
        @Override
        public <K> K create(Class<K> type) throws Exception {
            if (type == ServeCommand.class) {
                return type.cast(new ServeCommand(service));
            }
            return CommandLine.defaultFactory().create(type);
        }
    }

    /** {@code --version}. */
    static final class BuildVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {
                "Roster " + Version.NUMBER,
                "Java " + Runtime.version().feature() + " (" + System.getProperty("java.vm.name") + ")"
            };
        }
    }
}
