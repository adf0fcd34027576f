package dev.roster.testkit.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * Unpacks the PostgreSQL archives of {@code io.zonky.test.postgres} (one {@code .txz} for each platform on the class path)
 * into the temporary folder, once for each archive, addition, and user. The folder is kept for the next run.
 */
final class EmbeddedBinaries {

    private static final String COMPLETE = "complete";

    private static final Map<String, PostgresBinaries> KNOWN = new HashMap<>();

    private EmbeddedBinaries() {}

    /**
     * The folder for one addition.
     *
     * @param addition what will be put into it, as a part of the folder's name; empty for nothing
     */
    static synchronized PostgresBinaries unpacked(String addition) {
        return KNOWN.computeIfAbsent(addition, EmbeddedBinaries::unpack);
    }

    private static PostgresBinaries unpack(String addition) {
        String archive = "/postgres-" + platform() + ".txz";
        try {
            Path home = Path.of(
                    System.getProperty("java.io.tmpdir"),
                    "roster-postgres-" + System.getProperty("user.name") + "-" + fingerprint(archive)
                            + (addition.isEmpty() ? "" : "-" + addition));
            createOwnFolder(home);
            try (FileChannel lock = FileChannel.open(
                            home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = lock.lock()) {
                if (!Files.exists(home.resolve(COMPLETE))) {
                    extract(archive, home);
                    Files.createFile(home.resolve(COMPLETE));
                }
            }
            return new PostgresBinaries(
                    home.resolve("bin"),
                    home.resolve("lib/postgresql"),
                    home.resolve("share/postgresql/extension"),
                    "embedded PostgreSQL");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack the embedded PostgreSQL " + archive, e);
        }
    }

    private static void createOwnFolder(Path home) throws IOException {
        if (!Files.exists(home, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(home);
            // The servers may run as another, powerless user, who has to read this.
            Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Path probe = Files.createTempFile(home, "owner", "");
        boolean own = Files.getOwner(probe).equals(Files.getOwner(home, LinkOption.NOFOLLOW_LINKS));
        Files.delete(probe);
        if (!own) {
            throw new IOException(home + " belongs to another user; remove it or set -Djava.io.tmpdir");
        }
    }

    private static void extract(String archive, Path home) throws IOException {
        try (InputStream raw = open(archive);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new XZCompressorInputStream(new BufferedInputStream(raw)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = home.resolve(entry.getName()).normalize();
                if (!target.startsWith(home)) {
                    throw new IOException("the archive leaves its folder: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                if (entry.isSymbolicLink()) {
                    Files.deleteIfExists(target);
                    Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, target, StandardCopyOption.REPLACE_EXISTING);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            target, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    private static String fingerprint(String archive) throws IOException {
        try (InputStream raw = open(archive);
                DigestInputStream digest = new DigestInputStream(raw, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest(), 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static InputStream open(String archive) {
        InputStream stream = EmbeddedBinaries.class.getResourceAsStream(archive);
        if (stream == null) {
            throw new IllegalStateException("no embedded PostgreSQL for this platform: " + archive
                    + " is not on the class path; Linux and macOS on x86-64 and arm64 are");
        }
        return stream;
    }

    private static String platform() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String os = name.contains("mac") ? "darwin" : name.contains("linux") ? "linux" : "windows";
        boolean arm = Set.of("aarch64", "arm64").contains(System.getProperty("os.arch"));
        boolean musl = os.equals("linux") && Files.exists(Path.of("/etc/alpine-release"));
        return os + (arm ? "-arm_64" : "-x86_64") + (musl ? "-alpine_linux" : "");
    }
}
