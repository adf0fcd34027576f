package dev.roster.bench;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs the measurements named on the command line, or all. */
public final class Bench {

    private Bench() {}

    /** A measurement. */
    @FunctionalInterface
    private interface Measurement {
        void run(PrintStream out) throws Exception;
    }

    /**
     * Measures.
     *
     * @param arguments names of measurements separated by commas; none means all
     * @throws Exception whatever went wrong
     */
    public static void main(String[] arguments) throws Exception {
        Map<String, Measurement> all = new LinkedHashMap<>();
        all.put("join", JoinOverhead::measure);
        all.put("thousand", Thousand::measure);
        all.put("idle", Idle::measure);
        all.put("failover", Failover::measure);
        all.put("probes", Probing::measure);
        all.put("image", ImageStart::measure);
        all.put("planner", PlannerGrowth::measure);
        all.put("dns", DnsScan::measure);

        List<String> wanted = Arrays.stream(arguments)
                .flatMap(names -> Arrays.stream(names.split(",", -1)))
                .filter(name -> !name.isBlank())
                .toList();
        for (String name : wanted.isEmpty() ? List.copyOf(all.keySet()) : wanted) {
            Measurement measurement = all.get(name);
            if (measurement == null) {
                System.err.println("'" + name + "' is no measurement; accepted: " + String.join(", ", all.keySet()));
                System.exit(2);
            } else {
                System.out.println();
                System.out.println("## " + name);
                measurement.run(System.out);
            }
        }
    }
}
