package dev.roster.plan;

import dev.roster.cluster.HostPort;
import java.util.List;
import java.util.Optional;

/** The default settings with one thing changed. */
final class Settings {

    private Settings() {}

    static PlanSettings withoutProbes() {
        return PlanSettings.DEFAULTS.with(PlanSettings.Probe.OFF);
    }

    static PlanSettings mode(PlanSettings.Mode mode) {
        return PlanSettings.DEFAULTS.with(mode);
    }

    static PlanSettings once() {
        return PlanSettings.DEFAULTS.forOneRun();
    }

    static PlanSettings rebalancing() {
        return PlanSettings.DEFAULTS.with(PlanSettings.RebalanceOnJoin.START);
    }

    static PlanSettings registering() {
        return PlanSettings.DEFAULTS.with(PlanSettings.Secondaries.REGISTER);
    }

    static PlanSettings removing(PlanSettings.DepartureRemove remove) {
        return PlanSettings.DEFAULTS.with(PlanSettings.Departure.DEFAULTS.removing(remove));
    }

    static PlanSettings advertised(String host) {
        return coordinators(List.of(), Optional.of(HostPort.parse(host, 5432)));
    }

    static PlanSettings coordinators(List<HostPort> hosts, Optional<HostPort> advertised) {
        return PlanSettings.DEFAULTS.with(new PlanSettings.Coordinator(hosts, advertised));
    }
}
