package dev.roster.cluster;

import dev.roster.discovery.Scope;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import dev.roster.identity.FakeProbe;
import dev.roster.identity.FakeServer;
import dev.roster.identity.FakeServers;
import dev.roster.identity.Identity;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.plan.Action;
import dev.roster.provision.FakeProvisioner;
import dev.roster.provision.Provisioner;
import dev.roster.reconcile.TurnableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The contracts' stage in memory. */
final class FakeStage implements CatalogStage {

    private final TurnableClock clock = new TurnableClock();
    final FakeServers servers = new FakeServers(clock);
    final FakeCoordinator fake = new FakeCoordinator(new HostPort("master", 5432), servers, clock);
    private final FakeProvisioner provisioner = new FakeProvisioner(fake, servers, clock);
    private int made;

    Action.AddNode add(HostPort worker) {
        return new Action.AddNode(
                new Worker(
                        worker.host(),
                        worker,
                        WorkerHealth.READY,
                        "",
                        Optional.empty(),
                        new Scope("static", "the list"),
                        false),
                Optional.of(identityOf(worker)),
                Optional.empty(),
                "ready");
    }

    @Override
    public CoordinatorCatalog catalog() {
        return fake;
    }

    @Override
    public CoordinatorCatalog another() {
        return fake;
    }

    @Override
    public HostPort coordinator() {
        return fake.address();
    }

    @Override
    public HostPort newServer() {
        made++;
        HostPort address = new HostPort("worker-" + made, 5432);
        servers.blank(address);
        return address;
    }

    @Override
    public HostPort unfitServer(Fault fault) {
        HostPort address = newServer();
        FakeServer server = servers.at(address).orElseThrow();
        switch (fault) {
            case REFUSED -> server.running = false;
            case UNRESOLVED -> servers.remove(address);
            case BLACK_HOLE -> server.blackHole = true;
            case PASSWORD -> server.refusesLogin = true;
            case NO_DATABASE -> server.lacksDatabase = true;
            case NO_EXTENSION -> server.extension = Optional.empty();
            case OLDER_EXTENSION -> server.extension = Optional.of("12.1-1");
            case READ_ONLY -> server.inRecovery = true;
        }
        return address;
    }

    @Override
    public Provisioner provisioner(Duration timeout) {
        return provisioner;
    }

    @Override
    public boolean hasTable(HostPort server, String name) {
        FakeServer there = servers.at(server).orElseThrow();
        return there.localTables.containsKey("public." + name) || there.shards.containsKey("public." + name);
    }

    @Override
    public ServerReport reportOf(HostPort server) throws CoordinatorUnavailable {
        return new FakeProbe(servers, fake, clock)
                                .probe(List.of(new ProbeRequest(server, ProbeRequest.Depth.MEMBER, Optional.empty())))
                                .get(server)
                        instanceof ProbeResult.Answered answered
                ? answered.report()
                : unreachable(server);
    }

    private static ServerReport unreachable(HostPort server) {
        throw new AssertionError(server + " does not answer");
    }

    @Override
    public Identity identityOf(HostPort server) {
        return servers.at(server).orElseThrow().identity;
    }

    @Override
    public HostPort anotherNameOf(HostPort server) {
        HostPort also = new HostPort("also-" + server.host(), server.port());
        servers.alias(server, also);
        return also;
    }

    @Override
    public HostPort standbyOf(HostPort primary) {
        made++;
        HostPort address = new HostPort("standby-" + made, 5432);
        servers.cloneTo(primary, address).inRecovery = true;
        return address;
    }

    @Override
    public void promote(HostPort standby) {
        servers.at(standby).orElseThrow().promote();
    }

    @Override
    public void owesMetadataTo(HostPort server) {
        fake.setMetadataSynced(fake.node(server).orElseThrow().id(), false);
    }

    @Override
    public void stop(HostPort server) {
        servers.stop(server);
    }

    @Override
    public void start(HostPort server) {
        servers.restart(server);
    }

    @Override
    public void wipe(HostPort server) {
        servers.wipe(server);
    }

    @Override
    public void wipeToImage(HostPort server) {
        servers.wipeToImage(server);
    }

    @Override
    public void distributedTable(String name, int shards) {
        fake.distribute("public." + name, shards, 1);
    }

    @Override
    public void replicatedTable(String name, int shards) {
        fake.distribute("public." + name, shards, 2);
    }

    @Override
    public void tableWithoutIdentity(String name, int shards) {
        fake.distribute("public." + name, shards, 1);
        fake.lackIdentity("public." + name);
    }

    @Override
    public void letShardsMove() {
        fake.moveOneShard();
    }

    @Override
    public void referenceTable(String name) {
        fake.reference("public." + name);
    }

    @Override
    public void addByHand(HostPort server) {
        fake.addByHand(server);
    }

    @Override
    public void disableByHand(HostPort server) {
        fake.setActive(fake.node(server).orElseThrow().id(), false);
    }

    @Override
    public void misregister(HostPort node, HostPort address) {
        Node row = fake.node(node).orElseThrow();
        fake.put(new Node(
                row.id(),
                row.group(),
                address,
                row.role(),
                row.cluster(),
                row.isActive(),
                row.hasMetadata(),
                row.metadataSynced(),
                row.shouldHaveShards(),
                row.isClone()));
    }

    @Override
    public void addSecondaryByHand(HostPort secondary, HostPort primary) {
        Node row = fake.node(primary).orElseThrow();
        fake.put(new Node(
                new NodeId(row.id().value() + 1000),
                row.group(),
                secondary,
                NodeRole.SECONDARY,
                row.cluster(),
                true,
                false,
                false,
                row.shouldHaveShards(),
                false));
    }

    @Override
    public void removeByHand(HostPort server) {
        fake.removeByHand(server);
    }

    @Override
    public void updateByHand(HostPort node, HostPort address) {
        misregister(node, address);
    }

    @Override
    public void coordinatorForgetsNewestPlacement() {
        fake.forgetNewestPlacement();
    }

    @Override
    public Runnable restoreOfPlacements() {
        return fake.backup();
    }

    @Override
    public void coordinatorForgets(HostPort node) {
        fake.forget(node);
    }

    @Override
    public void moveShardsByHand(HostPort from, HostPort to) {
        fake.moveShards(fake.node(from).orElseThrow(), fake.node(to).orElseThrow());
    }

    @Override
    public void setShouldHaveShardsByHand(HostPort server, boolean value) {
        Node row = fake.node(server).orElseThrow();
        fake.put(new Node(
                row.id(),
                row.group(),
                row.address(),
                row.role(),
                row.cluster(),
                row.isActive(),
                row.hasMetadata(),
                row.metadataSynced(),
                value,
                row.isClone()));
    }

    @Override
    public AutoCloseable lockedByAnotherSession() {
        return lockedBy("LOCK TABLE pg_catalog.pg_dist_node IN EXCLUSIVE MODE");
    }

    @Override
    public AutoCloseable writing(String sql) {
        return lockedBy(sql);
    }

    @Override
    public AutoCloseable reading(HostPort holder, String table) {
        FakeServer there = servers.at(holder).orElseThrow();
        there.read.add("public." + table);
        return () -> there.read.remove("public." + table);
    }

    @Override
    public void forgetLeftoversOfNodesThatAreGone() {
        fake.forgetLeftoversOfNodesThatAreGone();
    }

    private AutoCloseable lockedBy(String sql) {
        fake.isLockedBy(Optional.of(sql.replaceFirst("['$].*", "...")));
        return () -> fake.isLockedBy(Optional.empty());
    }

    @Override
    public void settle() {}

    @Override
    public void execute(HostPort server, List<String> statements) {
        throw new UnsupportedOperationException("no rows here");
    }

    @Override
    public String query(HostPort server, String sql) {
        throw new UnsupportedOperationException("no rows here");
    }

    @Override
    public boolean keepsRows() {
        return false;
    }

    @Override
    public void close() {}
}
