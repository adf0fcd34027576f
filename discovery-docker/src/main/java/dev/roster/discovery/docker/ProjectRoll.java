package dev.roster.discovery.docker;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Sighting.SetAside;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Calls the roll of one project: who in the engine's container list is a worker, and who else is there. Pure.
 *
 * <table>
 * <caption>Who is what</caption>
 * <tr><td>label {@code com.citusdata.role=Worker}, value in any case</td><td>worker, in any state</td></tr>
 * <tr><td>the same, from {@code compose run} (one-off)</td><td>present, no worker</td></tr>
 * <tr><td>the same, under the name compose gives while it recreates</td><td>present, also under its true name; no
 * worker</td></tr>
 * <tr><td>the same, with a label that makes no sense, or the address of another worker</td><td>set aside</td></tr>
 * <tr><td>anything else of the project</td><td>present</td></tr>
 * </table>
 */
final class ProjectRoll {

    private final Scope scope;
    private final int defaultPort;
    private final Map<String, String> hosts;
    private final Map<HostPort, Worker> workers = new LinkedHashMap<>();
    private final List<SetAside> setAside = new ArrayList<>();
    private final Set<HostPort> alsoPresent = new HashSet<>();
    private boolean everyAddressIsKnown = true;

    private ProjectRoll(Scope scope, int defaultPort, Map<String, String> hosts) {
        this.scope = scope;
        this.defaultPort = defaultPort;
        this.hosts = hosts;
    }

    /**
     * Makes the sighting.
     *
     * @param containers every container of the project
     * @param hosts the host that each container's node has or would have, by container id
     */
    static Sighting.Complete call(
            Scope scope, int defaultPort, List<Container> containers, Map<String, String> hosts, Instant at) {
        ProjectRoll roll = new ProjectRoll(scope, defaultPort, hosts);
        // Of two with one address the better one is the worker, whatever order the engine lists them in.
        containers.stream()
                .sorted(Comparator.comparing((Container container) -> container.health() != WorkerHealth.READY)
                        .thenComparing(container -> container.health() == WorkerHealth.STOPPED)
                        .thenComparing(Container::name)
                        .thenComparing(Container::id))
                .forEach(roll::place);
        List<Worker> sorted = roll.workers.values().stream()
                .sorted(Comparator.comparing(Worker::address))
                .toList();
        return new Sighting.Complete(
                DockerDiscoveryProvider.TYPE,
                at,
                Set.of(scope),
                sorted,
                roll.setAside,
                roll.alsoPresent,
                roll.everyAddressIsKnown);
    }

    private void place(Container container) {
        if (!container.isWorker() || container.isOneOff()) {
            present(container);
        } else if (container.recreatedName().isPresent()) {
            present(container);
            if (container.state().equals("running")) {
                setAside(
                        container,
                        "runs under the name that compose gives a container only while it recreates it; run docker compose"
                                + " up again, or rename it to "
                                + container.recreatedName().get());
            }
        } else {
            placeWorker(container);
        }
    }

    private void placeWorker(Container container) {
        String host = hosts.get(container.id());
        if (host == null) {
            everyAddressIsKnown = false;
            setAside(
                    container,
                    "has no address yet (" + container.status() + ") to be registered by; it is looked at"
                            + " again when it runs");
            return;
        }
        try {
            int port = labelled(container, Labels.PORT, "a port from 1 to 65535", 1, 65535)
                    .orElse(defaultPort);
            Optional<GroupId> group = labelled(container, Labels.GROUP, "a group from 1 upwards", 1, Integer.MAX_VALUE)
                    .map(GroupId::new);
            HostPort address = new HostPort(host, port);
            Worker rival = workers.get(address);
            if (rival != null) {
                setAside(
                        container,
                        "would have the address " + address + ", which " + rival.name()
                                + " has; give one of them another label " + Labels.HOST + " or " + Labels.PORT);
                return;
            }
            workers.put(
                    address,
                    new Worker(container.name(), address, container.health(), container.status(), group, scope, true));
        } catch (IllegalArgumentException e) {
            setAside(container, String.valueOf(e.getMessage()));
            present(container);
        }
    }

    private static Optional<Integer> labelled(Container container, String label, String accepted, int least, int most) {
        String text = container.labels().getOrDefault(label, "").strip();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return Optional.of(value);
            }
        } catch (NumberFormatException e) {
            // Said below, in the same words as a number out of range.
        }
        throw new IllegalArgumentException("has the label " + label + "=" + text + "; accepted: " + accepted);
    }

    private void setAside(Container container, String sentence) {
        setAside.add(new SetAside(container.name(), container.name() + " " + sentence));
    }

    private void present(Container container) {
        int port = defaultPort;
        try {
            port = labelled(container, Labels.PORT, "", 1, 65535).orElse(defaultPort);
        } catch (IllegalArgumentException e) {
            // Its port stays the usual one; that it is there is all that counts here.
        }
        alsoPresent.add(new HostPort(container.name(), port));
        String host = hosts.get(container.id());
        if (host != null) {
            alsoPresent.add(new HostPort(host, port));
        }
    }
}
