package dev.roster.demo;

import dev.roster.discovery.Sighting;
import dev.roster.discovery.SourceHealth;
import dev.roster.discovery.WorkerDiscovery;
import java.time.Instant;
import java.util.Optional;

/** Sights the workers of a stage, as the Docker source sights containers. Needs no thread: the stage tells every change. */
final class StageDiscovery implements WorkerDiscovery {

    private final Stage stage;
    private volatile Optional<Instant> since = Optional.empty();

    StageDiscovery(Stage stage) {
        this.stage = stage;
    }

    @Override
    public void start(Nudge nudge) {
        since = Optional.of(stage.now());
        stage.onChange(nudge);
        nudge.nudge("the demo began");
    }

    @Override
    public Sighting sighting() {
        return stage.sighting();
    }

    @Override
    public SourceHealth health() {
        return new SourceHealth(
                StageDiscoveryProvider.TYPE,
                since,
                Optional.of(stage.changed()),
                Optional.of(stage.now()),
                Optional.empty());
    }

    @Override
    public void close() {
        stage.onChange(_ -> {});
        since = Optional.empty();
    }
}
