package dev.roster.demo;

import dev.roster.app.api.Problem;
import dev.roster.app.engine.RosterEngine;
import dev.roster.discovery.WorkerHealth;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The demo's own page asks here what happens, and its buttons do. Reading is open; what changes something passes the same gate as
 * Roster's own orders, so that it needs the token.
 */
@Path("/demo/stage")
@Produces(MediaType.APPLICATION_JSON)
public final class StageResource {

    private static final int NOT_FOUND = 404;

    private final RosterEngine engine;

    @Inject
    StageResource(RosterEngine engine) {
        this.engine = engine;
    }

    /**
     * What is on the stage.
     *
     * @param citus which Citus it is
     * @param playing whether the scene is played, rather than over or taken over
     * @param workers the workers
     * @param story what was told so far
     */
    public record View(String citus, boolean playing, List<Figure> workers, List<Story.Line> story) {}

    /**
     * A worker.
     *
     * @param number counted from 1
     * @param name its name
     * @param state how its server is, or {@code gone}
     */
    public record Figure(int number, String name, String state) {}

    /**
     * What was done.
     *
     * @param told in a sentence
     */
    public record Done(String told) {}

    /** What is on the stage. */
    @GET
    public View stage() {
        Stage stage = Stage.onStage();
        return new View(
                stage.cluster().describe(),
                stage.isPlaying(),
                stage.figures().stream()
                        .map(figure -> new Figure(figure.number(), figure.name(), word(figure.health())))
                        .toList(),
                stage.story().lines());
    }

    /** Starts one more worker. */
    @POST
    @Path("/workers")
    public Response add() {
        return deed("add", "");
    }

    /**
     * Does something to a worker.
     *
     * @param worker its name or number
     * @param deed what
     */
    @POST
    @Path("/workers/{worker}/{deed}")
    public Response carryOut(@PathParam("worker") String worker, @PathParam("deed") String deed) {
        return deed(deed, worker);
    }

    private Response deed(String deed, String worker) {
        Stage stage = Stage.onStage();
        stage.handOver();
        try {
            String told = new Hands(stage, engine).carryOut(deed, worker);
            stage.story().tell(Story.Kind.NOTE, told);
            return Response.ok(new Done(told)).build();
        } catch (IllegalArgumentException e) {
            return Response.status(NOT_FOUND)
                    .type(Problem.MEDIA_TYPE)
                    .entity(new Problem(
                            "Not on the stage", NOT_FOUND, String.valueOf(e.getMessage()), Optional.empty()))
                    .build();
        }
    }

    private static String word(Optional<WorkerHealth> health) {
        return health.map(state -> state.name().toLowerCase(Locale.ROOT)).orElse("gone");
    }
}
