package dev.roster.app.access;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Answers a request whose target is no URI or cannot be decoded, so that nothing behind has to. Quarkus does the same and says
 * nothing, unless {@link #LEFT_TO_US} is set before it starts.
 */
@Singleton
public final class UnreadableTargets {

    /** The system property that leaves such requests to whoever sees them first, which is this class. */
    public static final String LEFT_TO_US = "vertx.disableURIValidation";

    private static final Refusal REFUSAL = Refusal.unreadable(
            "The path or query in the request cannot be decoded; write each character that has a meaning of its own as % and two"
                    + " hexadecimal digits (RFC 3986, section 2.1)");

    /** Before the gate. */
    private static final int FIRST = 20_000;

    private final RefusalAnswer answer;

    UnreadableTargets(RefusalAnswer answer) {
        this.answer = answer;
    }

    void stand(@Observes Filters filters) {
        filters.register(this::judge, FIRST);
    }

    private void judge(RoutingContext context) {
        if (isReadable(context)) {
            context.next();
        } else {
            answer.send(context.response(), REFUSAL);
        }
    }

    private static boolean isReadable(RoutingContext context) {
        try {
            new URI(context.request().uri());
            return context.normalizedPath() != null;
        } catch (URISyntaxException | IllegalArgumentException e) {
            return false;
        }
    }
}
