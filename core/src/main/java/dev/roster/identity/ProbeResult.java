package dev.roster.identity;

import java.time.Instant;

/** What came back from asking one address. */
public sealed interface ProbeResult {

    /** When the answer arrived, or the wait ended. */
    Instant at();

    /**
     * The server answered the query.
     *
     * @param at when
     * @param report what it said
     */
    record Answered(Instant at, ServerReport report) implements ProbeResult {}

    /**
     * No report was had.
     *
     * @param at when
     * @param failure what kind of failure
     * @param sentence what was seen and what to do, for a person, such as {@code refuses the password of user postgres;
     *     give this worker the coordinator's POSTGRES_PASSWORD}
     */
    record Failed(Instant at, ProbeFailure failure, String sentence) implements ProbeResult {}
}
