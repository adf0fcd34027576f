package dev.roster.bench;

import dev.roster.app.engine.RosterEngine;
import dev.roster.reconcile.EngineListener;
import dev.roster.testkit.citus.Crowd;
import java.io.PrintStream;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Convergence of 1 to 1,000 workers that are all sighted at once: the time until all are members and a pass finds nothing
 * to do, and what was sent to the coordinator, counted there.
 */
final class Thousand {

    private static final List<Integer> SIZES = List.of(1, 10, 100, 1_000);

    private Thousand() {}

    static void measure(PrintStream out) {
        out.println("On a crowd of the Citus stand-in: workers are names, adding one is an insert.");
        converge(10);
        converge(100);
        out.printf(
                "%8s  %10s  %11s  %10s  %9s  %12s%n",
                "workers", "statements", "a worker", "ms", "ms each", "growth of ms");
        double before = Double.NaN;
        for (int size : SIZES) {
            Run run = converge(size);
            out.printf(
                    Locale.ROOT,
                    "%8d  %10d  %11.2f  %10.0f  %9.2f  %12s%n",
                    size,
                    run.statements(),
                    (double) run.statements() / size,
                    run.millis(),
                    run.millis() / size,
                    Double.isNaN(before) ? "" : String.format(Locale.ROOT, "%.1f", run.millis() / before));
            before = run.millis();
        }
    }

    private record Run(int statements, double millis) {}

    private static Run converge(int workers) {
        try (Crowd crowd = Crowd.gather();
                RosterEngine engine =
                        Engines.build(environment(crowd, workers), InstantSource.system(), new EngineListener() {})) {
            long start = System.nanoTime();
            engine.start();
            Engines.awaitRest(engine, workers);
            double millis = (System.nanoTime() - start) / 1e6;
            if (crowd.members() != workers) {
                throw new IllegalStateException(crowd.members() + " of " + workers + " are members");
            }
            return new Run(crowd.statements().sentBy("roster").size(), millis);
        }
    }

    static Map<String, String> environment(Crowd crowd, int workers) {
        return new HashMap<>(Map.of(
                "CITUS_HOST", crowd.coordinator().host(),
                "ROSTER_COORDINATOR_PORT", Integer.toString(crowd.coordinator().port()),
                "POSTGRES_USER", crowd.coordinator().user(),
                "ROSTER_COORDINATOR_ADVERTISED", Crowd.COORDINATOR,
                "ROSTER_DISCOVERY", "static",
                "ROSTER_STATIC_WORKERS", String.join(",", crowd.workers(workers))));
    }
}
