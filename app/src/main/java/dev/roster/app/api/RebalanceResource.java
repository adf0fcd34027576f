package dev.roster.app.api;

import dev.roster.app.engine.OrderNotJudged;
import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.CoordinatorUnavailable;
import dev.roster.plan.Order;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** Shards on their way: how far they are, and a person's order to spread them or to stop that. */
@Path("/api/v1/rebalance")
@Produces(MediaType.APPLICATION_JSON)
public final class RebalanceResource {

    private final RosterEngine engine;
    private final Answers answers;

    /**
     * @param engine who judges and carries out
     */
    public RebalanceResource(RosterEngine engine) {
        this.engine = engine;
        this.answers = new Answers(engine);
    }

    /** How far it is; with {@code ?preview=true} also what a rebalance would move, for which Citus is asked now. */
    @GET
    public RebalanceView show(@QueryParam("preview") @Nullable String preview) throws CoordinatorUnavailable {
        if (preview != null && !preview.equals("true") && !preview.equals("false")) {
            throw new BadParameter("preview", OrderBody.shown(preview), "true, false");
        }
        return answers.rebalance("true".equals(preview));
    }

    /** Spreads the shards evenly over the nodes that take some. */
    @POST
    @Consumes(MediaType.WILDCARD)
    public Response start(String body) throws CoordinatorUnavailable, OrderNotJudged {
        OrderBody said = OrderBody.ofDrain(body);
        return OrderResource.answer(engine.order(new Order.Rebalance(said.mode(), said.by())));
    }

    /** Stops it; what has moved stays. */
    @DELETE
    @Consumes(MediaType.WILDCARD)
    public Response stop(String body) throws CoordinatorUnavailable, OrderNotJudged {
        return OrderResource.answer(
                engine.order(new Order.StopRebalance(OrderBody.read(body).by())));
    }
}
