package dev.roster.bench;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** How the time of a steady pass grows with the number of workers. */
final class PlannerGrowth {

    private PlannerGrowth() {}

    static void measure(PrintStream out) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(PlannerBenchmark.class.getSimpleName())
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        out.printf("%10s  %12s  %14s%n", "workers", "ms a pass", "growth for 10x");
        double before = Double.NaN;
        for (RunResult result : results) {
            double millis = result.getPrimaryResult().getScore() / 1000;
            out.printf(
                    Locale.ROOT,
                    "%10s  %12.2f  %14s%n",
                    result.getParams().getParam("workers"),
                    millis,
                    Double.isNaN(before) ? "" : String.format(Locale.ROOT, "%.1f", millis / before));
            before = millis;
        }
    }
}
