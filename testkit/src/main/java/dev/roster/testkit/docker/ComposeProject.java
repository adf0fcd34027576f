package dev.roster.testkit.docker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;

/**
 * A project of a compose file that is run as it is: nothing of it is changed, but all that is made of it gets the labels by
 * which it is found and removed again.
 *
 * @param name the compose project's name
 */
public record ComposeProject(String name) {

    /**
     * A name that nobody has. What tests left that were killed is removed first.
     *
     * @param theme a word for the name
     */
    public static ComposeProject create(String theme) {
        if (DockerEngine.unusable().isEmpty()) {
            Leftovers.sweep();
        }
        return new ComposeProject(
                "rt%s%06x".formatted(theme, ThreadLocalRandom.current().nextInt(1 << 24)));
    }

    /** The labels of all that is made for it. */
    public Map<String, String> labels() {
        return new TreeMap<>(Leftovers.labels(name));
    }

    /**
     * Writes a second compose file, to be given after the first one, that adds the labels and nothing else.
     *
     * @param file where
     * @param services the services of the first file
     * @param volumes its named volumes
     */
    public Path writeLabels(Path file, List<String> services, List<String> volumes) throws IOException {
        return Files.writeString(
                file,
                labelled("services", services)
                        + labelled("volumes", volumes)
                        + labelled("networks", List.of("default")));
    }

    /**
     * What {@code .ci/server-images} is told so that it makes the image of the Citus that is wanted: nothing for the one that
     * is installed, else where the stand-in's files are.
     *
     * @param folder where these may be written
     */
    public static List<String> serverImageOptions(Path folder) throws IOException {
        if (DockerCluster.hasRealCitus()) {
            return List.of();
        }
        return CitusFiles.writeStandIn(folder);
    }

    /** Removes what is left of it, in whatever state. */
    public void removeLeftovers() {
        Leftovers.remove(name);
    }

    private String labelled(String kind, List<String> names) {
        String lines = labels().entrySet().stream()
                .map(label -> "      %s: '%s'\n".formatted(label.getKey(), label.getValue()))
                .collect(Collectors.joining());
        return names.stream()
                .map(each -> "  %s:\n    labels:\n%s".formatted(each, lines))
                .collect(Collectors.joining("", kind + ":\n", ""));
    }
}
