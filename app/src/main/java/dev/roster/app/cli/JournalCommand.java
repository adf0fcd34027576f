package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what was changed and refused. */
@Command(
        name = "journal",
        description = "Shows what was changed and what was refused, the latest last.",
        mixinStandardHelpOptions = true)
final class JournalCommand extends AskingCommand {

    @Option(names = "--node", paramLabel = "NAME", description = "Only this node, as host or host:port.")
    private @Nullable String node;

    @Option(names = "--since", paramLabel = "TIME", description = "Only from then on, such as 2026-01-31T12:00:00Z.")
    private @Nullable String since;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many lines, the latest ones; default: 100.")
    private @Nullable String limit;

    @Override
    String path() {
        return "/api/v1/journal" + query();
    }

    @Override
    void tell(String answer, ServiceClient client, Report report) throws CommandFailed {
        report.journal(client.read(answer, JournalView.class));
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
