package dev.roster.testkit.citus;

import dev.roster.testkit.postgres.PostgresOptions;
import dev.roster.testkit.postgres.PostgresServer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Servers of one flavour that all its tests share, started as they are needed and ended with the JVM. */
final class SharedServers {

    private static final Map<CitusFlavour, SharedServers> ALL = new EnumMap<>(CitusFlavour.class);
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final CitusFlavour flavour;
    private final PostgresOptions options;
    private final PostgresServer coordinator;
    private final List<PostgresServer> workers = new ArrayList<>();
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

    PostgresServer withPassword() {
        PostgresServer server = withPassword;
        if (server == null) {
            server = PostgresServer.start(options.withPassword("another"));
            withPassword = server;
        }
        return server;
    }
}
