package dev.roster.testkit.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A compose project with a Citus cluster, as an operator sees it: a coordinator, workers, a network with the engine's own
 * DNS, named volumes, and the labels of the official compose file. Names are unique on the engine. Closing removes all of
 * it, whatever happened. Not thread-safe.
 */
public final class DockerCluster implements AutoCloseable {

    /** The label by which workers are known. */
    public static final String ROLE = "com.citusdata.role";

    private static final int NETWORK_TRIES = 20;

    private final String project;
    private final Credentials credentials;
    private final String network;
    private final String coordinatorIp;
    private final Server coordinator;
    private final List<Server> workers = new ArrayList<>();

    private DockerCluster(String project, Credentials credentials) {
        this.project = project;
        this.credentials = credentials;
        this.network = project + "_default";
        this.coordinatorIp = createNetwork(network) + ".250";
        this.coordinator = server(new ServerSpec(project + "_master", labels("Master", "master", 1), credentials)
                .withAddress(coordinatorIp)
                .withAlias("master"));
    }

    /**
     * A new project with nothing running in it yet.
     *
     * @param theme a word for its name
     */
    public static DockerCluster create(String theme) {
        return create(theme, Credentials.USUAL);
    }

    /** A new project whose servers share these credentials. */
    public static DockerCluster create(String theme, Credentials credentials) {
        Sweeping.once();
        String project = "rt%s%06x".formatted(theme, ThreadLocalRandom.current().nextInt(1 << 24));
        try {
            return new DockerCluster(project, credentials);
        } catch (DockerException e) {
            Leftovers.remove(project);
            throw e;
        }
    }

    /** The compose project's name. */
    public String project() {
        return project;
    }

    /** The project's network. */
    public String network() {
        return network;
    }

    /** What its servers share. */
    public Credentials credentials() {
        return credentials;
    }

    /** Whether its servers run the real Citus, whose shards have rows; otherwise the stand-in. */
    public static boolean hasRealCitus() {
        return CitusFiles.ofThisMachine().real();
    }

    /** The address of the coordinator, which stays the same whenever it is created anew. */
    public String coordinatorIp() {
        return coordinatorIp;
    }

    /** The coordinator, running or not. */
    public Server coordinator() {
        return coordinator;
    }

    /** The workers that were made so far, in order. */
    public List<Server> workers() {
        return List.copyOf(workers);
    }

    /** The n-th worker, from 1. */
    public Server worker(int number) {
        return workers.get(number - 1);
    }

    /** Starts the coordinator and so many workers, all at once, and waits until they are healthy. */
    public DockerCluster up(int count) {
        coordinator.start();
        List<Server> started = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            started.add(startWorker());
        }
        coordinator.awaitHealthy();
        started.forEach(Server::awaitHealthy);
        return this;
    }

    /** What the next worker of the service {@code worker} would be. */
    public ServerSpec nextWorker() {
        int number = workers.size() + 1;
        return new ServerSpec(project + "_worker_" + number, labels("Worker", "worker", number), credentials);
    }

    /** Creates and starts one more worker, without waiting for it. */
    public Server startWorker() {
        return startWorker(nextWorker());
    }

    /** Creates and starts a worker made like this, without waiting for it. */
    public Server startWorker(ServerSpec spec) {
        Server worker = server(spec);
        workers.add(worker);
        return worker.start();
    }

    /** A server of this project's network that is no worker of it, such as a coordinator of another cluster. */
    public Server startStranger(String name) {
        return server(new ServerSpec(project + "_" + name, Map.of(), credentials))
                .start();
    }

    /** What a {@code compose run worker} container is. */
    public ServerSpec oneOff() {
        return nextWorker()
                .withContainer(project + "_worker_run_" + Integer.toHexString(0xabcd))
                .withLabel("com.docker.compose.oneoff", "True")
                .withoutVolume();
    }

    /** What a worker of another compose project in this network is. */
    public ServerSpec ofAnotherProject() {
        return nextWorker()
                .withContainer(project + "_other_worker_1")
                .withLabel("com.docker.compose.project", project + "other");
    }

    /** Removes all containers of the project, as {@code compose down} does; its volumes too, as with {@code -v}. */
    public void down(boolean andVolumes) {
        List<Server> all = new ArrayList<>(workers);
        all.add(coordinator);
        all.forEach(Server::stop);
        all.forEach(Server::remove);
        if (andVolumes) {
            all.forEach(Server::removeVolume);
        }
    }

    /** Creates and starts all containers again, as {@code compose up} does, and waits until they are healthy. */
    public void upAgain() {
        List<Server> all = new ArrayList<>(workers);
        all.addFirst(coordinator);
        all.forEach(Server::start);
        all.forEach(Server::awaitHealthy);
    }

    /**
     * Stops and removes the last workers until so many are left, or starts more, as {@code compose up --scale} does. Waits
     * for the new ones to be healthy. After {@link #down} it only says how many come up again.
     */
    public void scale(int count) {
        while (workers.size() > count) {
            Server last = workers.removeLast();
            if (last.exists()) {
                last.stop().remove().removeVolume();
            }
        }
        List<Server> started = new ArrayList<>();
        while (workers.size() < count) {
            started.add(startWorker());
        }
        started.forEach(Server::awaitHealthy);
    }

    /** An image of a worker that was initialised once, for servers that share its {@code system_identifier}. */
    public String goldenImage() {
        Server original = server(new ServerSpec(project + "_golden", Map.of(), credentials).withoutVolume());
        original.start().awaitHealthy().stop();
        String id = docker().commitCmd(original.name())
                .withRepository("roster-test/golden")
                .withTag(project)
                .withLabels(Leftovers.labels(project))
                .exec();
        original.remove();
        return id;
    }

    /** A second network of the project, from which the coordinator can neither be seen nor see. */
    public String isolatedNetwork() {
        String isolated = project + "_isolated";
        createNetwork(isolated);
        return isolated;
    }

    /** SQL on the coordinator. */
    public Sql sql() {
        return new Sql(coordinatorIp, credentials);
    }

    @Override
    public void close() {
        Leftovers.remove(project);
    }

    private Server server(ServerSpec spec) {
        return new Server(project, network, spec);
    }

    Map<String, String> labels(String role, String service, int number) {
        return Map.of(
                ROLE,
                role,
                "com.docker.compose.project",
                project,
                "com.docker.compose.service",
                service,
                "com.docker.compose.container-number",
                String.valueOf(number),
                "com.docker.compose.oneoff",
                "False");
    }

    /** Takes a subnet that is free, so that one address in it can be fixed; returns its first three numbers. */
    private String createNetwork(String name) {
        for (int i = 0; ; i++) {
            ThreadLocalRandom random = ThreadLocalRandom.current();
            String prefix = "10." + random.nextInt(200, 250) + "." + random.nextInt(256);
            try {
                docker().createNetworkCmd()
                        .withName(name)
                        .withCheckDuplicate(true)
                        .withLabels(new HashMap<>(Leftovers.labels(project)))
                        .withIpam(new Network.Ipam().withConfig(new Network.Ipam.Config().withSubnet(prefix + ".0/24")))
                        .exec();
                return prefix;
            } catch (DockerException e) {
                if (i >= NETWORK_TRIES || !String.valueOf(e.getMessage()).contains("overlaps")) {
                    throw e;
                }
            }
        }
    }

    private static DockerClient docker() {
        return DockerEngine.client();
    }

    /** What killed JVMs left is removed once, before the first project is made. */
    private static final class Sweeping {
        static {
            Leftovers.sweep();
        }

        static void once() {}
    }
}
