package dev.roster.app.api;

import dev.roster.app.engine.OrderNotJudged;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.plan.OrderAnswer;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns what can go wrong into problem answers. */
final class Problems {

    /** A parameter that cannot be read. */
    @ServerExceptionMapper
    Response refused(BadParameter e) {
        return answer(new Problem("Bad parameter", 400, String.valueOf(e.getMessage())));
    }

    /** What nobody answers, or not in this way. */
    @ServerExceptionMapper
    Response notAnswered(WebApplicationException e) {
        Response.StatusType status = e.getResponse().getStatusInfo();
        Response.ResponseBuilder answer = Response.fromResponse(answer(new Problem(
                status.getReasonPhrase(),
                status.getStatusCode(),
                "This path does not answer such a request; GET /q/openapi describes every one that is answered")));
        String allowed = e.getResponse().getHeaderString(HttpHeaders.ALLOW);
        return allowed == null
                ? answer.build()
                : answer.header(HttpHeaders.ALLOW, allowed).build();
    }

    /** What was asked for is on the coordinator. */
    @ServerExceptionMapper
    Response unavailable(CoordinatorUnavailable e) {
        return answer(new Problem("Coordinator unavailable", 503, e.getMessage() + "; " + e.remedy()));
    }

    /** No pass judged an order. */
    @ServerExceptionMapper
    Response notJudged(OrderNotJudged e) {
        return answer(new Problem("Not judged", 503, String.valueOf(e.getMessage())));
    }

    /** An order that is not taken. */
    static Response refused(OrderAnswer.Refused refused) {
        return answer(
                switch (refused.why()) {
                    case UNKNOWN_NAME -> problem("Unknown name", 404, refused);
                    case AMBIGUOUS_NAME -> problem("Ambiguous name", 409, refused);
                    case NOT_POSSIBLE -> problem("Not possible", 409, refused);
                    case LOSES_DATA -> problem(Problem.WOULD_LOSE_DATA, 409, refused);
                });
    }

    /** Nothing can be said about the cluster yet. */
    static Response notSeenYet() {
        return answer(new Problem("Not seen yet", 503, "No pass has seen the cluster yet; ask again in a moment"));
    }

    private static Problem problem(String title, int status, OrderAnswer.Refused refused) {
        return new Problem(title, status, refused.sentence(), Optional.of(refused.remedy()));
    }

    private static Response answer(Problem problem) {
        return Response.status(problem.status())
                .type(Problem.MEDIA_TYPE)
                .entity(problem)
                .build();
    }
}
