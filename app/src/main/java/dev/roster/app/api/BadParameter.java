package dev.roster.app.api;

/** A query parameter that cannot be read. The message names it, its value, and what is accepted. */
final class BadParameter extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BadParameter(String name, String value, String accepted) {
        super(name + " is '" + value + "'; accepted: " + accepted);
    }
}
