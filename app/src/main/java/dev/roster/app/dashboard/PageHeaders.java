package dev.roster.app.dashboard;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Tells browsers how little the page needs: its own files, and the one inline script whose fingerprint is named; and what time it
 * is here, by which the page counts.
 */
@Singleton
final class PageHeaders {

    private static final String PAGE = "META-INF/resources/index.html";

    /** Before the files are served, after it is decided whether the request is answered at all. */
    private static final int EARLY = 9_000;

    /** The one form of a date that may be sent (RFC 9110, section 5.6.7). */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    private final InstantSource clock;
    private final String policy;

    PageHeaders(InstantSource clock) {
        this.clock = clock;
        this.policy = ContentPolicy.of(page());
    }

    void stand(@Observes Filters filters) {
        filters.register(this::mark, EARLY);
    }

    private void mark(RoutingContext context) {
        // When it is sent: an order is answered only after it was judged.
        context.addHeadersEndHandler(_ -> context.response().putHeader("Date", DATE.format(clock.instant())));
        MultiMap headers = context.response().headers();
        headers.set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("X-Frame-Options", "DENY")
                .set("Cross-Origin-Opener-Policy", "same-origin")
                .set("Cross-Origin-Resource-Policy", "same-origin")
                .set("Content-Security-Policy", policy);
        if (isOurs(context.normalizedPath())) {
            // Their names have no version, and a page made of two versions is worse than one more request.
            headers.set("Cache-Control", "no-store");
        }
        context.next();
    }

    private static boolean isOurs(String path) {
        return path.equals("/") || path.equals("/index.html") || path.startsWith("/dashboard/");
    }

    private static String page() {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        try (InputStream file = loader.getResourceAsStream(PAGE)) {
            if (file == null) {
                throw new IllegalStateException(PAGE + " is not on the class path");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
