package dev.roster.simulation;

import dev.roster.cluster.HostPort;
import dev.roster.identity.FakeServer;
import java.util.List;

/** Which running servers are standbys, and whose. */
final class Standbys {

    private final World world;

    Standbys(World world) {
        this.world = world;
    }

    List<FakeServer> running() {
        return world.servers.addresses().stream()
                .flatMap(address -> world.servers.reachable(address).stream())
                .filter(server -> server.inRecovery)
                .distinct()
                .toList();
    }

    boolean isPrimaryOf(HostPort address, FakeServer standby) {
        return world.servers
                .at(address)
                .filter(server -> server != standby && !server.inRecovery && server.identity.equals(standby.identity))
                .isPresent();
    }

    /** A standby has all that its primary wrote; nobody else writes while it is promoted. */
    void replicate(FakeServer standby) {
        world.servers.addresses().stream()
                .filter(address -> isPrimaryOf(address, standby))
                .flatMap(address -> world.servers.at(address).stream())
                .filter(primary -> primary.timeline == standby.timeline && primary.lsn >= standby.lsn)
                .findFirst()
                .ifPresent(primary -> {
                    standby.lsn = primary.lsn;
                    standby.localGroup = primary.localGroup;
                    standby.nodes = primary.nodes;
                    standby.coordinatorIdentifier = primary.coordinatorIdentifier;
                    standby.shards.clear();
                    standby.shards.putAll(primary.shards);
                    standby.ownPlacements.clear();
                    standby.ownPlacements.addAll(primary.ownPlacements);
                });
    }
}
