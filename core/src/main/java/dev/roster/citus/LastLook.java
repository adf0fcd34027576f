package dev.roster.citus;

import com.fasterxml.jackson.databind.JsonNode;
import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.cluster.Node;
import dev.roster.execute.Refusal.Situation;
import dev.roster.identity.ProbeRequest;
import dev.roster.identity.ServerReport;
import dev.roster.plan.Action;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is asked once more in the transaction that gives a lost server's row away: the lost one must still not answer, no sighted
 * server may have its data, and the one that takes its place must still be empty.
 */
final class LastLook {

    private final Session session;
    private final CoordinatorSettings.Limits limits;

    LastLook(Session session, CoordinatorSettings.Limits limits) {
        this.session = session;
        this.limits = limits;
    }

    /**
     * Refuses what would lose more than was accepted.
     *
     * @param action the replacement
     * @param system the coordinator's own system identifier
     */
    void require(Action.TakeOver action, String system) throws SQLException, RefusedException {
        Map<HostPort, ServerReport> answers = ask(action);
        HostPort target = action.worker().address();
        if (action.staysInPlace()) {
            requireAnother(action, Optional.ofNullable(answers.get(action.address())));
        } else {
            requireLost(action, Optional.ofNullable(answers.get(action.address())));
        }
        for (HostPort other : action.others()) {
            ServerReport report = answers.get(other);
            if (report != null && hasDataOf(action, report, system)) {
                throw NodeRefusals.because(
                        action.address(),
                        Situation.IDENTITY_CHANGED,
                        "the server at " + other + " has its data, so nothing is lost and nothing was changed",
                        "let the row follow to it: roster follow " + action.address() + " --to " + other);
            }
        }
        ServerReport report = answers.get(target);
        if (report == null) {
            throw NodeRefusals.because(
                    target,
                    Situation.NODE_UNREACHABLE,
                    "the server there could not be asked whether it is empty",
                    "nothing to do if it is starting; else look at its log");
        }
        requireEmpty(action, report);
    }

    private Map<HostPort, ServerReport> ask(Action.TakeOver action) throws SQLException {
        ProbeRequest[] requests = Stream.concat(
                        Stream.of(action.address(), action.worker().address()), action.others().stream())
                .distinct()
                .map(address -> new ProbeRequest(address, ProbeRequest.Depth.CANDIDATE, Optional.empty()))
                .toArray(ProbeRequest[]::new);
        session.allow(limits.probe().multipliedBy(2));
        JsonNode rows = session.json(
                CoordinatorProbe.ASK,
                Stream.of(requests).map(request -> request.address().host()).toArray(String[]::new),
                Stream.of(requests).map(request -> request.address().port()).toArray(Integer[]::new),
                Stream.of(requests)
                        .map(request -> ProbeQuery.of(request, limits.probe().toMillis()))
                        .toArray(String[]::new));
        session.allow(limits.statement());
        session.forgetWarnings();
        Map<HostPort, ServerReport> answers = new TreeMap<>();
        for (JsonNode row : rows) {
            if (row.path("success").asBoolean()) {
                answers.put(
                        Json.address(row),
                        ProbeQuery.report(
                                Json.read(Json.required(row, "result")),
                                requests[0],
                                Json.text(row, "compared").orElse("")));
            }
        }
        return answers;
    }

    private static void requireLost(Action.TakeOver action, Optional<ServerReport> answer) throws RefusedException {
        if (answer.isPresent() && !action.member().isReplacedBy(answer.get())) {
            throw NodeRefusals.because(
                    action.address(),
                    Situation.IDENTITY_CHANGED,
                    "its server answers again, so nothing is lost and nothing was changed",
                    "cancel the replacement: roster cancel " + action.address());
        }
    }

    /** That it is empty is asked by itself; Citus may have sent it the nodes since, so here only its start tells. */
    private static void requireAnother(Action.TakeOver action, Optional<ServerReport> answer) throws RefusedException {
        boolean itself = answer.filter(report ->
                        action.member().hasDataOf(report) && !action.member().startedLater(report))
                .isPresent();
        if (itself) {
            throw NodeRefusals.because(
                    action.address(),
                    Situation.IDENTITY_CHANGED,
                    "the server there may be the lost one itself, since it was not started later than that was last seen;"
                            + " nothing was changed",
                    "cancel the replacement: roster cancel " + action.address());
        }
    }

    private static boolean hasDataOf(Action.TakeOver action, ServerReport report, String system) {
        return report.localGroup().equals(action.node().group())
                && action.member()
                        .identity()
                        .map(report.identity()::sameData)
                        .orElseGet(() -> report.candidate()
                                .flatMap(ServerReport.Candidate::coordinatorIdentifier)
                                .filter(system::equals)
                                .isPresent());
    }

    /** At the row's own address Citus may have sent the nodes already. */
    private static void requireEmpty(Action.TakeOver action, ServerReport report) throws RefusedException {
        Node row = action.node();
        boolean ofNoGroup = report.localGroup().equals(GroupId.COORDINATOR) && report.nodes() == 0;
        boolean sentTheNodes = action.staysInPlace() && report.localGroup().equals(row.group());
        boolean empty = report.candidate()
                .filter(facts -> facts.citusTables() == 0
                        && facts.ownDistributedPlacements() == 0
                        && facts.clashingTables().isEmpty()
                        && facts.shardNamedRelations().isEmpty())
                .isPresent();
        if (!report.isWritable() || !empty || !(ofNoGroup || sentTheNodes)) {
            throw NodeRefusals.because(
                    action.worker().address(),
                    Situation.IDENTITY_CHANGED,
                    "the server there is not empty and writable any more, so nothing was changed",
                    "nothing to do, it is asked again; roster status tells what it is by then");
        }
    }
}
