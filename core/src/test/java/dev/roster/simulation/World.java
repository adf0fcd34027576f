package dev.roster.simulation;

import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.FakeDiscovery;
import dev.roster.identity.FakeProbe;
import dev.roster.identity.FakeServer;
import dev.roster.identity.FakeServers;
import dev.roster.plan.PlanSettings;
import dev.roster.reconcile.FakeLeaderLock;
import dev.roster.reconcile.TurnableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One cluster, its servers, its sources, and the Rosters that look after it; all on one thread and one clock. */
final class World {

    /** Where the coordinator is at first, and where its standby is. */
    private static final HostPort COORDINATOR = new HostPort("master", 5432);

    private static final HostPort STANDBY_COORDINATOR = new HostPort("master-b", 5432);

    final Random random;
    final TurnableClock clock = new TurnableClock();
    final FakeServers servers = new FakeServers(clock);
    final FakeCoordinator coordinator = new FakeCoordinator(COORDINATOR, servers, clock);
    final FakeProbe probe = new FakeProbe(servers, coordinator, clock);
    final List<FakeDiscovery> sources = new ArrayList<>();
    final List<SimulatedRoster> rosters = new ArrayList<>();
    final FakeLeaderLock.Database lockDatabase = new FakeLeaderLock.Database();
    final PlanSettings settings;
    final Engine engine;
    final Laws laws;
    final Trace trace;
    final Met met;

    /** Servers taken out of the network, with their data, by the address they had. */
    final Map<HostPort, FakeServer> attic = new HashMap<>();

    /** Whether calls may take time, and other Rosters may act between two calls. */
    boolean faulty = true;

    /** Whether sources know workers by an explicit mark, which makes adopted nodes Roster's own. */
    final boolean rolesAreMarked;

    private @Nullable SimulatedRoster leader;
    private int addresses;
    private int secondaries;

    World(long seed, Engine engine, Trace trace, Met met) {
        this.engine = engine;
        this.trace = trace;
        this.met = met;
        random = new Random(seed);
        settings = randomSettings();
        laws = new Laws(this);
        rolesAreMarked = random.nextBoolean();
        int howMany = 1 + random.nextInt(3);
        for (int i = 0; i < howMany; i++) {
            boolean proves = i == 0 ? random.nextInt(4) > 0 : random.nextBoolean();
            FakeDiscovery source = new FakeDiscovery("source" + i, clock, proves);
            source.marksRoles(rolesAreMarked);
            sources.add(source);
        }
        int managers = random.nextInt(4) == 0 ? 2 : 1;
        boolean bothLead = random.nextBoolean();
        for (int i = 0; i < managers; i++) {
            FakeLeaderLock.Database database = bothLead ? new FakeLeaderLock.Database() : lockDatabase;
            rosters.add(new SimulatedRoster(this, "roster-" + i, database));
        }
    }

    private PlanSettings randomSettings() {
        var departure = new PlanSettings.Departure(
                random.nextBoolean() ? Duration.ofMinutes(2) : Duration.ofSeconds(20),
                PlanSettings.Departure.DEFAULTS.provenGrace(),
                oneOf(PlanSettings.DepartureRemove.values()));
        PlanSettings settings = PlanSettings.DEFAULTS.with(departure);
        if (random.nextInt(3) == 0) {
            settings = settings.disablingAfter(Duration.ofMinutes(1));
        }
        return settings.with(new PlanSettings.Coordinator(List.of(COORDINATOR, STANDBY_COORDINATOR), Optional.empty()))
                .with(oneOf(PlanSettings.RebalanceOnJoin.values()))
                .with(oneOf(PlanSettings.Secondaries.values()));
    }

    /** The standby of the coordinator takes over; the old one comes back as its standby. */
    void coordinatorFailsOver() {
        coordinator.failsOver(coordinator.address().equals(COORDINATOR) ? STANDBY_COORDINATOR : COORDINATOR);
        rosters.forEach(SimulatedRoster::losesItsSession);
    }

    /** Notes who leads now, if the roster does. */
    void leads(SimulatedRoster roster) {
        if (roster.leads()) {
            if (leader != null && leader != roster) {
                met.met(Met.Deed.LEADER_CHANGED);
            }
            leader = roster;
        }
    }

    HostPort freshAddress() {
        addresses++;
        return new HostPort("w" + addresses, 5432);
    }

    /** Ids far from those that the coordinator gives. */
    int nextSecondary() {
        secondaries++;
        return 1000 + secondaries;
    }

    boolean chance(int oneIn) {
        return random.nextInt(oneIn) == 0;
    }

    <T> T oneOf(T[] all) {
        return List.of(all).get(random.nextInt(all.length));
    }

    <T> Optional<T> pick(List<T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }
}
