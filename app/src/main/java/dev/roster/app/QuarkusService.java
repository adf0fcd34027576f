package dev.roster.app;

import dev.roster.app.access.UnreadableTargets;
import dev.roster.app.cli.RosterCommand;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusBindException;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the service in Quarkus until a signal ends it. */
final class QuarkusService implements RosterCommand.Service {

    @Override
    public int run() {
        System.setProperty(UnreadableTargets.LEFT_TO_US, "true");
        AtomicInteger exitCode = new AtomicInteger();
        Quarkus.run(null, (code, trouble) -> {
            exitCode.set(code);
            if (trouble != null) {
                System.err.println("Roster could not start: " + why(trouble));
            }
        });
        return exitCode.get();
    }

    /** The innermost cause says most; of a port that is taken the way out is said, too. */
    private static String why(Throwable trouble) {
        Throwable innermost = trouble;
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof QuarkusBindException taken) {
                return "port " + taken.getPort()
                        + " is taken by another program; end that, or set QUARKUS_HTTP_PORT to a free port";
            }
            innermost = cause;
        }
        return String.valueOf(innermost.getMessage());
    }
}
