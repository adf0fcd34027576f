package dev.roster.app.api;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The description of the API (OpenAPI 3.0), which is made from these resources and records when they are built. */
@Path("/q/openapi")
public final class DescriptionResource {

    private static final String FILE = "openapi.json";

    /** The description, read anew each time: it is rarely asked for. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public byte[] description() {
        try (InputStream file = Thread.currentThread().getContextClassLoader().getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
