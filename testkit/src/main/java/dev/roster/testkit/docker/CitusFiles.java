package dev.roster.testkit.docker;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import dev.roster.testkit.citus.CitusFlavour;
import dev.roster.testkit.citus.CitusStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a container needs of this machine to run PostgreSQL with Citus: the real one where it is installed and wanted, else
 * the stand-in.
 *
 * @param real whether it is the real Citus
 * @param bin where {@code postgres} is, in the container as on the machine
 * @param binds the mounts
 * @param libraries the value of {@code dynamic_library_path}
 * @param settings lines for {@code postgresql.conf}
 * @param ingredients the files by which one PostgreSQL with Citus differs from another
 */
record CitusFiles(boolean real, Path bin, List<Bind> binds, String libraries, String settings, List<Path> ingredients) {

    /** Looked up, and the stand-in's files made, once for each JVM. */
    static CitusFiles ofThisMachine() {
        return Found.FILES;
    }

    /** For people: which Citus, on which PostgreSQL. */
    String describe() {
        return (real ? "real Citus" : "the Citus stand-in") + " on " + bin.getParent() + ", in containers";
    }

    /** What the entry point is told of it. */
    Map<String, String> environment() {
        return new TreeMap<>(Map.of(
                "PATH", "/usr/sbin:/usr/bin", "PGBIN", bin.toString(), "LIBRARIES", libraries, "SETTINGS", settings));
    }

    /**
     * Writes the stand-in for an image of this machine's PostgreSQL.
     *
     * @param folder where
     * @return how {@code .ci/server-images} is told of it
     */
    static List<String> writeStandIn(Path folder) throws IOException {
        HostPostgres postgres = HostPostgres.find().orElseThrow();
        Path extensions = folder.resolve("extension");
        Path libraries = Files.createDirectories(folder.resolve("lib"));
        CitusStandIn.writeExtension(extensions);
        Files.copy(postgres.library("tcn"), libraries.resolve("citus.so"));
        return List.of("-e", extensions.toString(), "-l", libraries.toString());
    }

    private static CitusFiles find() {
        HostPostgres postgres = HostPostgres.find().orElseThrow();
        Bind usr = readOnly(Path.of("/usr"), "/usr");
        if (postgres.hasCitus() && CitusFlavour.chosen() == CitusFlavour.REAL) {
            return new CitusFiles(
                    true,
                    postgres.bin(),
                    List.of(usr),
                    "$libdir",
                    "citus.enable_statistics_collection = off\ncitus.metadata_sync_interval = 10s\ncitus.metadata_sync_retry_interval = 1s",
                    List.of(
                            postgres.bin().resolve("postgres"),
                            postgres.library("citus"),
                            postgres.extensions().resolve("citus.control")));
        }
        Path standIn = standIn(postgres);
        Bind extensions =
                readOnly(standIn.resolve("extension"), postgres.extensions().toString());
        Bind library = readOnly(standIn.resolve("lib"), "/opt/citus");
        return new CitusFiles(
                false,
                postgres.bin(),
                List.of(usr, extensions, library),
                "/opt/citus:$libdir",
                "",
                List.of(
                        postgres.bin().resolve("postgres"),
                        standIn.resolve("extension/citus.control"),
                        standIn.resolve("extension/citus--13.2-1.sql")));
    }

    /** The extension folder cannot be written to in the container, so a copy of it with the stand-in takes its place. */
    private static Path standIn(HostPostgres postgres) {
        try {
            Path folder = Files.createTempDirectory("rt-stand-in");
            Path extensions = Files.createDirectory(folder.resolve("extension"));
            Path libraries = Files.createDirectory(folder.resolve("lib"));
            try (Stream<Path> installed = Files.list(postgres.extensions())) {
                for (Path file : installed
                        .filter(Files::isRegularFile)
                        .filter(file -> !file.getFileName().toString().startsWith("citus"))
                        .toList()) {
                    Files.copy(file, extensions.resolve(file.getFileName()));
                }
            }
            CitusStandIn.writeExtension(extensions);
            Files.copy(postgres.library("tcn"), libraries.resolve("citus.so"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "stand-in-cleanup"));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Bind readOnly(Path from, String to) {
        return new Bind(from.toString(), new Volume(to), AccessMode.ro);
    }

    private static final class Found {
        static final CitusFiles FILES = find();
    }
}
