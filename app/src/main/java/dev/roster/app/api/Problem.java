package dev.roster.app.api;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A failed request (RFC 9457).
 *
 * @param title what kind of failure
 * @param status the HTTP status
 * @param detail what was asked, what was seen, and what to do
 */
@RegisterForReflection
public record Problem(String title, int status, String detail) {

    /** The media type. */
    public static final String MEDIA_TYPE = "application/problem+json";
}
