package dev.roster.app.api;

import dev.roster.app.engine.OrderNotJudged;
import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.plan.Order;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What a person decides about the coordinator as a whole. */
@Path("/api/v1/coordinator")
@Consumes(MediaType.WILDCARD)
@Produces(MediaType.APPLICATION_JSON)
public final class CoordinatorResource {

    private final RosterEngine engine;

    /**
     * @param engine who judges
     */
    public CoordinatorResource(RosterEngine engine) {
        this.engine = engine;
    }

    /** Takes a coordinator that is older than its workers as it is. */
    @POST
    @Path("/accept")
    public Response accept(String body) throws CoordinatorUnavailable, OrderNotJudged {
        return OrderResource.answer(
                engine.order(new Order.AcceptCoordinator(OrderBody.read(body).by())));
    }
}
