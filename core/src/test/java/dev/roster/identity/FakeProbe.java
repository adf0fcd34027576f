package dev.roster.identity;

import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.cluster.FakeCoordinator;
import dev.roster.cluster.HostPort;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Probes of {@link FakeServers} through a {@link FakeCoordinator}, as the real ones go through the real one. */
public final class FakeProbe implements ServerProbe {

    private final FakeServers servers;
    private final FakeCoordinator coordinator;
    private final InstantSource clock;
    private int calls;
    private int asked;

    /**
     * A probe.
     *
     * @param servers who is asked
     * @param coordinator through whom
     * @param clock the time of the answers
     */
    public FakeProbe(FakeServers servers, FakeCoordinator coordinator, InstantSource clock) {
        this.servers = servers;
        this.coordinator = coordinator;
        this.clock = clock;
    }

    /** How many statements were sent so far. */
    public int calls() {
        return calls;
    }

    /** How many servers were asked so far. */
    public int asked() {
        return asked;
    }

    @Override
    public Map<HostPort, ProbeResult> probe(Collection<ProbeRequest> requests) throws CoordinatorUnavailable {
        Map<HostPort, ProbeResult> answers = new HashMap<>();
        if (requests.isEmpty()) {
            return answers;
        }
        calls++;
        asked += requests.size();
        coordinator.requireUp();
        for (ProbeRequest request : requests) {
            answers.put(request.address(), answer(request));
        }
        return answers;
    }

    private ProbeResult answer(ProbeRequest request) {
        FakeServer server = request.address().equals(coordinator.address())
                ? coordinator.server()
                : servers.at(request.address()).orElse(null);
        if (server == null) {
            return failed(ProbeFailure.UNRESOLVED, "the name does not resolve");
        }
        if (!server.running) {
            return failed(ProbeFailure.REFUSED, "nobody listens there");
        }
        if (server.blackHole) {
            return failed(ProbeFailure.TIMEOUT, "no answer within the limit");
        }
        if (server.refusesLogin) {
            return failed(ProbeFailure.LOGIN, "refuses the login; give it the coordinator's password");
        }
        if (server.lacksDatabase) {
            return failed(ProbeFailure.NO_DATABASE, "lacks the database; create it");
        }
        if (server.extension.isEmpty()) {
            return failed(ProbeFailure.NO_EXTENSION, "lacks the extension; create it");
        }
        return new ProbeResult.Answered(clock.instant(), report(server, request));
    }

    private ProbeResult failed(ProbeFailure failure, String sentence) {
        return new ProbeResult.Failed(clock.instant(), failure, sentence);
    }

    private ServerReport report(FakeServer server, ProbeRequest request) {
        return new ServerReport(
                server.identity,
                server.startTime,
                server.inRecovery,
                server.inRecovery,
                server.timeline,
                server.position(),
                server.localGroup,
                server.nodes,
                request.relation().map(server.shards::containsKey),
                request.depth() == ProbeRequest.Depth.CANDIDATE ? Optional.of(candidate(server)) : Optional.empty(),
                server.inRecovery ? Map.of() : server.forks);
    }

    private ServerReport.Candidate candidate(FakeServer server) {
        List<String> clashing = server.localTables.keySet().stream()
                .filter(coordinator.tables()::contains)
                .toList();
        List<String> shardNamed = server.shards.keySet().stream()
                .filter(coordinator.shardRelations()::contains)
                .toList();
        return new ServerReport.Candidate(
                server.extension,
                true,
                server.nodes > 0 ? coordinator.tables().size() : 0,
                server.ownPlacements.size(),
                clashing,
                shardNamed,
                server.coordinatorIdentifier,
                coordinator.tableNames());
    }
}
