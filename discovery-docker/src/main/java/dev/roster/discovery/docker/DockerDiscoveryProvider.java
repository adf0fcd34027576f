package dev.roster.discovery.docker;

import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.Option;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscoveryProvider;
import java.util.List;
import java.util.Map;

/** Makes the Docker source: workers are the containers of one compose project with the label {@code com.citusdata.role=Worker}. */
public final class DockerDiscoveryProvider implements WorkerDiscoveryProvider {

    /** The word for this source in {@code roster.discovery}, and the prefix of its options. */
    public static final String TYPE = "docker";

    private final Map<String, String> environment;

    /** For {@link java.util.ServiceLoader}. */
    public DockerDiscoveryProvider() {
        this(System.getenv());
    }

    DockerDiscoveryProvider(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String description() {
        return "Finds the containers of a compose project that carry the label com.citusdata.role=Worker,"
                + " by the events and the container list of a Docker engine.";
    }

    @Override
    public List<Option<?>> options() {
        return DockerOptions.ALL;
    }

    @Override
    public WorkerDiscovery create(DiscoveryContext context) {
        DockerSettings settings = DockerSettings.of(context);
        EngineAddress.find(settings.host(), environment);
        return new DockerDiscovery(settings, environment, context.clock());
    }
}
