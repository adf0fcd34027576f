package dev.roster.app.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.roster.app.api.Problem;
import io.vertx.core.http.HttpServerResponse;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Answers a request that no resource gets to see, in the words in which the resources answer theirs. */
@Singleton
final class RefusalAnswer {

    private final ObjectMapper json;

    RefusalAnswer(ObjectMapper json) {
        this.json = json;
    }

    void send(HttpServerResponse response, Refusal refusal) {
        response.setStatusCode(refusal.status()).putHeader("Content-Type", Problem.MEDIA_TYPE);
        if (!refusal.challenge().isEmpty()) {
            response.putHeader("WWW-Authenticate", refusal.challenge());
        }
        try {
            response.end(json.writeValueAsString(
                    new Problem(refusal.title(), refusal.status(), refusal.sentence(), Optional.empty())));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem cannot be written", e);
        }
    }
}
