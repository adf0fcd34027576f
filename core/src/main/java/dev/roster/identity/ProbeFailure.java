package dev.roster.identity;

/** Why a server gave no report of itself. */
public enum ProbeFailure {
    /** Nobody listens there (connection refused). */
    REFUSED(false),
    /** The name does not resolve. */
    UNRESOLVED(false),
    /** No answer within the limit, or the network dropped the packets. */
    TIMEOUT(false),
    /** Could not connect, and the reason is not known; what probing through the coordinator can tell of most failures. */
    UNREACHABLE(false),
    /** It refuses the login: password, {@code pg_hba.conf}, role. */
    LOGIN(true),
    /** It lacks the database. */
    NO_DATABASE(true),
    /** It is starting up or shutting down (57P03). */
    NOT_NOW(true),
    /** It has too many clients (53300). */
    TOO_MANY_CLIENTS(true),
    /** Its database lacks the citus extension. */
    NO_EXTENSION(true),
    /** It answered, with another SQL error. */
    ERROR(true);

    private final boolean alive;

    ProbeFailure(boolean alive) {
        this.alive = alive;
    }

    /** Whether the failure itself shows that a PostgreSQL server is alive at the address. */
    public boolean showsLife() {
        return alive;
    }
}
