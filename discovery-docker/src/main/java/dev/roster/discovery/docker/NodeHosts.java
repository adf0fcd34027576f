package dev.roster.discovery.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which host of a container is registered. Remembers by container id what the list does not tell or tells only while the
 * container runs. Used by the looking thread alone.
 */
final class NodeHosts {

    private final DockerSettings settings;
    private final Map<String, String> remembered = new HashMap<>();

    NodeHosts(DockerSettings settings) {
        this.settings = settings;
    }

    /** The host of each container by its id; without those that have none now. */
    Map<String, String> of(List<Container> containers, EngineClient engine) throws EngineFailure, InterruptedException {
        Set<String> present = containers.stream().map(Container::id).collect(Collectors.toSet());
        remembered.keySet().retainAll(present);
        Map<String, String> hosts = new HashMap<>();
        for (Container container : containers) {
            Optional<String> host = hostOf(container, engine);
            if (host.isPresent()) {
                hosts.put(container.id(), host.get());
            }
        }
        return hosts;
    }

    private Optional<String> hostOf(Container container, EngineClient engine)
            throws EngineFailure, InterruptedException {
        String label = container.labels().getOrDefault(Labels.HOST, "").strip();
        if (!label.isEmpty()) {
            return Optional.of(label);
        }
        return switch (settings.nodeName()) {
            case CONTAINER -> Optional.of(container.recreatedName().orElse(container.name()));
            case HOSTNAME -> hostname(container, engine);
            case IP -> {
                address(container).ifPresent(address -> remembered.put(container.id(), address));
                yield Optional.ofNullable(remembered.get(container.id()));
            }
        };
    }

    private Optional<String> hostname(Container container, EngineClient engine)
            throws EngineFailure, InterruptedException {
        if (!container.isWorker()) {
            return Optional.of(container.name());
        }
        if (!remembered.containsKey(container.id())) {
            Optional<String> hostname = engine.inspect(container.id())
                    .map((JsonNode found) ->
                            found.path("Config").path("Hostname").asText(""))
                    .filter(name -> !name.isBlank());
            hostname.ifPresent(name -> remembered.put(container.id(), name));
        }
        return Optional.ofNullable(remembered.get(container.id()));
    }

    private Optional<String> address(Container container) {
        if (settings.network().isPresent()) {
            return Optional.ofNullable(
                    container.addresses().get(settings.network().get()));
        }
        return container.addresses().values().stream().findFirst();
    }
}
