package dev.roster.demo;

import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.Option;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscoveryProvider;
import java.util.List;

/** Makes the source that sights the demo's own workers. */
public final class StageDiscoveryProvider implements WorkerDiscoveryProvider {

    static final String TYPE = "demo";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String description() {
        return "The PostgreSQL servers that the demo runs on this machine.";
    }

    @Override
    public List<Option<?>> options() {
        return List.of();
    }

    @Override
    public WorkerDiscovery create(DiscoveryContext context) {
        return new StageDiscovery(Stage.current()
                .orElseThrow(() -> new IllegalArgumentException("the source demo exists only within ./roster demo")));
    }
}
