package dev.roster.app.api;

import dev.roster.app.engine.DrainForecast;
import dev.roster.app.engine.OrderNotJudged;
import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.ledger.Intent.Kind;
import dev.roster.plan.Order;
import dev.roster.plan.OrderAnswer;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Optional;

/** What a person orders. Each order may be repeated without harm; who may give one is decided before it comes here. */
@Path("/api/v1")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
public final class OrderResource {

    private static final String KIND = "{kind: drain|remove|replace|activate|follow|hold}";

    private final RosterEngine engine;

    /**
     * @param engine who judges and carries out
     */
    public OrderResource(RosterEngine engine) {
        this.engine = engine;
    }

    /** A new order. */
    @POST
    @Path("/workers/{name}/" + KIND)
    public Response give(@PathParam("name") String name, @PathParam("kind") String word, String body)
            throws CoordinatorUnavailable, OrderNotJudged {
        Kind kind = kind(word);
        OrderBody said = switch (kind) {
            case DRAIN -> OrderBody.ofDrain(body);
            case FOLLOW -> OrderBody.ofFollow(body);
            case REPLACE -> OrderBody.ofReplacement(body);
            case REMOVE, ACTIVATE, HOLD, REBALANCE -> OrderBody.read(body);
        };
        return answer(
                engine.order(new Order.Give(kind, name, said.mode(), said.target(), said.acceptsLoss(), said.by())));
    }

    /**
     * What would become of an order to drain; nothing is ordered or changed. Citus is asked for it under the lock that all changes
     * take, so whoever may ask is whoever may order.
     */
    @POST
    @Path("/workers/{name}/drain/preview")
    public Response previewDrain(@PathParam("name") String name, String body) throws CoordinatorUnavailable {
        Optional<DrainForecast> forecast =
                engine.forecastDrain(name, OrderBody.ofDrain(body).mode());
        if (forecast.isEmpty()) {
            return Problems.notSeenYet();
        }
        return forecast.get().answer() instanceof OrderAnswer.Refused refused && isAboutTheName(refused)
                ? Problems.refused(refused)
                : Response.ok(DrainPreviewView.of(forecast.get())).build();
    }

    private static boolean isAboutTheName(OrderAnswer.Refused refused) {
        return refused.why() == OrderAnswer.Why.UNKNOWN_NAME || refused.why() == OrderAnswer.Why.AMBIGUOUS_NAME;
    }

    /** Takes back an order of this kind. */
    @DELETE
    @Path("/workers/{name}/" + KIND)
    public Response cancel(@PathParam("name") String name, @PathParam("kind") String word, String body)
            throws CoordinatorUnavailable, OrderNotJudged {
        String by = OrderBody.read(body).by();
        return answer(engine.order(new Order.Cancel(name, Optional.of(kind(word)), by)));
    }

    /** Takes back whatever order stands. */
    @DELETE
    @Path("/workers/{name}/order")
    public Response cancel(@PathParam("name") String name, String body) throws CoordinatorUnavailable, OrderNotJudged {
        return answer(engine.order(
                new Order.Cancel(name, Optional.empty(), OrderBody.read(body).by())));
    }

    /** Compares both sides as soon as possible. */
    @POST
    @Path("/reconcile")
    public Response reconcile(String body) {
        engine.nudge("asked for by " + OrderBody.read(body).by());
        return Response.accepted(OrderView.accepted("A pass begins as soon as the one under way has ended"))
                .build();
    }

    private static Kind kind(String word) {
        return Kind.valueOf(word.toUpperCase(Locale.ROOT));
    }

    static Response answer(OrderAnswer answer) {
        return switch (answer) {
            case OrderAnswer.Accepted accepted ->
                Response.accepted(OrderView.of(accepted)).build();
            case OrderAnswer.Standing standing ->
                Response.ok(OrderView.of(standing)).build();
            case OrderAnswer.Refused refused -> Problems.refused(refused);
        };
    }
}
