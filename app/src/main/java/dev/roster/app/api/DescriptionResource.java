package dev.roster.app.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Serves the description of the API. */
@Path("/q/openapi")
public final class DescriptionResource {

    /** The description. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public byte[] description() {
        return Description.text();
    }
}
