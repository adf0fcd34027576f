package dev.roster.testkit.citus;

import dev.roster.testkit.postgres.PostgresBinaries;
import java.util.Locale;
import java.util.Optional;

/** Which Citus a cluster is made of. */
public enum CitusFlavour {
    /** The extension itself, in an installed PostgreSQL. */
    REAL,
    /** The stand-in, in the embedded PostgreSQL. */
    STAND_IN;

    /** The system property that chooses: {@code auto} (the default), {@code stand-in}, or {@code real}. */
    public static final String PROPERTY = "verify.citus";

    /**
     * What the property {@value #PROPERTY} asks for; {@code auto} is real Citus where it is installed.
     *
     * @throws IllegalArgumentException if the property has another value
     */
    public static CitusFlavour chosen() {
        String wanted = System.getProperty(PROPERTY, "auto").toLowerCase(Locale.ROOT);
        return switch (wanted) {
            case "auto" -> REAL.binariesIfPresent().isPresent() ? REAL : STAND_IN;
            case "stand-in" -> STAND_IN;
            case "real" -> REAL;
            default ->
                throw new IllegalArgumentException(PROPERTY + " is " + wanted + "; accepted: auto, stand-in, real");
        };
    }

    /** The PostgreSQL to run; empty if real Citus is not installed here. */
    public Optional<PostgresBinaries> binariesIfPresent() {
        return switch (this) {
            case REAL -> PostgresBinaries.installedWith("citus");
            case STAND_IN -> {
                PostgresBinaries embedded = PostgresBinaries.embeddedFor(CitusStandIn.fingerprint());
                CitusStandIn.installInto(embedded);
                yield Optional.of(embedded);
            }
        };
    }

    /** For people: which Citus this is, on which PostgreSQL. */
    public String describe() {
        return switch (this) {
            case REAL ->
                "real Citus on "
                        + binariesIfPresent().map(PostgresBinaries::origin).orElse("no installed PostgreSQL");
            case STAND_IN -> "the Citus stand-in on the embedded PostgreSQL";
        };
    }
}
