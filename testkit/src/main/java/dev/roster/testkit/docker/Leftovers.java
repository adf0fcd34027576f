package dev.roster.testkit.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Image;
import com.github.dockerjava.api.model.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Everything that tests make on the engine carries two labels: of which project it is, and which JVM made it. A project
 * removes what is its own; a JVM that was killed before it could is cleaned up after by the next one.
 */
final class Leftovers {

    private static final String PROJECT = "dev.roster.test.project";
    private static final String OWNER = "dev.roster.test.owner";

    private Leftovers() {}

    /** The labels of a new thing of this project. */
    static Map<String, String> labels(String project) {
        return Map.of(PROJECT, project, OWNER, owner());
    }

    /** The labels of a thing that stays, over those that it would inherit. */
    static Map<String, String> nobodysLabels() {
        return Map.of(PROJECT, "", OWNER, "");
    }

    /** Removes all that this project made, in whatever state, also what others made of its labels. */
    static void remove(String project) {
        removeWhere(labels -> project.equals(labels.get(PROJECT)));
    }

    /** Removes what JVMs of this machine made that no longer run. */
    static void sweep() {
        removeWhere(labels ->
                Optional.ofNullable(labels.get(OWNER)).filter(Leftovers::isDead).isPresent());
    }

    private static void removeWhere(Predicate<Map<String, String>> mine) {
        DockerClient docker = DockerEngine.client();
        for (Container container : docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(List.of(OWNER))
                .exec()) {
            if (mine.test(container.getLabels())) {
                quietly(() -> docker.removeContainerCmd(container.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec());
            }
        }
        for (Network network : docker.listNetworksCmd().exec()) {
            if (mine.test(network.getLabels() == null ? Map.of() : network.getLabels())) {
                quietly(() -> docker.removeNetworkCmd(network.getId()).exec());
            }
        }
        docker.listVolumesCmd().exec().getVolumes().stream()
                .filter(volume -> mine.test(volume.getLabels() == null ? Map.of() : volume.getLabels()))
                .forEach(volume ->
                        quietly(() -> docker.removeVolumeCmd(volume.getName()).exec()));
        for (Image image : docker.listImagesCmd()
                .withLabelFilter(List.of(OWNER).toArray(String[]::new))
                .exec()) {
            if (mine.test(image.getLabels() == null ? Map.of() : image.getLabels())) {
                // Its parents stay, even one that lost its name to the same template made by another JVM.
                quietly(() -> docker.removeImageCmd(image.getId())
                        .withForce(true)
                        .withNoPrune(true)
                        .exec());
            }
        }
    }

    /** One thing that is gone already, or still in use by a thing that goes next time, must not keep the others. */
    private static void quietly(Runnable removal) {
        try {
            removal.run();
        } catch (DockerException e) {
            System.err.println("left behind on the Docker engine: " + e.getMessage());
        }
    }

    private static String owner() {
        return processSpace() + "/" + ProcessHandle.current().pid();
    }

    private static boolean isDead(String owner) {
        int slash = owner.lastIndexOf('/');
        return slash > 0
                && owner.substring(0, slash).equals(processSpace())
                && ProcessHandle.of(Long.parseLong(owner.substring(slash + 1))).isEmpty();
    }

    /** Process ids mean something only within their namespace. */
    private static String processSpace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
        } catch (IOException e) {
            return "unknown";
        }
    }
}
