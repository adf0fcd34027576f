package dev.roster.testkit.postgres;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The statements that a server was sent, from its own log: counted on the side of the database, whatever sent them. Not
 * counted are those that only frame others (BEGIN, COMMIT, ROLLBACK, SET), and the empty one by which a pool looks whether
 * a connection lives. Thread-safe.
 */
public final class StatementLog {

    private static final Pattern LINE =
            Pattern.compile("(?m)^\\[(?<sender>[^\\]]*)] LOG: {2}(?:statement|execute [^:]*): (?<text>\\S+.*)$");

    private static final Pattern FRAME = Pattern.compile("(?i)^(?:BEGIN|COMMIT|ROLLBACK|SET)\\b.*");

    private final PostgresServer server;

    /**
     * @param server one that was started with {@link #keptBy}
     */
    public StatementLog(PostgresServer server) {
        this.server = server;
    }

    /** Makes a server write the log that is read here. */
    public static PostgresOptions keptBy(PostgresOptions options) {
        return options.with("log_line_prefix", "%q[%a] ")
                .with("log_statement", "all")
                .with("log_parameter_max_length", "0");
    }

    /**
     * The first lines of the statements so far.
     *
     * @param sender the beginning of the sender's {@code application_name}
     */
    public List<String> sentBy(String sender) {
        return LINE.matcher(server.log())
                .results()
                .filter(line -> line.group("sender").startsWith(sender))
                .map(line -> line.group("text"))
                .filter(text -> !FRAME.matcher(text).matches())
                .toList();
    }
}
