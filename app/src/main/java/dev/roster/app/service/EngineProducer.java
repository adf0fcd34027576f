package dev.roster.app.service;

import dev.roster.app.engine.RosterEngine;
import dev.roster.app.settings.RosterSettings;
import dev.roster.app.settings.SettingsReader;
import dev.roster.app.stream.LiveFeed;
import dev.roster.discovery.SourceHealth;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Quarkus;
import io.smallrye.config.SmallRyeConfig;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.Config;

/** Makes the one engine of the service. */
@ApplicationScoped
class EngineProducer {

    @Produces
    @Singleton
    RosterSettings settings(Config config) {
        return new SettingsReader().read(config.unwrap(SmallRyeConfig.class));
    }

    @Produces
    @Singleton
    InstantSource clock() {
        return InstantSource.system();
    }

    @Produces
    @Singleton
    LiveFeed feed(MeterRegistry registry) {
        LiveFeed feed = new LiveFeed();
        Gauge.builder("roster.stream.clients", feed, LiveFeed::clients)
                .description("How many clients listen to the stream")
                .register(registry);
        return feed;
    }

    @Produces
    @Singleton
    RosterEngine engine(RosterSettings settings, InstantSource clock, MeterRegistry registry, LiveFeed feed) {
        EngineMetrics metrics = new EngineMetrics(registry, clock);
        AtomicReference<Supplier<List<SourceHealth>>> sources = new AtomicReference<>(List::of);
        RestartWish restart = new RestartWish(() -> sources.get().get(), Quarkus::asyncExit);
        RosterEngine engine = RosterEngine.build(settings, clock, List.of(metrics, restart, feed));
        sources.set(engine::sources);
        metrics.watch(engine);
        return engine;
    }

    void end(@Disposes RosterEngine engine) {
        engine.close();
    }
}
