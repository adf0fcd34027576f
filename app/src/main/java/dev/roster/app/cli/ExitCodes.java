package dev.roster.app.cli;

/** What the process says when it ends. */
final class ExitCodes {

    /** What was asked for is so. */
    static final int DONE = 0;

    /** It is not, or not yet. */
    static final int NOT_DONE = 1;

    /** The command line or the configuration cannot be read. */
    static final int USAGE = 2;

    /** The service or the coordinator could not be reached. */
    static final int UNREACHABLE = 3;

    private ExitCodes() {}
}
