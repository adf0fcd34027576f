package dev.roster.reconcile;

import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.FakeDiscovery;
import dev.roster.discovery.WorkerHealth;
import dev.roster.execute.Outcome;
import dev.roster.identity.FakeProbe;
import dev.roster.identity.FakeServer;
import dev.roster.identity.FakeServers;
import dev.roster.plan.PlanSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A whole engine on fakes, for tests of the loop. */
final class EngineStage implements EngineListener {

    static final Duration INTERVAL = Duration.ofSeconds(30);

    final TurnableClock clock = new TurnableClock();
    final FakeServers servers = new FakeServers(clock);
    final FakeCoordinator coordinator = new FakeCoordinator(new HostPort("master", 5432), servers, clock);
    final FakeProbe probe = new FakeProbe(servers, coordinator, clock);
    final FakeDiscovery docker = new FakeDiscovery("docker", clock);
    final FakeLeaderLock.Database database = new FakeLeaderLock.Database();
    final FakeLeaderLock lock = new FakeLeaderLock(database, "roster-1");
    final List<Duration> joins = new ArrayList<>();
    final List<Outcome> tried = new ArrayList<>();
    final List<Boolean> leading = new ArrayList<>();
    final Pass pass = pass(Deciding.by(PlanSettings.DEFAULTS));

    Pass pass(Deciding deciding) {
        RandomGenerator noJitter = () -> 0L;
        return new Pass(
                new EnginePorts(coordinator, probe, List.of(docker), lock, this, clock, clock, noJitter),
                PlanSettings.DEFAULTS,
                INTERVAL,
                deciding);
    }

    /** A pass with other settings, as after a restart with them. */
    Pass pass(PlanSettings settings) {
        RandomGenerator noJitter = () -> 0L;
        return new Pass(
                new EnginePorts(coordinator, probe, List.of(docker), lock, this, clock, clock, noJitter),
                settings,
                INTERVAL,
                Deciding.by(settings));
    }

    /** A pass that provisions as well. */
    Pass pass(PlanSettings settings, Provisioning provisioning) {
        RandomGenerator noJitter = () -> 0L;
        return new Pass(
                new EnginePorts(coordinator, probe, List.of(docker), lock, this, clock, clock, noJitter),
                settings,
                INTERVAL,
                Deciding.by(settings),
                Optional.of(provisioning));
    }

    static HostPort address(int n) {
        return new HostPort("pg-" + n, 5432);
    }

    /** Starts a blank server and sights it. */
    FakeServer starts(int n, WorkerHealth health) {
        FakeServer server = servers.blank(address(n));
        docker.sights(address(n), health);
        return server;
    }

    /** Runs passes at once as long as they ask for it. */
    PassResult settle() {
        PassResult result = pass.runOnce();
        for (int i = 0; i < 50 && !result.nextBy().isAfter(clock.instant()); i++) {
            result = pass.runOnce();
        }
        return result;
    }

    @Override
    public void joined(Duration sinceReady) {
        joins.add(sinceReady);
    }

    @Override
    public void actionTried(Outcome outcome) {
        tried.add(outcome);
    }

    @Override
    public void leadershipChanged(boolean nowLeading) {
        leading.add(nowLeading);
    }
}
