package dev.roster.app.cli;

import dev.roster.app.api.DrainPreviewView;
import dev.roster.app.api.Problem;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all commands that order something have in common: whom it is about, how it is sent, and what is said of the answer. */
final class OrderCall {

    /** What a URL's path means something else by. */
    private static final Set<String> NO_SEGMENT = Set.of(".", "..");

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "NAME", description = "The worker or node: its name, host, or host:port, in any case.")
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private String name;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    /** Whom it is about, as it was written. */
    String name() {
        return name;
    }

    /** Sends it and tells the answer; returns the exit code. */
    int send(String method, String order, Map<String, ?> fields) throws CommandFailed {
        return send(method, order, fields, new WaitOptions());
    }

    /** The same, and stays until it is over if that is wanted. */
    int send(String method, String order, Map<String, ?> fields, WaitOptions wait) throws CommandFailed {
        return Ordering.send(server, spec.commandLine().getOut(), method, path(order), fields, wait);
    }

    /** Tells what would become of an order to drain; the exit code is that of the order. */
    int previewDrain(Map<String, ?> fields) throws CommandFailed {
        ServiceClient client = server.client();
        PrintWriter out = spec.commandLine().getOut();
        ServiceClient.Answer answer = Ordering.answer(client, "POST", path("drain/preview"), fields);
        Optional<Integer> ended = Ordering.ended(server, client, answer, out);
        if (ended.isPresent()) {
            return ended.get();
        }
        DrainPreviewView view = client.read(answer.body(), DrainPreviewView.class);
        if (!server.json()) {
            new MoveReport(out, false).preview(view);
        }
        return view.answer().equals("refused") ? ExitCodes.NOT_DONE : ExitCodes.DONE;
    }

    /** Sends it and tells nothing; the problem, if it is refused. */
    Optional<Problem> problem(String method, String order, Map<String, ?> fields) throws CommandFailed {
        ServiceClient client = server.client();
        ServiceClient.Answer answer = Ordering.answer(client, method, path(order), fields);
        return answer.isProblem() ? Optional.of(client.read(answer.body(), Problem.class)) : Optional.empty();
    }

    private String path(String order) throws CommandFailed {
        if (name.isBlank() || NO_SEGMENT.contains(name)) {
            throw new CommandFailed(
                    ExitCodes.USAGE,
                    "NAME is '" + name + "'; accepted: a name, host, or host:port that 'roster status' shows",
                    null);
        }
        return "/api/v1/workers/"
                + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20") + "/" + order;
    }
}
