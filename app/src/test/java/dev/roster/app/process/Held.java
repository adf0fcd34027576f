package dev.roster.app.process;

import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * A {@code pg_dist_node} that can be read and not be written to until this is closed, so that whoever adds a node stops in the
 * middle. On real Citus it is that of the worker which joins, to which the row and the metadata are on their way by then. The
 * stand-in brings them in a transaction of their own, which a coordinator that dies then leaves half done as Citus does not,
 * so there it is the coordinator's.
 */
final class Held implements AutoCloseable {

    private final PostgresServer server;
    private final String database;
    private final Connection session;

    private Held(PostgresServer server, String database, Connection session) {
        this.server = server;
        this.database = database;
        this.session = session;
    }

    static Held adding(PostgresServer worker, PostgresServer coordinator, String database) throws SQLException {
        PostgresServer server = CitusFlavour.chosen() == CitusFlavour.REAL ? worker : coordinator;
        Connection session = server.dataSource(database).getConnection();
        session.setAutoCommit(false);
        try (Statement statement = session.createStatement()) {
            statement.execute("LOCK TABLE pg_catalog.pg_dist_node IN EXCLUSIVE MODE");
        }
        return new Held(server, database, session);
    }

    /** Whether somebody waits for it. */
    boolean isWaitedFor() {
        return server.queryIn(
                        database,
                        "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted AND relation = 'pg_dist_node'::regclass")
                .equals("t");
    }

    /** Lets whoever waits go on. */
    void release() throws SQLException {
        session.close();
    }

    @Override
    public void close() throws SQLException {
        session.close();
    }
}
