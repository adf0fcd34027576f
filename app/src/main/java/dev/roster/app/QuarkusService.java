package dev.roster.app;

import dev.roster.app.cli.RosterCommand;
import io.quarkus.runtime.Quarkus;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the service in Quarkus until a signal ends it. */
final class QuarkusService implements RosterCommand.Service {

    @Override
    public int run() {
        AtomicInteger exitCode = new AtomicInteger();
        Quarkus.run(null, (code, trouble) -> {
            exitCode.set(code);
            if (trouble != null) {
                System.err.println("Roster could not start: " + trouble.getMessage());
            }
        });
        return exitCode.get();
    }
}
