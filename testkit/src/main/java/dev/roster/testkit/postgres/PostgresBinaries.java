package dev.roster.testkit.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where one PostgreSQL stands.
 *
 * @param bin the folder with {@code initdb} and {@code postgres}
 * @param libraries the folder of loadable modules, {@code $libdir}
 * @param extensions the folder with control files and extension scripts
 * @param origin what it is, for people, such as {@code embedded PostgreSQL 17.6}
 */
public record PostgresBinaries(Path bin, Path libraries, Path extensions, String origin) {

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    /**
     * The PostgreSQL that comes with the test kit, unpacked at the first call of this JVM's user.
     *
     * @throws IllegalStateException if there is none for this operating system, or it cannot be unpacked
     */
    public static PostgresBinaries embedded() {
        return EmbeddedBinaries.unpacked("");
    }

    /**
     * The same in a folder of its own, for an addition that {@link #embedded} must not see.
     *
     * @param addition what will be added, told apart from every other version of it; part of the folder's name
     * @throws IllegalStateException as for {@link #embedded}
     */
    public static PostgresBinaries embeddedFor(String addition) {
        return EmbeddedBinaries.unpacked(addition);
    }

    /** The newest installed PostgreSQL with the files of this extension, in Debian's folders or by {@code pg_config}. */
    public static Optional<PostgresBinaries> installedWith(String extension) {
        return installed().stream().filter(found -> found.has(extension)).findFirst();
    }

    /** Whether the files of this extension are there. */
    public boolean has(String extension) {
        return Files.isRegularFile(extensions.resolve(extension + ".control"));
    }

    private static List<PostgresBinaries> installed() {
        try (Stream<Path> versions = Files.isDirectory(DEBIAN) ? Files.list(DEBIAN) : Stream.empty()) {
            Stream<Path> debian = versions.sorted(
                            Comparator.comparing(PostgresBinaries::majorVersion).reversed())
                    .map(version -> version.resolve("bin/pg_config"));
            Stream<Path> onPath = Stream.of(Optional.ofNullable(System.getenv("PATH"))
                            .orElse("")
                            .split(":", -1))
                    .filter(folder -> !folder.isBlank())
                    .map(folder -> Path.of(folder).resolve("pg_config"));
            return Stream.concat(debian, onPath)
                    .filter(Files::isExecutable)
                    .map(PostgresBinaries::describedBy)
                    .flatMap(Optional::stream)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static int majorVersion(Path folder) {
        try {
            return Integer.parseInt(folder.getFileName().toString());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static Optional<PostgresBinaries> describedBy(Path pgConfig) {
        try {
            Process asked = new ProcessBuilder(
                            pgConfig.toString(), "--bindir", "--pkglibdir", "--sharedir", "--version")
                    .redirectErrorStream(true)
                    .start();
            List<String> lines = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (asked.waitFor() != 0 || lines.size() != 4) {
                return Optional.empty();
            }
            Path bin = Path.of(lines.get(0));
            // Debian's pg_config also comes without a server, with the client libraries.
            return Files.isExecutable(bin.resolve("initdb"))
                    ? Optional.of(new PostgresBinaries(
                            bin, Path.of(lines.get(1)), Path.of(lines.get(2), "extension"), lines.get(3)))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
