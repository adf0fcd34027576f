package dev.roster.testkit.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * The near-empty image with one initialised data directory in it, from which servers are copied: initdb and {@code CREATE
 * EXTENSION} are most of what a new server costs. It stays on the engine for the next run (about 40 MB); its tag is a
 * checksum of all that it was made from.
 */
final class TemplateImage {

    private static final String REPOSITORY = "roster-test/postgres";
    private static final String DATA = "/template";
    private static final String CONTROL = DATA + "/global/pg_control";

    private final String id;
    private final byte[] controlFile;

    private TemplateImage(String id, byte[] controlFile) {
        this.id = id;
        this.controlFile = controlFile;
    }

    /** The template for this machine's PostgreSQL, made at the first call ever. */
    static TemplateImage ofThisMachine() {
        return Made.TEMPLATE;
    }

    /** The image; by its id, since another JVM may give its name to another one. */
    String id() {
        return id;
    }

    /** What the entry point puts over the template's control file, so that a copy is a server of its own. */
    String controlOfNewServer() {
        return ControlFile.ofNewServer(controlFile);
    }

    private static TemplateImage make() {
        CitusFiles files = CitusFiles.ofThisMachine();
        String name = REPOSITORY + ":" + HexFormat.of().toHexDigits(checksum(files));
        String id = idOf(name).orElseGet(() -> {
            build(name, files);
            return idOf(name).orElseThrow();
        });
        return new TemplateImage(id, controlFile(id));
    }

    private static Optional<String> idOf(String name) {
        try {
            return Optional.ofNullable(docker().inspectImageCmd(name).exec().getId());
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private static void build(String name, CitusFiles files) {
        String project = "rttemplate" + ProcessHandle.current().pid();
        Map<String, String> environment = new HashMap<>(files.environment());
        environment.putAll(Map.of(
                "PGDATA",
                DATA,
                "POSTGRES_USER",
                Credentials.USUAL.user(),
                "POSTGRES_PASSWORD",
                Credentials.USUAL.password(),
                "POSTGRES_DB",
                Credentials.USUAL.database(),
                "EXTENSION",
                "yes",
                "CONTROL",
                ""));
        try {
            String id = docker().createContainerCmd(NearEmptyImage.name())
                    .withLabels(Leftovers.labels(project))
                    .withEntrypoint(NearEmptyImage.START_POSTGRES)
                    .withStopSignal("SIGINT")
                    .withEnv(lines(environment))
                    .withHostConfig(HostConfig.newHostConfig().withBinds(files.binds()))
                    .exec()
                    .getId();
            docker().startContainerCmd(id).exec();
            Waiting.until(
                    "the template to listen",
                    Duration.ofSeconds(60),
                    () -> Logs.of(id).contains("ready to accept connections"));
            docker().stopContainerCmd(id).withTimeout(20).exec();
            int colon = name.lastIndexOf(':');
            docker().commitCmd(id)
                    .withRepository(name.substring(0, colon))
                    .withTag(name.substring(colon + 1))
                    .withLabels(Leftovers.nobodysLabels())
                    .exec();
        } finally {
            Leftovers.remove(project);
        }
    }

    static List<String> lines(Map<String, String> environment) {
        List<String> lines = new ArrayList<>();
        environment.forEach((key, value) -> lines.add(key + "=" + value));
        return lines;
    }

    private static byte[] controlFile(String image) {
        String id = docker().createContainerCmd(image)
                .withEntrypoint("/bin/true")
                .withLabels(Leftovers.labels("rttemplate"))
                .exec()
                .getId();
        try (InputStream archive =
                        docker().copyArchiveFromContainerCmd(id, CONTROL).exec();
                TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            tar.getNextEntry();
            return tar.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            docker().removeContainerCmd(id).withForce(true).exec();
        }
    }

    private static int checksum(CitusFiles files) {
        CRC32C checksum = new CRC32C();
        try {
            checksum.update(NearEmptyImage.name().getBytes(StandardCharsets.UTF_8));
            checksum.update(files.environment().toString().getBytes(StandardCharsets.UTF_8));
            for (Path ingredient : files.ingredients()) {
                checksum.update(Files.readAllBytes(ingredient));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return (int) checksum.getValue();
    }

    private static DockerClient docker() {
        return DockerEngine.client();
    }

    private static final class Made {
        static final TemplateImage TEMPLATE = make();
    }
}
