package dev.roster.testkit.citus;

import dev.roster.testkit.postgres.PostgresBinaries;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The stand-in for the Citus extension: a control file and a script, and a harmless module of PostgreSQL's own under the
 * name {@code citus}, so that {@code shared_preload_libraries = 'citus'} and {@code CREATE EXTENSION citus} work as they do
 * with Citus. Works with PostgreSQL 15 to 17; needs the module {@code dblink} of PostgreSQL's contrib.
 */
public final class CitusStandIn {

    private static final List<String> FILES = List.of("citus.control", "citus--13.2-1.sql");

    /** Modules without any code that runs when they are loaded, in order of preference. */
    private static final List<String> HARMLESS = List.of("tcn", "lo", "insert_username", "autoinc");

    private CitusStandIn() {}

    /**
     * Puts the stand-in into a PostgreSQL that may be written to.
     *
     * @throws IllegalStateException if a real Citus is there
     */
    public static void installInto(PostgresBinaries binaries) {
        Path control = binaries.extensions().resolve("citus.control");
        try {
            if (Files.exists(control) && !Files.readString(control).contains("Stand-in")) {
                throw new IllegalStateException("a real Citus is installed in " + binaries.extensions());
            }
            writeExtension(binaries.extensions());
            Path module = harmlessModule(binaries.libraries());
            String suffix = suffixOf(module);
            replace(Files.newInputStream(module), binaries.libraries().resolve("citus" + suffix));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot install the stand-in into " + binaries.extensions(), e);
        }
    }

    /** Tells this version of the stand-in from every other, in letters and digits. */
    public static String fingerprint() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String file : FILES) {
                try (InputStream content = resource(file)) {
                    digest.update(content.readAllBytes());
                }
            }
            return "stand-in-" + HexFormat.of().formatHex(digest.digest(), 0, 6);
        } catch (IOException e) {
            throw new UncheckedIOException("the stand-in cannot be read", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Writes control file and script into a folder, for an image that takes them from there. The module named {@code citus}
     * has to be made there too, as a copy of {@code tcn}.
     *
     * @param extensions the folder
     */
    public static void writeExtension(Path extensions) throws IOException {
        Files.createDirectories(extensions);
        for (String file : FILES) {
            replace(resource(file), extensions.resolve(file));
        }
    }

    private static InputStream resource(String name) {
        return Optional.ofNullable(CitusStandIn.class.getResourceAsStream(name))
                .orElseThrow(() -> new IllegalStateException("the test kit lacks its file " + name));
    }

    /** Another process may read the file at this moment, so it is swapped whole. */
    private static void replace(InputStream content, Path target) throws IOException {
        Path fresh =
                Files.createTempFile(target.getParent(), target.getFileName().toString(), ".new");
        try (content) {
            Files.copy(content, fresh, StandardCopyOption.REPLACE_EXISTING);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static Path harmlessModule(Path libraries) throws IOException {
        try (Stream<Path> modules = Files.list(libraries)) {
            List<Path> all = modules.toList();
            return HARMLESS.stream()
                    .flatMap(name -> all.stream()
                            .filter(module -> module.getFileName().toString().equals(name + suffixOf(module))))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("none of the modules " + HARMLESS + " is in "
                            + libraries + ": install PostgreSQL's contrib modules"));
        }
    }

    private static String suffixOf(Path module) {
        String name = module.getFileName().toString();
        return name.substring(Math.max(0, name.lastIndexOf('.')));
    }
}
