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

    /** Whether the driver was told to use TLS and the server has none. */
    static boolean mentionsNoTls(SQLException error) {
        return of(error).contains("does not support SSL");
    }

    /** Whether the driver found another name in the certificate than the one it connected to (verify-full). */
    static boolean mentionsWrongHostName(SQLException error) {
        return of(error).contains("could not be verified by hostnameverifier");
    }

    /** The words of the innermost cause, such as what is wrong with a certificate. */
    static String innermost(SQLException error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof SQLException said
                ? of(said)
                : String.valueOf(cause.getMessage()).strip().replaceAll("\\s+", " ");
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
