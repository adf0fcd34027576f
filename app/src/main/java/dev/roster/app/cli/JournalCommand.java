package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what was changed and refused. */
@Command(
        name = "journal",
        description = "Shows what was changed and what was refused, the latest last.",
        mixinStandardHelpOptions = true)
final class JournalCommand implements Callable<Integer> {

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Option(names = "--node", paramLabel = "NAME", description = "Only this node, as host or host:port.")
    private @Nullable String node;

    @Option(names = "--since", paramLabel = "TIME", description = "Only from then on, such as 2026-01-31T12:00:00Z.")
    private @Nullable String since;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many lines, the latest ones; default: 100.")
    private @Nullable String limit;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything is called
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailed {
        ServiceClient client = server.client();
        String body = client.get("/api/v1/journal" + query());
        PrintWriter out = spec.commandLine().getOut();
        if (server.json()) {
            out.println(body);
        } else {
            new Report(out).journal(client.read(body, JournalView.class));
        }
        return ExitCodes.DONE;
    }

    private String query() {
        List<String> parameters = new ArrayList<>();
        add("node", node, parameters);
        add("since", since, parameters);
        add("limit", limit, parameters);
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    private static void add(String name, @Nullable String value, List<String> parameters) {
        if (value != null) {
            parameters.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }
}
