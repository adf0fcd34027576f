package dev.roster.app;

import dev.roster.app.cli.RosterCommand;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Where the process begins: the command line is read first, and Quarkus starts only to serve. */
@QuarkusMain
public final class Main {

    private Main() {}

    /**
     * Runs a command and exits with its code.
     *
     * @param arguments the command line
     */
    public static void main(String... arguments) {
        System.exit(RosterCommand.commandLine(new QuarkusService()).execute(arguments));
    }
}
