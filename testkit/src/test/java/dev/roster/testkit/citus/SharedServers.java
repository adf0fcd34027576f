package dev.roster.testkit.citus;

import dev.roster.testkit.postgres.PostgresOptions;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Servers of one flavour that all tests of this JVM share, started as they are needed and ended with the JVM. Each has a
 * database with the extension from which those of the tests are copied: creating the extension is most of what a test costs.
 */
final class SharedServers {

    private static final Map<CitusFlavour, SharedServers> ALL = new EnumMap<>(CitusFlavour.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final String TEMPLATE = "with_citus";

    private final CitusFlavour flavour;
    private final PostgresOptions options;
    private final PostgresServer coordinator;
    private final List<PostgresServer> workers = new ArrayList<>();
    private final Set<PostgresServer> withTemplate = new HashSet<>();
    private @Nullable PostgresServer withPassword;

    private SharedServers(CitusFlavour flavour) {
        this.flavour = flavour;
        this.options = PostgresOptions.of(flavour.binariesIfPresent().orElseThrow())
                .with("shared_preload_libraries", "citus")
                .with("citus.enable_statistics_collection", "off")
                // Citus switches TLS on when its extension is created; a server without it has to be reached too.
                .with("citus.node_conninfo", "sslmode=prefer")
                .with("citus.metadata_sync_interval", "1000")
                .with("citus.metadata_sync_retry_interval", "200")
                .with("citus.background_task_queue_interval", "100")
                // Each test's database has a daemon of its own, and a moving shard needs workers on both sides.
                .with("max_worker_processes", "40");
        this.coordinator = PostgresServer.start(options);
    }

    static synchronized SharedServers of(CitusFlavour flavour) {
        return ALL.computeIfAbsent(flavour, SharedServers::new);
    }

    static int nextNumber() {
        return NUMBER.incrementAndGet();
    }

    CitusFlavour flavour() {
        return flavour;
    }

    PostgresServer coordinator() {
        return coordinator;
    }

    List<PostgresServer> workers() {
        return workers;
    }

    PostgresServer startWorker() {
        PostgresServer worker = PostgresServer.start(options);
        workers.add(worker);
        return worker;
    }

    /** Gives a server a database in which the extension was just created, with a {@code server_id} that nothing else has. */
    void createAnew(PostgresServer server, String database) {
        createEmpty(server, database);
        server.executeIn(database, "CREATE EXTENSION citus");
    }

    /** The same as a copy, whose {@code server_id} is that of all such databases of this server. */
    void createCopy(PostgresServer server, String database) {
        if (withTemplate.add(server)) {
            createAnew(server, TEMPLATE);
            server.execute(
                    "ALTER DATABASE " + TEMPLATE + " ALLOW_CONNECTIONS false",
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + TEMPLATE + "'");
        }
        server.execute("CREATE DATABASE \"" + database + "\" TEMPLATE " + TEMPLATE + " STRATEGY file_copy");
        if (flavour == CitusFlavour.REAL) {
            // The extension notes its own database as an object; a copy has noted the template.
            server.executeIn(
                    database,
                    "UPDATE pg_dist_object SET objid = (SELECT oid FROM pg_database WHERE datname = current_database())"
                            + " WHERE classid = 'pg_database'::regclass");
        }
    }

    /** Gives a server a database without the extension. */
    void createEmpty(PostgresServer server, String database) {
        // Without fsync, copying files costs a fourth of writing all pages to the log.
        server.execute("CREATE DATABASE \"" + database + "\" STRATEGY file_copy");
    }

    /** Throws all data of a server away. */
    void wipe(PostgresServer server) {
        server.wipe();
        withTemplate.remove(server);
    }

    PostgresServer withPassword() {
        PostgresServer server = withPassword;
        if (server == null) {
            server = PostgresServer.start(options.withPassword("another"));
            withPassword = server;
        }
        return server;
    }
}
