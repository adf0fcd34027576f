package dev.roster.citus;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One warning of the server. What a remote server refuses arrives as a warning with the real SQLSTATE, followed by a general
 * error (docs/citus.md section 0, rule 9).
 *
 * @param sqlState the SQLSTATE, such as 42883
 * @param message the server's words
 */
record Warned(String sqlState, String message) {

    /** The warnings of a statement, notices left out, in order. */
    static List<Warned> by(Statement statement) throws SQLException {
        List<Warned> warnings = new ArrayList<>();
        for (@Nullable SQLWarning each = statement.getWarnings(); each != null; each = each.getNextWarning()) {
            String state = Optional.ofNullable(each.getSQLState()).orElse("");
            if (!state.equals("00000")) {
                warnings.add(new Warned(
                        state, Optional.ofNullable(each.getMessage()).orElse("").strip()));
            }
        }
        return warnings;
    }
}
