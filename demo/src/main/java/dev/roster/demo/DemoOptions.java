package dev.roster.demo;

import dev.roster.testkit.citus.CitusFlavour;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of the demo. */
@Command(
        name = "roster demo",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a Citus coordinator, workers, and Roster on this machine, with nothing else installed, plays a scene, "
                    + "and lets you stop, restart, add, drain, wipe and remove workers while Roster answers. Ctrl-C leaves "
                    + "nothing behind."
        })
final class DemoOptions {

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many workers to begin with, 1 to 20; default: ${DEFAULT-VALUE}.")
    private int workers;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where Roster serves HTTP, on loopback only; default: 8080, or a free port if that is taken.")
    private @Nullable Integer port;

    @Option(names = "--stand-in", description = "Use the Citus stand-in even where real Citus is installed.")
    private boolean standIn;

    @Option(names = "--no-browser", description = "Open no browser; the links are printed all the same.")
    private boolean noBrowser;

    @Option(names = "--no-scene", description = "Play no scene; everything is left to you.")
    private boolean noScene;

    @Option(
            names = "--headless",
            description = "Play the scene without asking anything, and exit 0 if all of it went as told.")
    private boolean headless;

    /** Real Citus where it is installed, unless the stand-in is wanted. */
    CitusFlavour citus() {
        return standIn ? CitusFlavour.STAND_IN : CitusFlavour.chosen();
    }

    int workers() {
        return workers;
    }

    OptionalInt port() {
        return port == null ? OptionalInt.empty() : OptionalInt.of(port);
    }

    boolean headless() {
        return headless;
    }

    boolean opensBrowser() {
        return !noBrowser && !headless;
    }

    boolean playsScene() {
        return headless || !noScene;
    }

    /** What is wrong with the values; empty text if nothing. */
    String fault() {
        if (workers < 1 || workers > Stage.MOST_WORKERS) {
            return "--workers is " + workers + "; accepted: 1 to " + Stage.MOST_WORKERS;
        }
        if (port != null && (port < 1 || port > 65535)) {
            return "--port is " + port + "; accepted: 1 to 65535";
        }
        return "";
    }
}
