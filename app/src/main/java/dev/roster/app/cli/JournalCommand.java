package dev.roster.app.cli;

import dev.roster.app.api.JournalView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Shows what was changed and refused. */
@Command(
        name = "journal",
        description = "Shows what was changed and what was refused, the latest last.",
        mixinStandardHelpOptions = true)
final class JournalCommand extends AskingCommand {

    @Option(names = "--node", paramLabel = "NAME", description = "Only this node, as host or host:port.")
    private @Nullable String node;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = SinceConverter.class,
            description = "Only from then on: 2h, 30m, 2d, or 2026-01-31T12:00:00Z.")
    private @Nullable Instant since;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many lines, the latest ones; default: 100.")
    private @Nullable String limit;

    @Option(names = "--follow", description = "Then show each new entry as it is made, until Ctrl-C.")
    private boolean follow;

    @Override
    String path() {
        return "/api/v1/journal" + query();
    }

    @Override
    void tell(String answer, ServiceClient client, Report report) throws CommandFailed {
        JournalView journal = client.read(answer, JournalView.class);
        report.journal(journal, !follow && journal.entries().size() == shown());
    }

    @Override
    int goOn(String answer, ServiceClient client, boolean json, CommandSpec command) throws CommandFailed {
        if (!follow) {
            return ExitCodes.DONE;
        }
        command.commandLine().getOut().flush();
        long newest = client.read(answer, JournalView.class).entries().stream()
                .mapToLong(JournalView.Entry::id)
                .max()
                .orElse(0);
        return client.listen(
                json
                        ? JsonEvents.ofJournal(
                                command.commandLine().getOut(),
                                command.commandLine().getErr())
                        : new JournalTeller(
                                Board.of(command.commandLine().getOut()),
                                client,
                                newest,
                                Optional.ofNullable(node).map(String::strip),
                                InstantSource.system()));
    }

    /** The service has refused what is no number. */
    private int shown() {
        return limit == null ? JournalView.DEFAULT_LIMIT : Integer.parseInt(limit);
    }

    private String query() {
        List<String> parameters = new ArrayList<>();
        add("node", node, parameters);
        add("since", since, parameters);
        add("limit", limit, parameters);
        return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
    }

    private static void add(String name, @Nullable Object value, List<String> parameters) {
        if (value != null) {
            parameters.add(name + "=" + URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
        }
    }
}
