package dev.roster.app.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all commands that order something have in common: whom it is about, how it is sent, and what is said of the answer. */
final class OrderCall {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "NAME", description = "The worker or node: its name, host, or host:port, in any case.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String name;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    /** Sends it and tells the answer; returns the exit code. */
    int send(String method, String order, Map<String, String> fields) throws CommandFailed {
        return Ordering.send(
                server,
                spec.commandLine().getOut(),
                method,
                "/api/v1/workers/"
                        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20") + "/" + order,
                fields);
    }
}
