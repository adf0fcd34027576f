package dev.roster.testkit.docker;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A person with {@code psql} on one server: each call is a session of its own, and waits at most 20 seconds. Any thread.
 *
 * @param host where
 * @param credentials as whom, in which database
 */
public record Sql(String host, Credentials credentials) {

    /** Runs statements that return nothing of interest, in one session. */
    public void run(String... statements) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("on " + host + ": " + e.getMessage(), e);
        }
    }

    /** The first column of the first row, as text. */
    public String value(String sql, Object... parameters) {
        List<String> column = column(sql, parameters);
        if (column.isEmpty()) {
            throw new IllegalStateException("no row from " + sql);
        }
        return column.getFirst();
    }

    /** The first column of the first row, as a number. */
    public long number(String sql, Object... parameters) {
        return Long.parseLong(value(sql, parameters));
    }

    /** The first column of all rows, as text; a null is the text {@code null}. */
    public List<String> column(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<String> values = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    values.add(String.valueOf(rows.getString(1)));
                }
            }
            return values;
        } catch (SQLException e) {
            throw new IllegalStateException("on " + host + ": " + e.getMessage(), e);
        }
    }

    private Connection connect() throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {host});
        source.setDatabaseName(credentials.database());
        source.setUser(credentials.user());
        source.setPassword(credentials.password());
        source.setConnectTimeout(5);
        source.setSocketTimeout(20);
        source.setApplicationName("operator");
        return source.getConnection();
    }
}
