package dev.roster.discovery.docker;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the container that this process runs in, and by it the compose project. No route is right everywhere, so each is
 * tried and verified by inspect:
 *
 * <table>
 * <caption>Routes</caption>
 * <tr><td>{@code /proc/self/mountinfo}</td><td>names the container whose {@code /etc/hostname} is mounted; another's under
 * {@code network_mode: container:}</td></tr>
 * <tr><td>{@code /proc/self/cgroup}</td><td>right where it names one at all: only in the host's cgroup namespace</td></tr>
 * <tr><td>{@code HOSTNAME}</td><td>the short id, unless {@code hostname:}, the host's network, or somebody set it</td></tr>
 * </table>
 */
final class OwnContainer {

    private static final Pattern MOUNT =
            Pattern.compile("/containers/([0-9a-f]{64})/(?:hostname|resolv\\.conf|hosts) /etc/");
    private static final Pattern CGROUP = Pattern.compile("[0-9a-f]{64}");
    private static final String REMEDY =
            "; set roster.docker.project to the compose project whose workers are to be found";

    private final Path self;
    private final Map<String, String> environment;

    OwnContainer(Path self, Map<String, String> environment) {
        this.self = self;
        this.environment = environment;
    }

    /**
     * The compose project of this process' container.
     *
     * @throws EngineFailure if no route leads to a container of this engine, or that container belongs to no project
     */
    String project(EngineClient engine) throws EngineFailure, InterruptedException {
        List<String> failed = new ArrayList<>();
        for (Route route : routes()) {
            if (route.id.isEmpty()) {
                failed.add(route.name + " names none");
                continue;
            }
            String id = route.id.get();
            Optional<JsonNode> container = engine.inspect(id);
            if (container.isEmpty()) {
                failed.add(route.name + " says " + id + ", which this engine does not know");
            } else if (route.isOnlyAName && !isNamed(container.get(), id)) {
                failed.add(route.name + " says " + id + ", which is the name of another container");
            } else {
                return projectOf(container.get(), route);
            }
        }
        throw new EngineFailure("roster.docker.project is not set, and the container Roster runs in is not found: "
                + String.join("; ", failed) + REMEDY);
    }

    private static boolean isNamed(JsonNode container, String hostname) {
        return container.path("Id").asText("").startsWith(hostname)
                || container.path("Config").path("Hostname").asText("").equals(hostname);
    }

    private static String projectOf(JsonNode container, Route route) throws EngineFailure {
        String project =
                container.path("Config").path("Labels").path(Labels.PROJECT).asText("");
        if (project.isBlank()) {
            throw new EngineFailure("roster.docker.project is not set, and the container Roster runs in, "
                    + Container.shortened(container.path("Id").asText("")) + " by " + route.name + ", has no label "
                    + Labels.PROJECT + REMEDY);
        }
        return project;
    }

    private List<Route> routes() {
        Route mounts = new Route("/proc/self/mountinfo", last(MOUNT, read("mountinfo"), 1), false);
        Route cgroup = new Route("/proc/self/cgroup", last(CGROUP, read("cgroup"), 0), false);
        String hostname = environment.getOrDefault("HOSTNAME", "").strip();
        Route name = new Route("HOSTNAME", Optional.of(hostname).filter(text -> !text.isEmpty()), true);
        // Where both name one and differ, the mounts are those of the container whose network is shared.
        boolean sharesNetwork = mounts.id.isPresent() && cgroup.id.isPresent() && !mounts.id.equals(cgroup.id);
        return sharesNetwork ? List.of(cgroup, mounts, name) : List.of(mounts, cgroup, name);
    }

    private static Optional<String> last(Pattern pattern, String text, int group) {
        Matcher matcher = pattern.matcher(text);
        return matcher.results().reduce((first, second) -> second).map(match -> match.group(group));
    }

    private String read(String file) {
        try {
            return Files.readString(self.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private record Route(String name, Optional<String> id, boolean isOnlyAName) {}
}
