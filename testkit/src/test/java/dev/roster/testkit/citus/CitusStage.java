package dev.roster.testkit.citus;

import dev.roster.citus.CitusCatalog;
import dev.roster.citus.CoordinatorInspection;
import dev.roster.citus.CoordinatorProbe;
import dev.roster.citus.CoordinatorSettings;
import dev.roster.cluster.CatalogStage;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.HostPort;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.preflight.Finding;
import dev.roster.preflight.Preflight;
import dev.roster.provision.Provisioner;
import dev.roster.testkit.ports.FreePort;
import dev.roster.testkit.postgres.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * The contract's stage on real servers: each test has a database of its own on servers that are shared by all tests of a
 * flavour.
 */
final class CitusStage implements CatalogStage {

    private static final CoordinatorSettings.Limits SHORT = new CoordinatorSettings.Limits(
            Duration.ofSeconds(4),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60));

    private final SharedServers servers;
    private final String database = "Stage.n-" + SharedServers.nextNumber();
    private final List<PostgresServer> used = new ArrayList<>();
    private final List<PostgresServer> standbys = new ArrayList<>();
    private final Set<PostgresServer> fresh;
    private final List<AutoCloseable> open = new ArrayList<>();

    CitusStage(SharedServers servers) {
        this.servers = servers;
        this.fresh = new HashSet<>(servers.workers());
        prepare(servers.coordinator());
    }

    @Override
    public CoordinatorCatalog catalog() {
        return new CitusCatalog(servers.coordinator().dataSource(database), settings(), InstantSource.system());
    }

    @Override
    public CoordinatorCatalog another() {
        return catalog();
    }

    @Override
    public Provisioner provisioner(Duration timeout) {
        return new CitusCatalog(source(), settings(), InstantSource.system()).provisioner(source(), timeout);
    }

    @Override
    public boolean hasTable(HostPort server, String name) {
        return query(server, "SELECT to_regclass('public." + name + "') IS NOT NULL")
                .equals("t");
    }

    CoordinatorSettings settings() {
        return new CoordinatorSettings(
                List.of(coordinator()), database, "postgres", SHORT, CoordinatorSettings.LedgerPlace.DATABASE, false);
    }

    DataSource source() {
        return servers.coordinator().dataSource(database);
    }

    PostgresServer coordinatorServer() {
        return servers.coordinator();
    }

    String database() {
        return database;
    }

    PostgresServer server(HostPort address) {
        return Stream.of(List.of(servers.coordinator()), used, standbys)
                .flatMap(List::stream)
                .filter(each -> address(each).equals(address))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public HostPort coordinator() {
        return address(servers.coordinator());
    }

    @Override
    public HostPort newServer() {
        return address(prepare(nextWorker()));
    }

    @Override
    public HostPort unfitServer(Fault fault) {
        return switch (fault) {
            case REFUSED -> nobody();
            case UNRESOLVED -> new HostPort("no-such-host.invalid", 5432);
            case BLACK_HOLE -> silence();
            case PASSWORD -> address(prepare(servers.withPassword()));
            case NO_DATABASE -> address(nextWorker());
            case NO_EXTENSION -> address(prepareWithoutExtension(nextWorker()));
            case OLDER_EXTENSION -> {
                PostgresServer server = prepareWithoutExtension(nextWorker());
                server.executeIn(
                        database,
                        servers.flavour() == CitusFlavour.REAL
                                ? new String[] {
                                    "SET citus.enable_version_checks = off", "CREATE EXTENSION citus VERSION '13.1-1'"
                                }
                                : new String[] {
                                    "CREATE EXTENSION citus",
                                    "UPDATE pg_extension SET extversion = '13.1-1' WHERE extname = 'citus'"
                                });
                yield address(server);
            }
            case READ_ONLY -> {
                PostgresServer server = prepare(nextWorker());
                server.execute("ALTER DATABASE \"" + database + "\" SET default_transaction_read_only = on");
                yield address(server);
            }
        };
    }

    @Override
    public ServerReport reportOf(HostPort server) throws CoordinatorUnavailable {
        ProbeRequest request = new ProbeRequest(server, ProbeRequest.Depth.MEMBER, Optional.empty());
        ProbeResult answer = new CoordinatorProbe(source(), settings(), InstantSource.system())
                .probe(List.of(request))
                .get(server);
        if (answer instanceof ProbeResult.Answered answered) {
            return answered.report();
        }
        throw new IllegalStateException(server + " does not answer: " + answer);
    }

    @Override
    public Identity identityOf(HostPort server) {
        return new Identity(
                query(server, "SELECT system_identifier FROM pg_control_system()"),
                query(server, "SELECT metadata ->> 'server_id' FROM pg_dist_node_metadata"));
    }

    @Override
    public HostPort anotherNameOf(HostPort server) {
        return new HostPort("localhost", server.port());
    }

    @Override
    public HostPort standbyOf(HostPort primary) {
        PostgresServer standby = PostgresServer.standbyOf(server(primary));
        standbys.add(standby);
        open.add(standby);
        return address(standby);
    }

    @Override
    public void promote(HostPort standby) {
        server(standby).query("SELECT pg_promote()");
    }

    @Override
    public void owesMetadataTo(HostPort server) {
        execute(
                coordinator(),
                List.of("UPDATE pg_dist_node SET metadatasynced = false WHERE nodeport = " + server.port()));
    }

    @Override
    public void stop(HostPort server) {
        server(server).stop();
    }

    @Override
    public void start(HostPort server) {
        server(server).start();
    }

    @Override
    public void wipe(HostPort server) {
        PostgresServer wiped = server(server);
        servers.wipe(wiped);
        servers.createAnew(wiped, database);
    }

    @Override
    public void wipeToImage(HostPort server) {
        PostgresServer wiped = server(server);
        wiped.start();
        // Citus' maintenance daemon would come back between the end of its session and the drop.
        wiped.execute("ALTER DATABASE \"" + database + "\" ALLOW_CONNECTIONS false");
        wiped.restart();
        wiped.execute("DROP DATABASE \"" + database + "\" WITH (FORCE)");
        servers.createAnew(wiped, database);
    }

    @Override
    public void distributedTable(String name, int shards) {
        execute(
                coordinator(),
                List.of(
                        "CREATE TABLE public." + name + " (id int PRIMARY KEY)",
                        "SELECT create_distributed_table('public." + name + "', 'id', shard_count := " + shards + ")"));
    }

    @Override
    public void replicatedTable(String name, int shards) {
        execute(
                coordinator(),
                List.of(
                        "SET citus.shard_replication_factor = 2",
                        "CREATE TABLE public." + name + " (id int PRIMARY KEY)",
                        "SELECT create_distributed_table('public." + name + "', 'id', shard_count := " + shards + ")"));
    }

    @Override
    public void tableWithoutIdentity(String name, int shards) {
        execute(
                coordinator(),
                List.of(
                        "CREATE TABLE public." + name + " (id int)",
                        "SELECT create_distributed_table('public." + name + "', 'id', shard_count := " + shards + ")"));
    }

    @Override
    public void referenceTable(String name) {
        execute(
                coordinator(),
                List.of(
                        "CREATE TABLE public." + name + " (id int PRIMARY KEY)",
                        "SELECT create_reference_table('public." + name + "')"));
    }

    @Override
    public void addByHand(HostPort server) {
        call("citus_add_node", server, "");
    }

    @Override
    public void disableByHand(HostPort server) {
        call("citus_disable_node", server, ", synchronous := true");
    }

    @Override
    public void misregister(HostPort node, HostPort address) {
        execute(
                coordinator(),
                List.of(
                        // no row of a real Citus is sent to the workers by this either
                        "SET citus_standin.receiving = 'on'",
                        "UPDATE pg_dist_node SET nodename = '" + address.host() + "', nodeport = " + address.port()
                                + " WHERE nodename = '" + node.host() + "' AND nodeport = " + node.port()));
    }

    @Override
    public void addSecondaryByHand(HostPort secondary, HostPort primary) {
        call(
                "citus_add_node",
                secondary,
                ", noderole := 'secondary', groupid := (SELECT groupid FROM pg_dist_node WHERE nodename = '"
                        + primary.host() + "' AND nodeport = " + primary.port() + ")");
    }

    @Override
    public void removeByHand(HostPort server) {
        call("citus_remove_node", server, "");
    }

    @Override
    public void updateByHand(HostPort node, HostPort address) {
        execute(
                coordinator(),
                List.of("SELECT citus_update_node((SELECT nodeid FROM pg_dist_node WHERE nodeport = " + node.port()
                        + "), '" + address.host() + "', " + address.port() + ")"));
    }

    @Override
    public void coordinatorForgetsNewestPlacement() {
        forget("pg_dist_placement WHERE placementid = (SELECT max(placementid) FROM pg_dist_placement)");
    }

    @Override
    public Runnable restoreOfPlacements() {
        String now = query(
                coordinator(), "SELECT string_agg(format('(%s, %s)', shardid, groupid), ', ') FROM pg_dist_placement");
        return () -> execute(
                coordinator(),
                List.of(
                        "SET citus_standin.receiving = 'on'",
                        "UPDATE pg_dist_placement p SET groupid = v.grp FROM (VALUES " + now
                                + ") v(id, grp) WHERE p.shardid = v.id AND p.groupid <> v.grp"));
    }

    @Override
    public void coordinatorForgets(HostPort node) {
        forget("pg_dist_node WHERE nodename = '" + node.host() + "' AND nodeport = " + node.port());
    }

    private void forget(String rows) {
        execute(coordinator(), List.of("SET citus_standin.receiving = 'on'", "DELETE FROM " + rows));
    }

    @Override
    public void moveShardsByHand(HostPort from, HostPort to) {
        String source = "(SELECT nodeid FROM pg_dist_node WHERE nodeport = " + from.port() + ")";
        String target = "(SELECT nodeid FROM pg_dist_node WHERE nodeport = " + to.port() + ")";
        String shards = query(
                coordinator(),
                "SELECT string_agg(p.shardid::text, ',') FROM pg_dist_placement p JOIN pg_dist_shard s USING (shardid)"
                        + " JOIN pg_dist_partition t USING (logicalrelid) WHERE t.repmodel <> 't' AND p.groupid ="
                        + " (SELECT groupid FROM pg_dist_node WHERE nodeport = " + from.port() + ")");
        for (String shard : shards.split(",", -1)) {
            execute(
                    coordinator(),
                    List.of("SELECT citus_move_shard_placement(" + shard + ", " + source + ", " + target
                            + ", 'block_writes')"));
        }
    }

    @Override
    public void setShouldHaveShardsByHand(HostPort server, boolean value) {
        call("citus_set_node_property", server, ", 'shouldhaveshards', " + value);
    }

    private void call(String function, HostPort server, String more) {
        execute(
                coordinator(),
                List.of("SELECT " + function + "('" + server.host() + "', " + server.port() + more + ")"));
    }

    @Override
    public AutoCloseable lockedByAnotherSession() {
        return writing("LOCK TABLE pg_catalog.pg_dist_node IN EXCLUSIVE MODE");
    }

    @Override
    public AutoCloseable writing(String sql) {
        return transaction(servers.coordinator(), sql);
    }

    @Override
    public AutoCloseable reading(HostPort holder, String table) {
        return transaction(server(holder), "SELECT FROM public." + table);
    }

    @Override
    public void forgetLeftoversOfNodesThatAreGone() {
        try {
            CoordinatorInspection inspection = new CoordinatorInspection(catalog(), source(), settings());
            String remedy = Preflight.findings(inspection.look()).stream()
                    .map(Finding::remedy)
                    .filter(line -> line.contains("pg_dist_cleanup"))
                    .findFirst()
                    .orElseThrow();
            execute(coordinator(), List.of(remedy));
        } catch (CoordinatorUnavailable e) {
            throw new IllegalStateException("cannot inspect", e);
        }
    }

    private AutoCloseable transaction(PostgresServer server, String sql) {
        try {
            Connection connection = server.dataSource(database).getConnection();
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
            open.add(connection);
            return connection;
        } catch (SQLException e) {
            throw new IllegalStateException("cannot write", e);
        }
    }

    @Override
    public void settle() {
        for (int turn = 0; turn < 20; turn++) {
            String waiting = query(
                    coordinator(),
                    "SELECT count(*) FROM pg_dist_node, pg_sleep(0.2) WHERE isactive AND NOT metadatasynced");
            if (waiting.equals("0")) {
                return;
            }
        }
    }

    /** The stand-in's job has its turn whenever it is looked at; the real one needs time. */
    @Override
    public void letShardsMove() {
        if (servers.flavour() == CitusFlavour.REAL) {
            query(coordinator(), "SELECT pg_sleep(0.2)");
        }
    }

    @Override
    public void execute(HostPort server, List<String> statements) {
        serverOrCoordinator(server).executeIn(database, statements.toArray(String[]::new));
    }

    @Override
    public String query(HostPort server, String sql) {
        return serverOrCoordinator(server).queryIn(database, sql);
    }

    private PostgresServer serverOrCoordinator(HostPort address) {
        return address.equals(coordinator()) ? servers.coordinator() : server(address);
    }

    @Override
    public boolean keepsRows() {
        return servers.flavour() == CitusFlavour.REAL;
    }

    @Override
    public void close() {
        open.forEach(each -> {
            try {
                each.close();
            } catch (Exception e) {
                throw new IllegalStateException("cannot close " + each, e);
            }
        });
        used.stream().filter(server -> !server.isRunning()).forEach(PostgresServer::start);
        if (servers.flavour() == CitusFlavour.REAL) {
            endRebalances();
        }
        used.forEach(server -> {
            server.execute("DROP DATABASE IF EXISTS \"" + database + "\" WITH (FORCE)");
        });
    }

    /** A database that still subscribes to another, or is subscribed to, cannot be dropped. */
    private void endRebalances() {
        execute(coordinator(), List.of("""
                        DO $$ BEGIN
                            IF EXISTS (SELECT FROM pg_catalog.pg_dist_background_job
                                        WHERE state IN ('scheduled', 'running', 'failing')) THEN
                                PERFORM pg_catalog.citus_rebalance_stop();
                            END IF;
                        END $$""", "SELECT pg_catalog.citus_rebalance_wait()"));
        // A move that was stopped holds its subscription until its session has ended.
        for (int turn = 0; turn < 50; turn++) {
            execute(coordinator(), List.of("CALL pg_catalog.citus_cleanup_orphaned_resources()"));
            String left = query(
                    coordinator(),
                    "SELECT count(*) FROM pg_dist_cleanup JOIN pg_dist_node ON groupid = node_group_id, pg_sleep(0.1)");
            if (left.equals("0")) {
                return;
            }
        }
    }

    private PostgresServer nextWorker() {
        PostgresServer next = fresh.stream().findFirst().orElseGet(servers::startWorker);
        fresh.remove(next);
        return next;
    }

    private PostgresServer prepare(PostgresServer server) {
        used.add(server);
        servers.createCopy(server, database);
        return server;
    }

    private PostgresServer prepareWithoutExtension(PostgresServer server) {
        used.add(server);
        servers.createEmpty(server, database);
        return server;
    }

    private static HostPort nobody() {
        return new HostPort("127.0.0.1", FreePort.onLoopback());
    }

    /** The kernel accepts the connection; nobody ever reads from it. */
    private HostPort silence() {
        try {
            ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            open.add(socket);
            return new HostPort("127.0.0.1", socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HostPort address(PostgresServer server) {
        return new HostPort(server.host(), server.port());
    }
}
