package dev.roster.testkit.citus;

import dev.roster.testkit.postgres.PostgresServer;
import dev.roster.testkit.postgres.StatementLog;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A coordinator of the stand-in with as many workers as one likes, none of which exists: every name answers as a fit, empty
 * server of its own, and becomes a node without being connected to. For counting what is sent to the coordinator and how
 * that grows with the workers; it is not true of Citus otherwise.
 *
 * <p>Used by one thread.
 */
public final class Crowd implements AutoCloseable {

    /** An address for the coordinator that its workers could reach if they existed. */
    public static final String COORDINATOR = "coordinator:5432";

    private final CitusCluster cluster;
    private final StatementLog statements;

    private Crowd(CitusCluster cluster) {
        this.cluster = cluster;
        this.statements = new StatementLog(cluster.coordinator());
    }

    /** Starts its coordinator. */
    public static Crowd gather() {
        return new Crowd(CitusCluster.start(
                CitusFlavour.STAND_IN, 0, options -> StatementLog.keptBy(options.with("citus_standin.crowd", "on"))));
    }

    /** The one server that exists. */
    public PostgresServer coordinator() {
        return cluster.coordinator();
    }

    /** What was sent to the coordinator. */
    public StatementLog statements() {
        return statements;
    }

    /** The addresses of so many workers, always the same first ones, as {@code host:port}. */
    public List<String> workers(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> "worker-" + number + ":5432")
                .toList();
    }

    /** How many workers are active nodes. */
    public int members() {
        return Integer.parseInt(
                coordinator().query("SELECT count(*) FROM pg_dist_node WHERE isactive AND groupid > 0"));
    }

    @Override
    public void close() {
        cluster.close();
    }
}
