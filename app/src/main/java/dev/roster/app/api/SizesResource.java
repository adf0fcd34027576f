package dev.roster.app.api;

import dev.roster.app.engine.RosterEngine;
import dev.roster.cluster.CoordinatorUnavailable;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** How much each node holds. */
@Path("/api/v1/sizes")
@Produces(MediaType.APPLICATION_JSON)
public final class SizesResource {

    private final RosterEngine engine;

    /**
     * @param engine who asks the nodes
     */
    public SizesResource(RosterEngine engine) {
        this.engine = engine;
    }

    /** What the nodes said within the last minute. */
    @GET
    public SizesView sizes() throws CoordinatorUnavailable {
        return SizesView.of(engine.sizes());
    }
}
