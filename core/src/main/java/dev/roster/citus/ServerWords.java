package dev.roster.citus;

import java.sql.SQLException;
import java.util.Optional;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What the server itself said in an error, apart from what the driver made of it. */
final class ServerWords {

    private ServerWords() {}

    /** The server's message on one line, or the driver's if the server said nothing. */
    static String of(SQLException error) {
        String words = message(error)
                .map(ServerErrorMessage::getMessage)
                .or(() -> Optional.ofNullable(error.getMessage()))
                .orElse("no reason given");
        return words.strip().replaceAll("\\s+", " ");
    }

    /**
     * Whether the server answered and lives on with this session. An error without the server's words is the driver's own:
     * the connection broke. Class 57P means that the server ends the session.
     */
    static boolean sessionSurvives(SQLException error) {
        String state = Optional.ofNullable(error.getSQLState()).orElse("");
        return message(error).isPresent() && !state.startsWith("57P");
    }

    private static Optional<ServerErrorMessage> message(SQLException error) {
        return error instanceof PSQLException ours
                ? Optional.ofNullable(ours.getServerErrorMessage())
                : Optional.empty();
    }
}
