package dev.roster.app.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.app.api.Problem;
import dev.roster.app.engine.RosterEngine;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Optional;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The answers as they change. */
@Path("/api/v1")
public final class StreamResource {

    private final LiveFeed feed;

    /**
     * @param feed tells what is new
     * @param engine whose state is told
     * @param json writes the API's answers
     */
    public StreamResource(LiveFeed feed, RosterEngine engine, ObjectMapper json) {
        this.feed = feed;
        feed.follow(new WatchedEngine(engine, json));
    }

    /** Everything at first, then what changes, until the client leaves or the service ends. */
    @GET
    @Path("/stream")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    public Multi<OutboundSseEvent> stream(
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId, @Context Sse sse) {
        Listening client = feed.join(Optional.ofNullable(lastEventId)).orElseThrow(TooManyStreams::new);
        return Multi.createBy()
                .repeating()
                .completionStage(() -> feed.next(client))
                .until(StreamEvent.End.class::isInstance)
                .map(event -> written(event, sse))
                .onTermination()
                .invoke(() -> feed.leave(client));
    }

    /** Refuses one client too many. */
    @ServerExceptionMapper
    Response refused(TooManyStreams e) {
        return Response.status(Response.Status.SERVICE_UNAVAILABLE)
                .type(Problem.MEDIA_TYPE)
                .entity(new Problem("Too many streams", 503, String.valueOf(e.getMessage()), Optional.empty()))
                .build();
    }

    private OutboundSseEvent written(StreamEvent event, Sse sse) {
        return switch (event) {
            case StreamEvent.Told told ->
                // The text is JSON already; as a string of type JSON it would be quoted once more.
                sse.newEventBuilder()
                        .id(feed.id(told.number()))
                        .name(told.name())
                        .mediaType(MediaType.TEXT_PLAIN_TYPE)
                        .data(told.data())
                        .build();
            case StreamEvent.Heartbeat _ ->
                sse.newEventBuilder().comment("still here").build();
            case StreamEvent.End _ -> throw new IllegalStateException("the end is not written");
        };
    }
}
