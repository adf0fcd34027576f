package dev.roster.citus;

import dev.roster.cluster.HostPort;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whom a message of Citus blames, and the cause that it quotes. */
final class Blame {

    /** Which node a message is about; Citus before 13.0 leaves out the user. */
    private static final List<Pattern> BLAMED = List.of(
            Pattern.compile("remote node (?:[^\\s]*@)?(.+):(\\d+) failed"),
            Pattern.compile("marked as essential: (.+):(\\d+)"),
            Pattern.compile("^(?:ERROR: )?(.+):(\\d+) is a metadata node"));

    private static final String CAUSE = "following error: ";

    private Blame() {}

    /** The node that a message is about, if it names one. */
    static Optional<HostPort> of(String words) {
        for (Pattern pattern : BLAMED) {
            Matcher matcher = pattern.matcher(words);
            if (matcher.find()) {
                return Optional.of(new HostPort(matcher.group(1), Integer.parseInt(matcher.group(2))));
            }
        }
        return Optional.empty();
    }

    /** What the remote side or libpq said, if the message quotes it. */
    static Optional<String> cause(String words) {
        int at = words.indexOf(CAUSE);
        return at < 0 ? Optional.empty() : Optional.of(words.substring(at + CAUSE.length()));
    }

    static String causeOrAll(String words) {
        return cause(words).orElse(words);
    }
}
