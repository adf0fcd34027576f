package dev.roster.app.api;

import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.CoordinatorUnavailable;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** What is so and what would be done, for reading. */
@Path("/api/v1")
@Produces(MediaType.APPLICATION_JSON)
public final class ApiResource {

    private final RosterEngine engine;
    private final Answers answers;

    /**
     * @param engine whose state is served
     */
    public ApiResource(RosterEngine engine) {
        this.engine = engine;
        this.answers = new Answers(engine);
    }

    /** Everything at one glance. */
    @GET
    @Path("/status")
    public StatusView status() {
        return answers.status();
    }

    /** What the sources sight. */
    @GET
    @Path("/workers")
    public WorkersView workers() {
        return answers.workers();
    }

    /** The rows of {@code pg_dist_node}. */
    @GET
    @Path("/nodes")
    public NodesView nodes() {
        return answers.nodes();
    }

    /** What people ordered, while it stands. */
    @GET
    @Path("/orders")
    public OrdersView orders() {
        return answers.orders();
    }

    /** What the last pass decided. */
    @GET
    @Path("/plan")
    public PlanView plan() {
        return answers.plan();
    }

    /** Changes and refusals, newest first. */
    @GET
    @Path("/journal")
    public JournalView journal(
            @QueryParam("node") @Nullable String node,
            @QueryParam("since") @Nullable String since,
            @QueryParam("before") @Nullable String before,
            @QueryParam("limit") @Nullable String limit)
            throws CoordinatorUnavailable {
        return JournalView.of(engine.journal(JournalParameters.query(node, since, before, limit)));
    }

    /** Whether the cluster has what Citus needs, looked at now. */
    @GET
    @Path("/check")
    public CheckView check() throws CoordinatorUnavailable {
        return CheckView.of(engine.check());
    }
}
