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
            tell(answer, client, new Report(spec.commandLine().getOut()));
        }
        return ExitCodes.DONE;
    }
}
