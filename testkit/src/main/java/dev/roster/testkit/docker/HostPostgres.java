package dev.roster.testkit.docker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The PostgreSQL of this machine as Debian's packages install it, which containers run from their read-only {@code /usr}.
 *
 * @param major its major version
 */
record HostPostgres(int major) {

    private static final Path ROOT = Path.of("/usr/lib/postgresql");

    /** What is missing on this machine, as words that begin with {@code needs}; empty if nothing is. */
    static Optional<String> missing() {
        if (find().isEmpty()) {
            return Optional.of(
                    "needs PostgreSQL: there is no server in " + ROOT + "; install the package postgresql-15");
        }
        return Stream.of("/usr/bin/setpriv", "/usr/bin/bash")
                .map(Path::of)
                .filter(tool -> !Files.isExecutable(tool))
                .findFirst()
                .map(tool -> "needs " + tool + ": containers run it from this machine's /usr");
    }

    /** The one with Citus, otherwise the newest. */
    static Optional<HostPostgres> find() {
        if (!Files.isDirectory(ROOT)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(ROOT)) {
            return versions.map(version -> version.getFileName().toString())
                    .filter(name -> name.chars().allMatch(Character::isDigit))
                    .map(name -> new HostPostgres(Integer.parseInt(name)))
                    .filter(HostPostgres::isComplete)
                    .max(Comparator.comparing(HostPostgres::hasCitus).thenComparing(HostPostgres::major));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of {@code postgres}, {@code initdb} and {@code psql}. */
    Path bin() {
        return ROOT.resolve(major + "/bin");
    }

    /** The folder of extension control files. */
    Path extensions() {
        return Path.of("/usr/share/postgresql/" + major + "/extension");
    }

    /** The loadable module of this name. */
    Path library(String module) {
        return ROOT.resolve(major + "/lib/" + module + ".so");
    }

    /** Whether the real Citus is installed in it. */
    boolean hasCitus() {
        return Files.exists(extensions().resolve("citus.control"))
                && Files.exists(ROOT.resolve(major + "/lib/citus.so"));
    }

    private boolean isComplete() {
        return List.of("postgres", "initdb", "pg_ctl", "psql", "pg_isready").stream()
                .allMatch(tool -> Files.isExecutable(bin().resolve(tool)));
    }
}
