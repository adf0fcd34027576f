package dev.roster.demo;

import dev.roster.app.cli.RosterCommand;
import dev.roster.app.engine.RosterEngine;
import dev.roster.app.settings.InvalidConfiguration;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.Charset;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * {@code ./roster demo}: opens the {@link Stage}, runs the whole service in this process with the stage as its source of
 * workers, and hands over to a person ({@link Console}) or to the {@link Scene}.
 */
@QuarkusMain(name = "demo")
public final class Demo implements QuarkusApplication {

    private static final int USUAL_PORT = 8080;
    private static final int USAGE = 2;
    private static final Duration TIME_TO_LOOK = Duration.ofSeconds(5);

    private final RosterEngine engine;

    @Inject
    Demo(RosterEngine engine) {
        this.engine = engine;
    }

    /**
     * Runs the demo.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(run(new CommandLine(new DemoOptions()), arguments));
    }

    private static int run(CommandLine line, String[] arguments) {
        DemoOptions options = line.getCommand();
        try {
            if (CommandLine.printHelpIfRequested(line.parseArgs(arguments))) {
                return 0;
            }
        } catch (CommandLine.ParameterException e) {
            System.err.println(e.getMessage());
            return USAGE;
        }
        if (!options.fault().isEmpty()) {
            System.err.println(options.fault());
            return USAGE;
        }
        if (options.port().isPresent() && !isFree(options.port().getAsInt())) {
            System.err.println(
                    "Port " + options.port().getAsInt() + " is taken; name another one, or leave --port out");
            return USAGE;
        }
        System.out.println("Starting a coordinator and " + options.workers() + " workers ...");
        AtomicInteger code = new AtomicInteger();
        try (Stage stage = Stage.open(options.citus(), options.workers(), InstantSource.system())) {
            System.out.println("This is " + stage.cluster().describe() + ".");
            Door door = Door.on(options.port().orElseGet(Demo::freePort));
            configure(stage, door);
            Quarkus.run(Demo.class, (exit, failure) -> ended(code, exit, failure), arguments);
        }
        return code.get();
    }

    private static void ended(AtomicInteger code, int exit, @Nullable Throwable failure) {
        code.set(exit);
        if (failure != null && failure.getCause() instanceof InvalidConfiguration fault) {
            System.err.println(fault.getMessage());
        } else if (failure != null) {
            failure.printStackTrace();
        }
    }

    /** As system properties, which win over whatever the person's environment says. */
    private static void configure(Stage stage, Door door) {
        System.setProperty("DATABASE_URL", "postgresql://postgres@" + stage.coordinator() + "/postgres");
        System.setProperty("roster.coordinator.advertised", stage.coordinator().toString());
        System.setProperty("roster.discovery", StageDiscoveryProvider.TYPE);
        System.setProperty("roster.api.token", door.token());
        System.setProperty("roster.api.token-file", "");
        System.setProperty("quarkus.http.host", "127.0.0.1");
        System.setProperty(
                "quarkus.http.port", Integer.toString(URI.create(door.url()).getPort()));
        System.setProperty("quarkus.log.console.format", "%d{HH:mm:ss}  %s%n");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        for (int wanted : new int[] {USUAL_PORT, 0}) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
                return socket.getLocalPort();
            } catch (IOException e) {
                if (wanted == 0) {
                    throw new UncheckedIOException("no free port on loopback", e);
                }
            }
        }
        throw new IllegalStateException("not reached: the last port either is free or throws");
    }

    @Override
    public int run(String... arguments) throws IOException, InterruptedException {
        DemoOptions options = CommandLine.populateCommand(new DemoOptions(), arguments);
        Stage stage = Stage.onStage();
        Door door = new Door(
                "http://127.0.0.1:" + System.getProperty("quarkus.http.port"), System.getProperty("roster.api.token"));
        Reports reports = command -> ask(door.url(), command);
        if (options.headless()) {
            boolean asTold = play(stage, Duration.ZERO);
            reports.print("status");
            System.out.println();
            System.out.println(asTold ? "All of it went as told." : "It did not go as told.");
            return asTold ? 0 : 1;
        }
        show(door, options);
        if (options.playsScene()) {
            Thread.ofPlatform().name("scene").daemon().start(() -> playUntilInterrupted(stage));
        }
        BufferedReader keys = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        new Console(stage, new Hands(stage, engine), reports, door, System.out).converse(keys);
        return 0;
    }

    private static void show(Door door, DemoOptions options) {
        boolean hasDashboard =
                Thread.currentThread().getContextClassLoader().getResource("META-INF/resources/index.html") != null;
        System.out.println();
        if (hasDashboard) {
            System.out.println("The dashboard: " + door.dashboard());
        }
        System.out.println("Buttons, and what happens: " + door.buttons());
        System.out.println("Whoever has such a link may give orders.");
        if (options.opensBrowser() && Browser.open(hasDashboard ? door.dashboard() : door.buttons())) {
            System.out.println("Your browser is asked to open it.");
        }
    }

    private void playUntilInterrupted(Stage stage) {
        try {
            if (!play(stage, TIME_TO_LOOK)) {
                stage.story().tell(Story.Kind.NOTE, "It did not go as told.");
            }
            stage.story().tell(Story.Kind.NOTE, "Now it is yours: type help, or press the buttons.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean play(Stage stage, Duration pause) throws InterruptedException {
        stage.playing(true);
        try {
            return new Scene(stage, engine, stage.story(), pause).play();
        } finally {
            stage.playing(false);
        }
    }

    /** Lets the real command ask the service over HTTP, as a person would from another terminal. */
    private static void ask(String url, String command) {
        RosterCommand.commandLine(() -> USAGE).execute(command, "--server", url);
    }
}
