package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transaction on the coordinator: every wait bounded, every name qualified, every value bound, every warning collected.
 * Each statement answers with one text, usually JSON, so that there is one row type to read.
 *
 * <p>Used by one thread.
 */
final class Session {

    private final Connection connection;
    private final List<Warned> warnings = new ArrayList<>();

    Session(Connection connection) {
        this.connection = connection;
    }

    /** The connection, for what is not a statement. */
    Connection connection() {
        return connection;
    }

    /** What the server warned of since the last time this was asked, or since the last {@link #forgetWarnings}. */
    List<Warned> warnings() {
        return List.copyOf(warnings);
    }

    /** Begins to collect anew. */
    void forgetWarnings() {
        warnings.clear();
    }

    /** Lets each statement to come take this long, to the end of the transaction. */
    void allow(Duration limit) throws SQLException {
        int most = Integer.MAX_VALUE;
        text(
                "SELECT pg_catalog.set_config('statement_timeout', ?::text, true)",
                String.valueOf(Math.min(most, limit.toMillis())));
        connection.setNetworkTimeout(
                Runnable::run, (int) Math.min(most, limit.plusSeconds(5).toMillis()));
    }

    /** Runs a statement and reads the first column of its first row as JSON; a JSON null for NULL or no row. */
    JsonNode json(String sql, Object... parameters) throws SQLException {
        return Json.read(text(sql, parameters));
    }

    /**
     * Runs a statement.
     *
     * @param sql with a cast at each placeholder
     * @param parameters text, numbers, booleans, or string arrays
     * @return the first column of the first row, or null if there is none
     */
    @Nullable
    String text(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                bind(statement, i + 1, parameters[i]);
            }
            try {
                if (!statement.execute()) {
                    return null;
                }
                try (ResultSet rows = statement.getResultSet()) {
                    return rows.next() ? rows.getString(1) : null;
                }
            } finally {
                warnings.addAll(Warned.by(statement));
            }
        }
    }

    /** Runs a statement of a person's own as it is written: no placeholder, no JDBC escape, no answer. */
    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try {
                statement.execute(sql);
            } finally {
                warnings.addAll(Warned.by(statement));
            }
        }
    }

    private void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        switch (value) {
            case String text -> statement.setString(index, text);
            case Integer number -> statement.setInt(index, number);
            case Long number -> statement.setLong(index, number);
            case Boolean truth -> statement.setBoolean(index, truth);
            case String[] texts -> statement.setArray(index, connection.createArrayOf("text", texts));
            case Long[] numbers -> statement.setArray(index, connection.createArrayOf("int8", numbers));
            case Integer[] numbers -> statement.setArray(index, connection.createArrayOf("int4", numbers));
            default -> throw new IllegalArgumentException("cannot bind " + value.getClass());
        }
    }
}
