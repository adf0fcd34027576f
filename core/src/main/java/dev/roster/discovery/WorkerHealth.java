package dev.roster.discovery;

/** What a source says of a worker's readiness. A source without an opinion says {@link #UNKNOWN}, and the probe decides. */
public enum WorkerHealth {
    /** Healthy, or running where no health check is defined. */
    READY,
    /** Created or started, the first health check still to come. */
    STARTING,
    /** Its health check fails. */
    UNHEALTHY,
    /** Being restarted by its engine. */
    RESTARTING,
    /** Frozen; it keeps its address but answers nothing. */
    PAUSED,
    /** Known to the source, and not running. */
    STOPPED,
    /** The source cannot tell (DNS, a list). */
    UNKNOWN;

    /** Whether a worker in this state may be added if its probe passes. */
    public boolean mayBeReady() {
        return this == READY || this == UNKNOWN;
    }
}
