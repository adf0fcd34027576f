package dev.roster.plan;

import dev.roster.cluster.HostPort;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The default settings with one thing changed. */
final class Settings {

    private Settings() {}

    static PlanSettings probing(boolean probing) {
        PlanSettings base = PlanSettings.DEFAULTS;
        return new PlanSettings(
                base.mode(),
                base.once(),
                base.departureGrace(),
                base.departureProvenGrace(),
                base.departureRemove(),
                base.disableAfter(),
                probing,
                base.probeMaxAge(),
                base.addProbeMaxAge(),
                base.advertised());
    }

    static PlanSettings mode(PlanSettings.Mode mode) {
        PlanSettings base = PlanSettings.DEFAULTS;
        return new PlanSettings(
                mode,
                base.once(),
                base.departureGrace(),
                base.departureProvenGrace(),
                base.departureRemove(),
                base.disableAfter(),
                base.probing(),
                base.probeMaxAge(),
                base.addProbeMaxAge(),
                base.advertised());
    }

    static PlanSettings once() {
        return PlanSettings.DEFAULTS.forOneRun();
    }

    static PlanSettings rebalancing() {
        return PlanSettings.DEFAULTS.with(PlanSettings.RebalanceOnJoin.START);
    }

    static PlanSettings removing(PlanSettings.DepartureRemove remove, Optional<Duration> disableAfter) {
        PlanSettings base = PlanSettings.DEFAULTS;
        return new PlanSettings(
                base.mode(),
                base.once(),
                base.departureGrace(),
                base.departureProvenGrace(),
                remove,
                disableAfter,
                base.probing(),
                base.probeMaxAge(),
                base.addProbeMaxAge(),
                base.advertised());
    }

    static PlanSettings advertised(String host) {
        PlanSettings base = PlanSettings.DEFAULTS;
        return new PlanSettings(
                base.mode(),
                base.once(),
                base.departureGrace(),
                base.departureProvenGrace(),
                base.departureRemove(),
                base.disableAfter(),
                base.probing(),
                base.probeMaxAge(),
                base.addProbeMaxAge(),
                Optional.of(HostPort.parse(host, 5432)));
    }

    static PlanSettings following(PlanSettings.Follow follow) {
        return PlanSettings.DEFAULTS.with(follow);
    }

    static PlanSettings coordinators(List<HostPort> hosts, Optional<HostPort> advertised) {
        return PlanSettings.DEFAULTS.with(hosts, advertised);
    }
}
