package dev.roster.simulation;

/** A law was broken, or the engine did not come to rest. */
final class Violation extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Violation(String what) {
        super(what);
    }
}
