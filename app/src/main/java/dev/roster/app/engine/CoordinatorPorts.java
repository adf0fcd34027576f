package dev.roster.app.engine;

import dev.roster.app.settings.CoordinatorAccess;
import dev.roster.app.settings.RosterSettings;
import dev.roster.citus.AdvisoryLeaderLock;
import dev.roster.citus.CitusCatalog;
import dev.roster.citus.CoordinatorHosts;
import dev.roster.citus.CoordinatorInspection;
import dev.roster.citus.CoordinatorProbe;
import dev.roster.citus.CoordinatorSettings;
import dev.roster.citus.CoordinatorSettings.LedgerPlace;
import dev.roster.citus.CoordinatorSettings.Limits;
import dev.roster.citus.CoordinatorSizes;
import dev.roster.citus.DirectProbe;
import dev.roster.cluster.CoordinatorCatalog;
import dev.roster.cluster.NodeSizes;
import dev.roster.identity.ServerProbe;
import dev.roster.preflight.Inspection;
import dev.roster.provision.Provisioner;
import dev.roster.reconcile.LeaderLock;
import java.time.InstantSource;
import java.util.Map;

/**
 * The coordinator, as the engine works with it.
 *
 * @param catalog reads and changes it
 * @param probe asks servers what they are
 * @param leaderLock who acts
 * @param hosts asks all hosts of the coordinator which one is writable
 * @param inspection looks at the whole cluster; may be asked beside the passes
 * @param sizes asks every node how much it holds; may be asked beside the passes
 * @param provisioner carries out people's own SQL
 * @param connections what is closed last
 */
record CoordinatorPorts(
        CoordinatorCatalog catalog,
        ServerProbe probe,
        LeaderLock leaderLock,
        CoordinatorHosts hosts,
        Inspection inspection,
        NodeSizes sizes,
        Provisioner provisioner,
        CoordinatorConnections connections)
        implements AutoCloseable {

    /** Those of a Citus coordinator, connected to nothing yet. */
    static CoordinatorPorts citus(RosterSettings settings, InstantSource clock) {
        CoordinatorConnections connections = new CoordinatorConnections(settings.coordinator());
        CoordinatorSettings spoken = spoken(settings);
        ServerProbe probe = switch (settings.probeMode()) {
            case COORDINATOR -> new CoordinatorProbe(connections.pooled(), spoken, clock);
            case DIRECT ->
                new DirectProbe(
                        connections.pooled(),
                        (server, database) -> connections.openWorker(server, database, settings.probeTimeout()),
                        spoken,
                        clock);
            case OFF -> _ -> Map.of();
        };
        CoordinatorHosts hosts = new CoordinatorHosts(connections::openHost, spoken);
        CitusCatalog catalog = new CitusCatalog(connections.pooled(), hosts, spoken, clock);
        return new CoordinatorPorts(
                catalog,
                probe,
                new AdvisoryLeaderLock(connections::openUnpooled, Limits.DEFAULT.connect()),
                hosts,
                new CoordinatorInspection(
                        new CitusCatalog(connections.pooled(), spoken, clock), connections.pooled(), spoken),
                new CoordinatorSizes(
                        new CitusCatalog(connections.pooled(), spoken, clock), connections.pooled(), spoken),
                catalog.provisioner(
                        new SingleConnections(connections), settings.provision().timeout()),
                connections);
    }

    private static CoordinatorSettings spoken(RosterSettings settings) {
        CoordinatorAccess access = settings.coordinator();
        Limits limits = new Limits(
                Limits.DEFAULT.connect(),
                settings.probeTimeout(),
                Limits.DEFAULT.statement(),
                Limits.DEFAULT.lock(),
                settings.copyLimit());
        LedgerPlace ledger = switch (settings.ledger()) {
            case DATABASE -> LedgerPlace.DATABASE;
            case MEMORY -> LedgerPlace.MEMORY;
        };
        return new CoordinatorSettings(
                access.hosts(), access.database(), access.user(), limits, ledger, settings.createExtension());
    }

    /** Gives up leadership at once, so that another Roster need not wait for the server to notice. */
    @Override
    public void close() {
        leaderLock.close();
        hosts.close();
        connections.close();
    }
}
