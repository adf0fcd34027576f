package dev.roster.bench;

import dev.roster.app.engine.RosterEngine;
import dev.roster.app.settings.SettingsReader;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.PassResult;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;

/** Roster as its composition root builds it, from environment variables. */
final class Engines {

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private Engines() {}

    static RosterEngine build(Map<String, String> variables, InstantSource clock, EngineListener listener) {
        return RosterEngine.build(
                new SettingsReader()
                        .read(new SmallRyeConfigBuilder()
                                .withSources(new EnvConfigSource(variables, 300))
                                .build()),
                clock,
                List.of(listener));
    }

    /** Waits until a pass found nothing to do, with so many workers sighted. */
    static void awaitRest(RosterEngine engine, int workers) {
        await(
                "rest",
                () -> engine.latest()
                        .map(PassResult::sentence)
                        .filter(sentence -> sentence.startsWith("Nothing to do: " + workers + " worker"))
                        .isPresent());
    }

    static void await(String what, BooleanSupplier condition) {
        Awaitility.await(what)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(condition::getAsBoolean);
    }
}
