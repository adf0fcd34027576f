package dev.roster.app.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.TreeSet;

/**
 * An application with one session that it never gives up, and that remembers which of its rows it was told are stored. One
 * thread at a time.
 */
final class KeptSession implements AutoCloseable {

    private final Connection connection;
    private final TreeSet<Long> acknowledged = new TreeSet<>();
    private long last;

    /**
     * Opens it.
     *
     * @param address a host and a port, of PgBouncer or of PostgreSQL
     */
    KeptSession(String address, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", "postgres");
        properties.setProperty("password", password);
        // The next transaction may be on another server, which knows nothing of what was prepared.
        properties.setProperty("prepareThreshold", "0");
        properties.setProperty("socketTimeout", "150");
        connection = DriverManager.getConnection("jdbc:postgresql://" + address + "/postgres", properties);
    }

    /** Makes its table, distributed over the workers. */
    void createTable() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE orders (id bigint PRIMARY KEY)");
            statement.execute("SELECT create_distributed_table('orders', 'id', shard_count := 8)");
        }
    }

    /** Stores so many rows one after the other. */
    void store(int rows) throws SQLException {
        for (int i = 0; i < rows; i++) {
            store();
        }
    }

    /** Tries to, and returns what was said of those that were refused. */
    List<String> tryToStore(int rows) {
        List<String> refusals = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            try {
                store();
            } catch (SQLException e) {
                refusals.add(e.getMessage());
            }
        }
        return refusals;
    }

    /** Stores one row. */
    void store() throws SQLException {
        long id = ++last;
        try (PreparedStatement statement = connection.prepareStatement("INSERT INTO orders VALUES (?)")) {
            statement.setLong(1, id);
            statement.execute();
        }
        acknowledged.add(id);
    }

    /** Every row of which it was told so is stored. */
    void assertNothingIsLost() throws SQLException {
        assertThat(column("SELECT id FROM orders"))
                .containsAll(acknowledged.stream().map(String::valueOf).toList());
    }

    /** The first column of all rows. */
    List<String> column(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
