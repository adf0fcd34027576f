package dev.roster.discovery.docker;

import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscovery.Nudge;
import dev.roster.discovery.WorkerDiscoveryContract;
import java.time.InstantSource;
import java.util.Map;

/** Makes the source as the application does: options as text, the environment, and a start. */
final class DockerSource {

    private DockerSource() {}

    static WorkerDiscovery started(Map<String, String> environment, Map<String, String> options, Nudge nudge) {
        DockerDiscoveryProvider provider = new DockerDiscoveryProvider(environment);
        WorkerDiscovery source = provider.create(
                new DiscoveryContext(WorkerDiscoveryContract.values(provider, options), InstantSource.system(), 5432));
        source.start(nudge);
        return source;
    }
}
