package dev.roster.bench;

import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.Option;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.SourceHealth;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscoveryProvider;
import dev.roster.discovery.WorkerHealth;
import dev.roster.discovery.docker.DockerDiscoveryProvider;
import java.util.List;

/**
 * The Docker source, except that no worker is shown ready before so many are: several containers cannot be made to become
 * healthy at the same instant, but the last of them can be made to be the one that counts.
 */
public final class TogetherProvider implements WorkerDiscoveryProvider {

    static final String TYPE = "together";

    private static volatile int wanted = 1;

    private final WorkerDiscoveryProvider docker = new DockerDiscoveryProvider();

    /** How many workers have to be ready for any to be shown so. */
    static void waitFor(int workers) {
        wanted = workers;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String description() {
        return docker.description();
    }

    @Override
    public List<Option<?>> options() {
        return docker.options();
    }

    @Override
    public WorkerDiscovery create(DiscoveryContext context) {
        return new Together(docker.create(context));
    }

    private record Together(WorkerDiscovery docker) implements WorkerDiscovery {

        @Override
        public void start(Nudge nudge) {
            docker.start(nudge);
        }

        @Override
        public Sighting sighting() {
            return docker.sighting() instanceof Sighting.Complete look && ready(look) < wanted
                    ? new Sighting.Complete(
                            look.source(),
                            look.at(),
                            look.scopes(),
                            look.workers().stream().map(Together::starting).toList(),
                            look.setAside(),
                            look.alsoPresent(),
                            look.absenceIsProof())
                    : docker.sighting();
        }

        private static long ready(Sighting.Complete look) {
            return look.workers().stream()
                    .filter(worker -> worker.health() == WorkerHealth.READY)
                    .count();
        }

        private static Worker starting(Worker worker) {
            return new Worker(
                    worker.name(),
                    worker.address(),
                    worker.health() == WorkerHealth.READY ? WorkerHealth.STARTING : worker.health(),
                    worker.detail(),
                    worker.group(),
                    worker.scope(),
                    worker.roleIsExplicit());
        }

        @Override
        public SourceHealth health() {
            return docker.health();
        }

        @Override
        public void close() {
            docker.close();
        }
    }
}
