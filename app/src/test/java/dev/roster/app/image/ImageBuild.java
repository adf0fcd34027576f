package dev.roster.app.image;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Builds the image where no registry can be reached. Its build takes what it needs from the Maven repository of the running
 * build, which is served on loopback for as long: a copy of the whole repository would be several hundred megabytes.
 */
final class ImageBuild {

    private static final Duration MINUTES = Duration.ofMinutes(20);

    private ImageBuild() {}

    /**
     * Builds it from the source tree.
     *
     * @param name the image's name, and the prefix of the names of its base images
     * @param labels the labels of everything that is made on the way
     */
    static void build(Commands commands, String name, Map<String, String> labels) throws IOException {
        HttpServer repository = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                repository(),
                SimpleFileServer.OutputLevel.NONE);
        repository.start();
        try {
            build(
                    commands,
                    name,
                    labels,
                    "http://127.0.0.1:" + repository.getAddress().getPort(),
                    ".");
        } finally {
            repository.stop(0);
        }
    }

    /**
     * Builds it from the application that the running build has packaged: by the same file, whose Maven finds all done.
     *
     * @param name as for {@link #build}
     * @param labels as for {@link #build}
     * @param context an empty folder for what the image is made of
     */
    static void buildOfThePackaged(Commands commands, String name, Map<String, String> labels, Path context)
            throws IOException {
        Path docker = Files.createDirectories(context.resolve("src/main/docker"));
        Path target = Files.createDirectories(context.resolve("app/target"));
        Path maven = Files.writeString(context.resolve("mvnw"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwxr-xr-x"));
        commands.run(MINUTES, List.of("cp", "-a", "src/main/docker/.", docker.toString()))
                .succeeded();
        commands.run(MINUTES, List.of("cp", "-a", "app/target/quarkus-app", target.toString()))
                .succeeded();
        // Nobody listens there, and nobody asks.
        build(commands, name, labels, "http://127.0.0.1:9", context.toString());
    }

    private static void build(
            Commands commands, String name, Map<String, String> labels, String repository, String context) {
        List<String> base = new ArrayList<>(List.of(".ci/base-images", name, repository));
        labels.forEach((label, value) -> base.add(label + "=" + value));
        commands.run(MINUTES, base).succeeded();
        // The classic builder, since it is the one that every engine has.
        commands.run(
                        MINUTES,
                        List.of(
                                "env",
                                "DOCKER_BUILDKIT=0",
                                "docker",
                                "build",
                                "--network",
                                "host",
                                "--build-arg",
                                "BUILD_IMAGE=" + name + "-build",
                                "--build-arg",
                                "RUNTIME_IMAGE=" + name + "-runtime",
                                "-t",
                                name,
                                "-f",
                                "src/main/docker/Dockerfile.jvm",
                                context))
                .succeeded();
    }

    /** Removes every image with these labels, and what they alone were made of. */
    static void remove(Commands commands, Map<String, String> labels) {
        List<String> list = new ArrayList<>(List.of("docker", "images", "-q", "--no-trunc"));
        labels.forEach((label, value) -> list.addAll(List.of("--filter", "label=" + label + "=" + value)));
        commands.run(MINUTES, list)
                .succeeded()
                .lines()
                .distinct()
                .forEach(id -> commands.run(MINUTES, List.of("docker", "rmi", "-f", id)));
    }

    /** Where Maven, which runs the tests, has its repository. */
    private static Path repository() throws IOException {
        return Stream.of("maven.repo.local", "localRepository")
                .map(System::getProperty)
                .flatMap(found -> Optional.ofNullable(found).stream())
                .map(Path::of)
                .filter(Files::isDirectory)
                .findFirst()
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".m2", "repository"))
                .toRealPath();
    }
}
