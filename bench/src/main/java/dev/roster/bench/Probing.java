package dev.roster.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.roster.app.engine.RosterEngine;
import dev.roster.reconcile.EngineListener;
import dev.roster.testkit.citus.Crowd;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What asking 1,000 members what they are costs the process of Roster: its processor time over two minutes at rest, with probes
 * as often as by default, with every member asked in each pass of five seconds, and with none asked at all.
 */
final class Probing {

    private static final int WORKERS = 1_000;

    private static final Duration WATCHED = Duration.ofMinutes(2);

    private Probing() {}

    /**
     * A way to ask.
     *
     * @param words what it is
     * @param variables the settings beside the usual
     */
    private record Way(String words, Map<String, String> variables) {}

    static void measure(PrintStream out) throws InterruptedException {
        out.println(WORKERS + " members of a crowd of the Citus stand-in, at rest.");
        out.printf("%-34s  %7s  %10s  %14s%n", "", "passes", "CPU ms", "% of one core");
        for (Way way : List.of(
                new Way("default: each once a minute", Map.of()),
                new Way("each every 5 s", Map.of("ROSTER_PASS_INTERVAL", "5s", "ROSTER_PROBE_MAX_AGE", "5s")),
                new Way(
                        "passes every 5 s, none asked",
                        Map.of("ROSTER_PASS_INTERVAL", "5s", "ROSTER_PROBE_MODE", "off")))) {
            row(out, way);
        }
    }

    private static void row(PrintStream out, Way way) throws InterruptedException {
        try (Crowd crowd = Crowd.gather()) {
            Map<String, String> environment = new HashMap<>(Thousand.environment(crowd, WORKERS));
            environment.putAll(way.variables());
            try (RosterEngine engine = Engines.build(environment, InstantSource.system(), new EngineListener() {})) {
                engine.start();
                Engines.awaitRest(engine, WORKERS);
                // The compiler of the JVM comes to rest, too.
                Thread.sleep(WATCHED.dividedBy(4).toMillis());
                long passes = engine.latest().orElseThrow().number();
                long used = cpuNanos();
                long began = System.nanoTime();
                Thread.sleep(WATCHED.toMillis());
                double millis = (cpuNanos() - used) / 1e6;
                double share = 100 * millis * 1e6 / (System.nanoTime() - began);
                out.printf(
                        Locale.ROOT,
                        "%-34s  %7d  %10.0f  %14.2f%n",
                        way.words(),
                        engine.latest().orElseThrow().number() - passes,
                        millis,
                        share);
            }
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
