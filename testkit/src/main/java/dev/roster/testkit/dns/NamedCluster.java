package dev.roster.testkit.dns;

import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.postgres.PostgresOptions;
import dev.roster.testkit.postgres.PostgresServer;
import dev.roster.testkit.report.RanOn;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A Citus coordinator and workers that know each other by names below {@code test}, told by a dnsmasq of their own: every
 * server is a process on a loopback address of its own that resolves by that dnsmasq and nothing else, as a container would.
 * Workers have numbers; each listens at {@link #address} on one port for all.
 *
 * <p>One cluster serves many tests: {@link #renew} gives the next one a new database on every server, in which Citus knows no
 * node and no table. Used by one thread.
 */
public final class NamedCluster implements AutoCloseable {

    /** The coordinator's name. */
    public static final String COORDINATOR = "coordinator.test";

    /** The superuser's password on every server. */
    public static final String PASSWORD = "s3cret of all";

    private static final int DNS_PORT = 53;
    private static final int CITUS_WORKERS = 32;
    private static final int DROP_ATTEMPTS = 5;

    private final CitusFlavour flavour = CitusFlavour.chosen();
    private final String net;
    private final int port = Dnsmasq.freePort();
    private final Zone zone;
    private final OwnResolvConf resolvConf;
    private final PostgresServer coordinator;
    private final Map<Integer, PostgresServer> workers = new TreeMap<>();
    private int databases;

    private NamedCluster(Path folder) {
        RanOn.note("names", flavour.describe());
        ThreadLocalRandom random = ThreadLocalRandom.current();
        net = "127." + random.nextInt(10, 250) + "." + random.nextInt(1, 250) + ".";
        zone = new Zone(Dnsmasq.start(folder, net + DNS_PORT, DNS_PORT, List.of("local=/test/")));
        resolvConf = OwnResolvConf.in(
                folder, List.of("nameserver " + net + DNS_PORT, "search test", "options timeout:1 attempts:2"));
        coordinator = start(net + 1);
    }

    /** What is missing on this machine, as words that begin with {@code needs}; empty if nothing is. */
    public static Optional<String> missing() {
        return Dnsmasq.isInstalled() ? OwnResolvConf.missing() : Optional.of(Dnsmasq.MISSING);
    }

    /**
     * Starts the DNS server and the coordinator.
     *
     * @param folder an empty folder
     */
    public static NamedCluster start(Path folder) {
        return new NamedCluster(folder).renew();
    }

    /**
     * Starts all servers where they first were, with a new database each, and forgets all names but the coordinator's and
     * those of the workers given.
     *
     * @param numbers workers that are to have the name {@code workerN.test}
     */
    public NamedCluster renew(int... numbers) {
        // A server that waits for a silent DNS server ends no session.
        zone.publish();
        String old = database();
        databases++;
        for (int number : numbers) {
            workers.computeIfAbsent(number, _ -> start(address(number)));
        }
        List<Runnable> each = new ArrayList<>();
        each.add(() -> renew(coordinator, net + 1, old));
        workers.forEach((number, server) -> each.add(() -> renew(server, address(number), old)));
        together(each);
        zone.clear().name(COORDINATOR, net + 1);
        for (int number : numbers) {
            zone.name(name(number), address(number));
        }
        zone.publish();
        return this;
    }

    private void renew(PostgresServer server, String address, String old) {
        if (!server.host().equals(address) || server.port() != port) {
            server.moveTo(address, port);
        }
        server.start();
        drop(server, old);
        prepare(server);
    }

    /** PostgreSQL waits five seconds for the sessions that it ends; one that looks a name up can take longer. */
    private static void drop(PostgresServer server, String database) {
        for (int attempt = 1; ; attempt++) {
            try {
                server.execute("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
                return;
            } catch (IllegalStateException e) {
                if (attempt == DROP_ATTEMPTS
                        || !String.valueOf(e.getMessage()).contains("is being accessed by other users")) {
                    throw e;
                }
            }
        }
    }

    private void prepare(PostgresServer server) {
        server.execute("CREATE DATABASE " + database());
        server.executeIn(database(), "CREATE EXTENSION citus");
    }

    private PostgresServer start(String address) {
        PostgresOptions options = PostgresOptions.of(flavour.binariesIfPresent().orElseThrow())
                .with("shared_preload_libraries", "citus")
                .with("citus.enable_statistics_collection", "off")
                .with("max_worker_processes", String.valueOf(CITUS_WORKERS))
                .withPassword(PASSWORD)
                .listeningOn(address)
                .onPort(port)
                .inside(resolvConf.prefix());
        return PostgresServer.start(options);
    }

    /** The worker of this number, started with the extension if there is none yet; it has no name unless the zone gives it one. */
    public PostgresServer worker(int number) {
        return workers.computeIfAbsent(number, _ -> {
            PostgresServer server = start(address(number));
            prepare(server);
            return server;
        });
    }

    /** Gives a worker a new and empty data directory with the extension: another server at its address. */
    public void wipe(int number) {
        worker(number).wipe();
        prepare(worker(number));
    }

    /** Where the worker of this number listens at first; number 6 is the one on {@code ::1}. */
    public String address(int number) {
        return number == 6 ? "::1" : net + (10 + number);
    }

    /** An address of the cluster's net on which nobody listens. */
    public String deadAddress(int number) {
        return net.substring(0, net.lastIndexOf('.', net.length() - 2)) + "." + (251 + number / 250) + "."
                + (1 + number % 250);
    }

    /** {@code workerN.test}. */
    public static String name(int number) {
        return "worker" + number + ".test";
    }

    public PostgresServer coordinator() {
        return coordinator;
    }

    /** The port of all servers. */
    public int port() {
        return port;
    }

    /** The names. */
    public Zone zone() {
        return zone;
    }

    /** By which a process sees the names as the servers do. */
    public OwnResolvConf resolvConf() {
        return resolvConf;
    }

    /** The database of the test at hand. */
    public String database() {
        return "test" + databases;
    }

    /** Runs statements on the coordinator. */
    public void run(String... statements) {
        coordinator.executeIn(database(), statements);
    }

    /** The names of the nodes for which this condition holds, in order. */
    public List<String> nodesWhere(String condition) {
        return lines("nodename", condition);
    }

    /** The names of all nodes but the coordinator's, in order. */
    public List<String> nodes() {
        return nodesWhere("groupid > 0");
    }

    /** All rows, without the columns that come and go by themselves. */
    public List<String> rows() {
        return lines("concat_ws(' ', nodeid, groupid, nodename, nodeport, isactive, shouldhaveshards)", "true");
    }

    private List<String> lines(String what, String condition) {
        return coordinator
                .queryIn(
                        database(),
                        "SELECT string_agg(" + what
                                + ", E'\\n' ORDER BY nodename, nodeport) FROM pg_catalog.pg_dist_node" + " WHERE "
                                + condition)
                .lines()
                .toList();
    }

    /** The variables by which Roster finds coordinator and names, with short times. */
    public Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("CITUS_HOST", coordinator.host() + ":" + port);
        settings.put("ROSTER_COORDINATOR_ADVERTISED", COORDINATOR + ":" + port);
        settings.put("POSTGRES_USER", coordinator.user());
        settings.put("POSTGRES_PASSWORD", PASSWORD);
        settings.put("POSTGRES_DB", database());
        settings.put("ROSTER_DISCOVERY", "dns");
        settings.put("ROSTER_DNS_SERVERS", zone.server().address());
        settings.put("ROSTER_DNS_DOMAIN", "test");
        settings.put("ROSTER_DNS_PATTERNS", "worker{1..20}");
        settings.put("ROSTER_DNS_WORKER_PORT", String.valueOf(port));
        settings.put("ROSTER_DNS_INTERVAL", "300ms");
        settings.put("ROSTER_DNS_TIMEOUT", "300ms");
        settings.put("ROSTER_PASS_INTERVAL", "1s");
        return settings;
    }

    private static void together(List<Runnable> all) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            all.forEach(each -> running.add(threads.submit(each)));
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a server could not be prepared: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the servers were prepared", e);
        }
    }

    @Override
    public void close() {
        workers.values().forEach(PostgresServer::close);
        coordinator.close();
        zone.server().close();
    }
}
