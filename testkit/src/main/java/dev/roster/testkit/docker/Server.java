package dev.roster.testkit.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.HealthCheck;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One database container, by its name. The methods are an operator's; they return when the engine has done it, and {@link
 * #awaitHealthy} waits for PostgreSQL. Not thread-safe.
 */
public final class Server {

    private static final String DATA = "/data/pgdata";

    private final String project;
    private final String network;
    private ServerSpec spec;

    Server(String project, String network, ServerSpec spec) {
        this.project = project;
        this.network = network;
        this.spec = spec;
    }

    /** The container's name, which is the node's name. */
    public String name() {
        return spec.container();
    }

    /** Its id on the engine now. */
    public String id() {
        return inspect().getId();
    }

    /** How it was made. */
    public ServerSpec spec() {
        return spec;
    }

    /** Creates and starts the container, without waiting for the server in it. */
    public Server start() {
        if (exists()) {
            docker().startContainerCmd(name()).exec();
        } else {
            docker().startContainerCmd(create()).exec();
        }
        return this;
    }

    /** Stops it as {@code docker stop} does. */
    public Server stop() {
        docker().stopContainerCmd(name()).withTimeout(10).exec();
        return this;
    }

    /** Kills it without warning. */
    public Server kill() {
        docker().killContainerCmd(name()).exec();
        return this;
    }

    /** Freezes it. */
    public Server pause() {
        docker().pauseContainerCmd(name()).exec();
        return this;
    }

    /** Thaws it. */
    public Server unpause() {
        docker().unpauseContainerCmd(name()).exec();
        return this;
    }

    /** Removes the container, running or not; its named volume stays. */
    public Server remove() {
        docker().removeContainerCmd(name()).withForce(true).exec();
        return this;
    }

    /** Removes its named volume; the container must be gone. */
    public Server removeVolume() {
        spec.volume().ifPresent(volume -> docker().removeVolumeCmd(volume).exec());
        return this;
    }

    /**
     * What {@code compose up --force-recreate} does: the old container is stopped and renamed, the new one created and
     * started under the name, and only then the old one removed.
     */
    public Server forceRecreate() {
        String old = inspect().getId();
        stop();
        String ghost = old.substring(0, 12) + "_" + name();
        docker().renameContainerCmd(old).withName(ghost).exec();
        docker().startContainerCmd(create()).exec();
        docker().removeContainerCmd(old).withForce(true).exec();
        return this;
    }

    /** Gives the running container another name, as {@code docker rename} does; its data, its address and its process stay. */
    public Server rename(String other) {
        docker().renameContainerCmd(name()).withName(other).exec();
        spec = spec.withContainer(other);
        return this;
    }

    /** Makes it differently from its next creation on. */
    public Server become(ServerSpec other) {
        spec = other;
        return this;
    }

    /** Waits until its health check passes. */
    public Server awaitHealthy() {
        Waiting.until("container " + name() + " healthy", Duration.ofSeconds(60), this::isHealthy);
        return this;
    }

    /** Whether its health check passes now. */
    public boolean isHealthy() {
        InspectContainerResponse.ContainerState state = inspect().getState();
        if (Boolean.FALSE.equals(state.getRunning())) {
            throw new IllegalStateException(
                    "container " + name() + " ended with " + state.getExitCodeLong() + ":\n" + Logs.of(name()));
        }
        return state.getHealth() != null && "healthy".equals(state.getHealth().getStatus());
    }

    /** Its address in its network, which the machine can reach too. */
    public String ip() {
        return inspect().getNetworkSettings().getNetworks().values().stream()
                .map(ContainerNetwork::getIpAddress)
                .filter(ip -> ip != null && !ip.isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("container " + name() + " has no address"));
    }

    /** SQL on this server as its superuser. */
    public Sql sql() {
        return new Sql(ip(), spec.credentials());
    }

    /** Whether the container exists, in whatever state. */
    boolean exists() {
        try {
            inspect();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    private InspectContainerResponse inspect() {
        return docker().inspectContainerCmd(name()).exec();
    }

    private String create() {
        CitusFiles files = CitusFiles.ofThisMachine();
        List<Bind> binds = new ArrayList<>(files.binds());
        spec.volume().ifPresent(volume -> {
            docker().createVolumeCmd()
                    .withName(volume)
                    .withLabels(Leftovers.labels(project))
                    .exec();
            binds.add(new Bind(volume, new Volume("/data")));
        });
        Map<String, String> labels = new HashMap<>(spec.labels());
        labels.putAll(Leftovers.labels(project));
        CreateContainerCmd create = docker().createContainerCmd(image())
                .withName(name())
                .withLabels(labels)
                .withEntrypoint(NearEmptyImage.START_POSTGRES)
                .withStopSignal("SIGINT")
                .withHealthcheck(new HealthCheck()
                        // Its own name leads to its own address, on which it does not listen while it is initialised.
                        .withTest(List.of("CMD", files.bin() + "/pg_isready", "-q", "-t", "2", "-h", name()))
                        .withInterval(spec.healthInterval().toNanos())
                        .withTimeout(Duration.ofSeconds(3).toNanos())
                        .withRetries(3)
                        .withStartPeriod(Duration.ofSeconds(60).toNanos()))
                .withEnv(environment(files))
                .withHostConfig(HostConfig.newHostConfig()
                        .withBinds(binds)
                        .withNetworkMode(spec.network().orElse(network)));
        spec.hostname().ifPresent(create::withHostName);
        spec.address().ifPresent(create::withIpv4Address);
        spec.alias().ifPresent(create::withAliases);
        return create.exec().getId();
    }

    private List<String> environment(CitusFiles files) {
        Credentials credentials = spec.credentials();
        Map<String, String> environment = new HashMap<>(files.environment());
        environment.putAll(Map.of(
                "PGDATA", DATA,
                "POSTGRES_USER", credentials.user(),
                "POSTGRES_PASSWORD", credentials.password(),
                "POSTGRES_DB", credentials.database(),
                // Citus connects to the other servers with what libpq finds.
                "PGUSER", credentials.user(),
                "PGPASSWORD", credentials.password(),
                "EXTENSION", spec.extension() ? "yes" : "no",
                "CONTROL", isFromTemplate() ? TemplateImage.ofThisMachine().controlOfNewServer() : ""));
        return TemplateImage.lines(environment);
    }

    /** A copy of the template has its superuser, and the extension. */
    private boolean isFromTemplate() {
        return spec.image().isEmpty()
                && spec.extension()
                && spec.credentials().user().equals(Credentials.USUAL.user());
    }

    private String image() {
        return spec.image()
                .orElseGet(
                        () -> isFromTemplate() ? TemplateImage.ofThisMachine().id() : NearEmptyImage.name());
    }

    private static DockerClient docker() {
        return DockerEngine.client();
    }
}
