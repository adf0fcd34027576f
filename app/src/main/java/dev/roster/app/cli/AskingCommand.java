package dev.roster.app.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that asks the service one thing and tells the answer, to people or as the JSON that it is. */
abstract class AskingCommand implements Callable<Integer> {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    /** The path to ask, with its query. */
    abstract String path();

    /**
     * Tells the answer to a person.
     *
     * @param answer the service's JSON
     * @param client for whatever is to be asked beside it
     * @param report where to tell it
     */
    abstract void tell(String answer, ServiceClient client, Report report) throws CommandFailed;

    @Override
    public final Integer call() throws CommandFailed {
        ServiceClient client = server.client();
        String answer = client.get(path());
        if (server.json()) {
            spec.commandLine().getOut().println(answer);
        } else {
            tell(answer, client, Report.of(spec.commandLine()));
        }
        return goOn(answer, client, server.json(), spec);
    }

    /**
     * What comes after the answer; returns the exit code.
     *
     * @param answer what was told
     * @param client asks the service
     * @param json whether a program reads
     * @param command where to tell
     */
    int goOn(String answer, ServiceClient client, boolean json, CommandSpec command) throws CommandFailed {
        return ExitCodes.DONE;
    }
}
