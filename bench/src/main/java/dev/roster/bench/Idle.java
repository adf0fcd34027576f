package dev.roster.bench;

import dev.roster.app.engine.RosterEngine;
import dev.roster.reconcile.EngineListener;
import dev.roster.testkit.citus.Crowd;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/** What a Roster with nothing to do sends in two minutes of real time, counted by the coordinator. */
final class Idle {

    private static final Duration WATCHED = Duration.ofMinutes(2);

    private Idle() {}

    static void measure(PrintStream out) throws InterruptedException {
        out.println("With the default settings, on a crowd of the Citus stand-in.");
        out.printf("%8s  %7s  %10s  %13s  %12s%n", "workers", "passes", "statements", "most in a pass", "per minute");
        for (int workers : List.of(3, 150)) {
            row(out, workers);
        }
    }

    private static void row(PrintStream out, int workers) throws InterruptedException {
        try (Crowd crowd = Crowd.gather()) {
            try (RosterEngine engine = Engines.build(
                    Thousand.environment(crowd, workers), InstantSource.system(), new EngineListener() {})) {
                engine.start();
                Engines.awaitRest(engine, workers);
                int first = sent(crowd).size();
                long passes = engine.latest().orElseThrow().number();
                int most = 0;
                int before = first;
                long end = System.nanoTime() + WATCHED.toNanos();
                long known = passes;
                while (System.nanoTime() < end) {
                    Thread.sleep(200);
                    long number = engine.latest().orElseThrow().number();
                    if (number > known) {
                        int now = sent(crowd).size();
                        most = (int) Math.max(most, Math.ceilDiv(now - before, number - known));
                        before = now;
                        known = number;
                    }
                }
                int statements = sent(crowd).size() - first;
                out.printf(
                        Locale.ROOT,
                        "%8d  %7d  %10d  %13d  %12.1f%n",
                        workers,
                        known - passes,
                        statements,
                        most,
                        statements * 60.0 / WATCHED.toSeconds());
            }
        }
    }

    private static List<String> sent(Crowd crowd) {
        return crowd.statements().sentBy("roster");
    }
}
