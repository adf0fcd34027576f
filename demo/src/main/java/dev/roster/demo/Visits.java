package dev.roster.demo;

import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresServer;

/** The table of the demo, spread over all workers. The stand-in has its shards, but keeps no rows in them. */
final class Visits {

    private static final int ROWS = 100_000;

    private final PostgresServer coordinator;
    private final boolean hasRows;

    Visits(Stage stage) {
        this.coordinator = stage.cluster().coordinator();
        this.hasRows = stage.cluster().flavour() == CitusFlavour.REAL;
    }

    void create(int shards) {
        coordinator.execute("CREATE TABLE visits (id bigint PRIMARY KEY, page text NOT NULL)");
        coordinator.execute("SET citus.shard_count = " + shards + "; SELECT create_distributed_table('visits', 'id')");
        if (hasRows) {
            coordinator.execute(
                    "INSERT INTO visits SELECT n, 'page ' || n % 100 FROM generate_series(1, " + ROWS + ") n");
        }
    }

    /** What is in it, for people. */
    String describe() {
        return hasRows ? String.format("%,d rows", count()) : "no rows, which the stand-in does not keep";
    }

    /** Whether every row is there. */
    boolean isComplete() {
        return !hasRows || count() == ROWS;
    }

    private long count() {
        return Long.parseLong(coordinator.query("SELECT count(*) FROM visits"));
    }
}
