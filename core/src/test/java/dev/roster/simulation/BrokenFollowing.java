package dev.roster.simulation;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.identity.ProbeFailure;
import dev.roster.identity.ProbeResult;
import dev.roster.identity.ServerReport;
import dev.roster.plan.Observation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Misreadings that make a row follow what it must not follow. */
final class BrokenFollowing {

    private static final String FAR_AHEAD = "FFFF/0";

    private BrokenFollowing() {}

    /** A standby, as if it had been promoted just now. */
    static ServerReport promoted(ServerReport report) {
        return report.inRecovery()
                ? with(report, report.timeline() + 1, report.lsn(), Map.of(report.timeline(), report.lsn()))
                : report;
    }

    /** A server, as if nobody had written more than it did. */
    static ServerReport latest(ServerReport report) {
        if (report.inRecovery()) {
            return report;
        }
        Map<Integer, String> forks = new HashMap<>();
        for (int timeline = 1; timeline < report.timeline(); timeline++) {
            forks.put(timeline, FAR_AHEAD);
        }
        return with(report, report.timeline(), FAR_AHEAD, forks);
    }

    private static ServerReport with(ServerReport report, int timeline, String lsn, Map<Integer, String> forks) {
        return new ServerReport(
                report.identity(),
                report.startTime(),
                false,
                false,
                timeline,
                lsn,
                report.localGroup(),
                report.nodes(),
                report.relationPresent(),
                report.candidate(),
                forks);
    }

    /** Whoever has a writable copy at an address without a row does not answer. */
    static Observation primariesDie(Observation seen) {
        Map<HostPort, ProbeResult> probes = new HashMap<>(seen.probes());
        for (Node node : seen.cluster().nodes()) {
            Optional<ServerReport> own = answer(seen.probes().get(node.address()));
            boolean hasCopy = own.filter(report -> !report.localGroup().equals(GroupId.COORDINATOR))
                    .filter(report -> seen.probes().entrySet().stream()
                            .filter(other ->
                                    seen.cluster().nodeAt(other.getKey()).isEmpty())
                            .flatMap(other -> answer(other.getValue()).stream())
                            .anyMatch(other -> other.isWritable()
                                    && other.identity().sameData(report.identity())
                                    && !other.sameServer(report)))
                    .isPresent();
            if (hasCopy) {
                probes.computeIfPresent(
                        node.address(),
                        (_, result) ->
                                new ProbeResult.Failed(result.at(), ProbeFailure.REFUSED, "nobody listens there"));
            }
        }
        return new Observation(seen.cluster(), seen.sightings(), probes, seen.memory());
    }

    private static Optional<ServerReport> answer(@Nullable ProbeResult result) {
        return result instanceof ProbeResult.Answered answered ? Optional.of(answered.report()) : Optional.empty();
    }
}
