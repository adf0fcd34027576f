package dev.roster.testkit.docker;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A second compose file, to be given after the official one, that puts PostgreSQL of this machine in the place of the Citus
 * image, where no registry can be reached. Services, their environment, volumes, and the gate of the workers stay those of
 * the first file; labels are added.
 *
 * @param project the compose project's name
 * @param manager how the service {@code manager} deviates, as lines of YAML below it
 */
public record ComposeOverride(String project, String manager) {

    /** What the Citus image brings under this name: starts the server once the manager is ready. */
    private static final String GATE = """
            #!/bin/bash
            until [ -f /healthcheck/manager-ready ]; do sleep 0.2; done
            exec %s
            """.formatted(NearEmptyImage.START_POSTGRES);

    /** {@code psql} in the containers. */
    public static Path psql() {
        return CitusFiles.ofThisMachine().bin().resolve("psql");
    }

    /** By these labels images and containers that others make are known as this project's. */
    public Map<String, String> labels() {
        return new TreeMap<>(Leftovers.labels(project));
    }

    /**
     * Writes the file.
     *
     * @param folder where; it has to outlive the containers
     */
    public Path write(Path folder) throws IOException {
        Path gate = Files.writeString(folder.resolve("wait-for-manager.sh"), GATE);
        Files.setPosixFilePermissions(gate, PosixFilePermissions.fromString("rwxr-xr-x"));
        String content = """
                version: "3"
                services:
                  master:
                    entrypoint: ["%s"]
                %s  worker:
                %s      - %s:/wait-for-manager.sh:ro
                  manager:
                %s%snetworks:
                  default:
                %svolumes:
                  healthcheck-volume:
                %s""".formatted(
                        NearEmptyImage.START_POSTGRES,
                        server(),
                        server(),
                        gate,
                        manager.indent(4),
                        labelLines(4),
                        labelLines(4),
                        labelLines(4));
        return Files.writeString(folder.resolve("override.yml"), content);
    }

    /** Removes what is left of the project, in whatever state. */
    public void removeLeftovers() {
        Leftovers.remove(project);
    }

    /** A service on this machine's PostgreSQL; it ends with the list of its mounts. */
    private String server() {
        CitusFiles files = CitusFiles.ofThisMachine();
        Map<String, String> environment = new TreeMap<>(files.environment());
        environment.putAll(
                Map.of("PGDATA", "/tmp/pgdata", "POSTGRES_DB", "postgres", "EXTENSION", "yes", "CONTROL", ""));
        return "image: \"%s\"\n".formatted(NearEmptyImage.name()).indent(4)
                + labelLines(4)
                + "environment:\n".indent(4)
                + environment.entrySet().stream()
                        .map(variable -> "%s: %s".formatted(variable.getKey(), quoted(variable.getValue())))
                        .collect(Collectors.joining("\n"))
                        .indent(6)
                // Over its own address, on which it does not listen while it is initialised.
                + """
                healthcheck:
                  test: ["CMD-SHELL", "%s/pg_isready -q -t 2 -h $$(hostname -i)"]
                  interval: 400ms
                  timeout: 3s
                volumes:
                """.formatted(files.bin()).indent(4)
                + files.binds().stream()
                        .map(ComposeOverride::mount)
                        .collect(Collectors.joining("\n"))
                        .indent(6);
    }

    private String labelLines(int indentation) {
        return "labels:\n".indent(indentation)
                + labels().entrySet().stream()
                        .map(label -> "%s: %s".formatted(label.getKey(), quoted(label.getValue())))
                        .collect(Collectors.joining("\n"))
                        .indent(indentation + 2);
    }

    private static String mount(Bind bind) {
        return "- %s:%s:%s"
                .formatted(
                        bind.getPath(),
                        bind.getVolume().getPath(),
                        bind.getAccessMode() == AccessMode.ro ? "ro" : "rw");
    }

    /** As YAML reads it and compose passes it on. */
    private static String quoted(String value) {
        return '"'
                + value.replace("\\", "\\\\")
                        .replace("\"", "\\\"")
                        .replace("\n", "\\n")
                        .replace("$", "$$")
                + '"';
    }
}
