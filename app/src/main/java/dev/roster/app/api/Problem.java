package dev.roster.app.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Optional;

/**
 * A failed request (RFC 9457).
 *
 * @param title what kind of failure
 * @param status the HTTP status
 * @param detail what was asked, what was seen, and what to do
 * @param remedy what a person can do, where the detail does not say it
 */
@RegisterForReflection
public record Problem(String title, int status, String detail, Optional<String> remedy) {

    /** The title of an order's refusal that names the rows it would lose. */
    public static final String WOULD_LOSE_DATA = "Would lose data";

    /** The media type. */
    public static final String MEDIA_TYPE = "application/problem+json";

    Problem(String title, int status, String detail) {
        this(title, status, detail, Optional.empty());
    }
}
