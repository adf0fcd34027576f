package dev.roster.app.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot do what it was asked; the message is for the person, and no stack trace is. */
final class CommandFailed extends Exception {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandFailed(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
