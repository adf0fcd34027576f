package dev.roster.bench;

import dev.roster.plan.Filters;
import dev.roster.plan.Holdbacks;
import dev.roster.plan.Memory;
import dev.roster.plan.Observation;
import dev.roster.plan.Plan;
import dev.roster.plan.PlanSettings;
import dev.roster.plan.Planner;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a steady pass decides: memory, plan, and filters over a cluster in which nothing is to be done. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "--sun-misc-unsafe-memory-access=allow")
public class PlannerBenchmark {

    /** How many workers, all members. */
    @Param({"1000", "10000", "100000"})
    public int workers;

    private final Planner planner = new Planner(PlanSettings.DEFAULTS);
    private Observation seen = ConvergedCluster.of(1);

    /** Builds what is observed. */
    @Setup
    public void observe() {
        seen = ConvergedCluster.of(workers);
        Plan plan = steadyPass();
        if (!plan.actions().isEmpty()
                || !plan.withheld().isEmpty()
                || !plan.alarms().isEmpty()) {
            throw new IllegalStateException("a converged cluster is planned to change: " + plan.actions());
        }
    }

    /** Everything between observing and acting. */
    @Benchmark
    public Plan steadyPass() {
        Memory memory = seen.memory()
                .next(seen.cluster(), seen.sightings(), seen.probes(), PlanSettings.DEFAULTS, ConvergedCluster.NOW);
        Observation remembered = new Observation(seen.cluster(), seen.sightings(), seen.probes(), memory);
        Plan plan = planner.plan(remembered, ConvergedCluster.NOW);
        return Filters.apply(plan, remembered, PlanSettings.DEFAULTS, Holdbacks.NONE, ConvergedCluster.NOW);
    }
}
