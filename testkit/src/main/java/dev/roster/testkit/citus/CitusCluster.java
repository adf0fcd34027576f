package dev.roster.testkit.citus;

import dev.roster.testkit.postgres.PostgresBinaries;
import dev.roster.testkit.postgres.PostgresOptions;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;

/**
 * A Citus coordinator and workers on loopback ports of their own, with the extension created everywhere and no node added.
 * Workers are counted from 1 in the order they were made.
 *
 * <p>Used by one thread.
 */
public final class CitusCluster implements AutoCloseable {

    private final CitusFlavour flavour;
    private final PostgresOptions options;
    private final PostgresServer coordinator;
    private final List<PostgresServer> workers = new ArrayList<>();

    private CitusCluster(CitusFlavour flavour, PostgresOptions options, List<PostgresServer> servers) {
        this.flavour = flavour;
        this.options = options;
        this.coordinator = servers.getFirst();
        workers.addAll(servers.subList(1, servers.size()));
    }

    /** A cluster of the flavour that {@link CitusFlavour#chosen()} says. */
    public static CitusCluster start(int workers) {
        return start(CitusFlavour.chosen(), workers, UnaryOperator.identity());
    }

    /**
     * A cluster of this flavour.
     *
     * @param flavour which Citus
     * @param workers how many workers
     * @param change what is to differ from {@link PostgresOptions#of}, such as a password
     * @throws IllegalStateException if real Citus is wanted and not installed, or a server does not start
     */
    public static CitusCluster start(CitusFlavour flavour, int workers, UnaryOperator<PostgresOptions> change) {
        PostgresBinaries binaries = flavour.binariesIfPresent()
                .orElseThrow(() -> new IllegalStateException("no installed PostgreSQL has the citus extension; use -D"
                        + CitusFlavour.PROPERTY + "=stand-in"));
        PostgresOptions options = change.apply(PostgresOptions.of(binaries)
                .with("shared_preload_libraries", "citus")
                .with("citus.enable_statistics_collection", "off"));
        return new CitusCluster(flavour, options, startTogether(options, workers + 1));
    }

    /** Which Citus it is. */
    public CitusFlavour flavour() {
        return flavour;
    }

    /** For people: which Citus this is, on which PostgreSQL. */
    public String describe() {
        return flavour.describe();
    }

    public PostgresServer coordinator() {
        return coordinator;
    }

    /** The n-th worker, counted from 1. */
    public PostgresServer worker(int number) {
        return workers.get(number - 1);
    }

    public List<PostgresServer> workers() {
        return List.copyOf(workers);
    }

    /** Starts one more server with the extension, not added as a node. */
    public PostgresServer addWorker() {
        PostgresServer added = startTogether(options.onPort(0), 1).getFirst();
        workers.add(added);
        return added;
    }

    /** Stops a worker; its data stays. */
    public void stop(int number) {
        worker(number).stop();
    }

    /** Starts a stopped worker on the same port with the same data. */
    public void restart(int number) {
        worker(number).restart();
    }

    /** Gives a worker a new, empty data directory with the extension, on the same port: another server at its address. */
    public void wipe(int number) {
        worker(number).wipe();
        worker(number).execute("CREATE EXTENSION citus");
    }

    @Override
    public void close() {
        workers.forEach(PostgresServer::close);
        coordinator.close();
    }

    private static List<PostgresServer> startTogether(PostgresOptions options, int count) {
        List<PostgresServer> started = new ArrayList<>();
        try (ExecutorService starters = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<PostgresServer>> starting = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                starting.add(starters.submit(() -> startOne(options)));
            }
            for (Future<PostgresServer> each : starting) {
                started.add(each.get());
            }
            return started;
        } catch (ExecutionException e) {
            started.forEach(PostgresServer::close);
            throw new IllegalStateException("the cluster did not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the cluster started", e);
        }
    }

    private static PostgresServer startOne(PostgresOptions options) {
        PostgresServer server = PostgresServer.start(options);
        server.execute("CREATE EXTENSION citus");
        return server;
    }
}
