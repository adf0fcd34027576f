package dev.roster.app.cli;

import dev.roster.app.api.OrderView;
import dev.roster.app.api.Problem;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all commands that order something have in common: whom it is about, how it is sent, and what is said of the answer. */
final class OrderCall {

    private static final int LONGEST_BY = 100;

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
        Map<String, String> body = new TreeMap<>(fields);
        body.put("by", by());
        ServiceClient client = server.client();
        ServiceClient.Answer answer = client.send(
                method,
                "/api/v1/workers/"
                        + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20") + "/" + order,
                Json.text(body));
        PrintWriter out = spec.commandLine().getOut();
        if (server.json()) {
            out.println(answer.body());
        }
        if (answer.isProblem()) {
            Problem problem = client.read(answer.body(), Problem.class);
            if (!server.json()) {
                throw ServiceClient.failed(problem);
            }
            return ServiceClient.exitCode(problem);
        }
        if (!server.json()) {
            Table.broken(client.read(answer.body(), OrderView.class).sentence(), Table.WIDTH)
                    .forEach(out::println);
        }
        return ExitCodes.DONE;
    }

    /** The user and the machine, as the journal will name them. */
    private static String by() {
        String who = (System.getProperty("user.name") + "@" + hostName()).replaceAll("[^\\x21-\\x7e]", "_");
        return who.length() <= LONGEST_BY ? who : who.substring(0, LONGEST_BY);
    }

    private static String hostName() {
        String set = System.getenv("HOSTNAME");
        try {
            return set == null || set.isBlank() ? InetAddress.getLocalHost().getHostName() : set;
        } catch (UnknownHostException e) {
            return "unknown-host";
        }
    }
}
