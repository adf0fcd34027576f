package dev.roster.app.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** When what is printed for people is coloured; JSON never is. */
enum Colour {
    /** On a terminal that can, unless {@code NO_COLOR} is set (no-color.org). */
    AUTO,
    /** Wherever it goes. */
    ALWAYS,
    /** Not at all. */
    NEVER;

    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    /**
     * Whether to colour.
     *
     * @param terminal whether it goes to a terminal
     * @param environment the variables
     */
    boolean isOn(boolean terminal, Map<String, String> environment) {
        return switch (this) {
            case AUTO ->
                terminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !environment.getOrDefault("TERM", "").equals("dumb");
            case ALWAYS -> true;
            case NEVER -> false;
        };
    }

    /** Whether standard error goes to a terminal; where that cannot be told it is taken to go where standard output goes. */
    static boolean errorsAreSeen() {
        try {
            String target = STANDARD_ERROR.toRealPath().toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return Board.isTerminal();
        }
    }

    /** As it is written on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
