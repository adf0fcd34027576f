package dev.roster.app.image;

import dev.roster.testkit.docker.ComposeProject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * The files of {@code deploy/compose-ha} as they are, in a copy of the folder, since a person may have secrets there. Its images
 * are made of this machine's PostgreSQL, Citus and PgBouncer, and of the packaged application.
 */
final class HaDeployment {

    private static final Duration MINUTES = Duration.ofMinutes(5);

    private final ComposeProject project = ComposeProject.create("ha");
    private final String roster = "roster-test/" + project.name();
    private final String citus = roster + "-citus";
    private final String pgbouncer = roster + "-pgbouncer";
    private final Commands commands = new Commands(Map.of(
            "COMPOSE_PROJECT_NAME",
            project.name(),
            "CITUS_IMAGE",
            citus,
            "ROSTER_IMAGE",
            roster,
            "PGBOUNCER_IMAGE",
            pgbouncer,
            // Any free ports of loopback.
            "ROSTER_PORT_OUTSIDE",
            "0",
            "PGBOUNCER_PORT",
            "127.0.0.1:"));
    private final String password;

    private List<String> compose = List.of();

    HaDeployment(String password) {
        this.password = password;
    }

    /** Whether compose is installed. */
    static boolean canBeComposed() {
        return !OfficialComposeIT.composeCommand().isEmpty();
    }

    /** Makes images, secrets and the copy; nothing is started. */
    void prepare(Path folder) throws IOException {
        Path standIn = Files.createDirectory(folder.resolve("stand-in"));
        Path context = Files.createDirectory(folder.resolve("context"));
        CompletableFuture<Void> servers = CompletableFuture.runAsync(() -> makeServerImages(standIn));
        try {
            ImageBuild.buildOfThePackaged(commands, roster, project.labels(), context);
        } finally {
            servers.join();
        }
        Path copy = copy(Files.createDirectory(folder.resolve("compose-ha")));
        List<String> files = Stream.concat(
                        OfficialComposeIT.composeCommand().stream(),
                        Stream.of("-f", copy.resolve("docker-compose.yml").toString()))
                .toList();
        Path labels = project.writeLabels(
                folder.resolve("labels.yml"), names(files, "--services"), names(files, "--volumes"));
        compose = Stream.concat(files.stream(), Stream.of("-f", labels.toString()))
                .toList();
    }

    /** Removes containers, networks, volumes and images, whatever happened. */
    void remove() {
        if (!compose.isEmpty()) {
            compose("down", "-v", "-t", "3");
        }
        ImageBuild.remove(commands, project.labels());
        project.removeLeftovers();
    }

    /** Compose with these words. */
    Commands.Ended compose(String... words) {
        return commands.run(
                MINUTES, Stream.concat(compose.stream(), Stream.of(words)).toList());
    }

    /** What a command in Roster's container prints. */
    String inRoster(String... words) {
        return compose(Stream.concat(Stream.of("exec", "-T", "roster"), Stream.of(words))
                        .toArray(String[]::new))
                .succeeded();
    }

    /** All that a service printed. */
    String logs(String service) {
        return compose("logs", "--no-color", service).succeeded();
    }

    private void makeServerImages(Path standIn) {
        List<String> words = new ArrayList<>(List.of(".ci/server-images", citus, pgbouncer));
        try {
            words.addAll(ComposeProject.serverImageOptions(standIn));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        project.labels().forEach((label, value) -> words.add(label + "=" + value));
        commands.run(MINUTES, words).succeeded();
    }

    private Path copy(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(Commands.ROOT.resolve("deploy/compose-ha"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Path secrets = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(secrets.resolve("postgres_password"), password + "\n");
        Files.writeString(secrets.resolve("roster_token"), "0123456789abcdef0123456789abcdef\n");
        return folder;
    }

    private List<String> names(List<String> files, String kind) {
        return commands.run(
                        MINUTES,
                        Stream.concat(files.stream(), Stream.of("config", kind)).toList())
                .succeeded()
                .lines()
                .toList();
    }
}
