package dev.roster.demo;

import dev.roster.cluster.HostPort;
import dev.roster.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The workers' rows of {@code pg_dist_node}, read from the coordinator itself and not from Roster, so that the demo shows what
 * is true.
 */
final class Rows {

    private final PostgresServer coordinator;

    Rows(PostgresServer coordinator) {
        this.coordinator = coordinator;
    }

    /**
     * One row.
     *
     * @param id {@code nodeid}
     * @param isActive the column of that name
     */
    record Row(int id, boolean isActive) {}

    /** All rows of workers by address; empty while the coordinator does not answer. */
    Map<HostPort, Row> read() {
        Map<HostPort, Row> rows = new TreeMap<>();
        try (Connection connection = coordinator.dataSource("postgres").getConnection();
                Statement statement = connection.createStatement();
                ResultSet nodes = statement.executeQuery("""
                        SELECT nodeid, nodename, nodeport, isactive FROM pg_catalog.pg_dist_node WHERE groupid <> 0
                        """)) {
            while (nodes.next()) {
                HostPort address = new HostPort(nodes.getString("nodename"), nodes.getInt("nodeport"));
                rows.put(address, new Row(nodes.getInt("nodeid"), nodes.getBoolean("isactive")));
            }
            return rows;
        } catch (SQLException e) {
            return Map.of();
        }
    }

    /** The {@code nodeid} of the active row at an address. */
    OptionalInt at(HostPort address) {
        Row row = read().get(address);
        return row != null && row.isActive() ? OptionalInt.of(row.id()) : OptionalInt.empty();
    }
}
