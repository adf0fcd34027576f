package dev.roster.app.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The start-up token: a new secret at each start, in a file that only the user of this process can read. Whoever can read it is
 * that user, on this machine.
 *
 * @param path where it is kept
 */
public record LocalTokenFile(Path path) {

    private static final int BYTES = 32;

    /**
     * The file of the service that listens on this port.
     *
     * @param configured where a person wants it; empty: in the temporary folder
     * @param port the service's port
     */
    public static LocalTokenFile of(Optional<Path> configured, int port) {
        return new LocalTokenFile(configured.orElseGet(() -> Path.of(
                        System.getProperty("java.io.tmpdir"),
                        "roster-" + System.getProperty("user.name").replaceAll("[^A-Za-z0-9._-]", "_") + "-" + port
                                + ".token")
                .toAbsolutePath()));
    }

    /** Writes a new token and returns it. The file is never there with less than all of it, or with other permissions. */
    String write() throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String token = HexFormat.of().formatHex(random);
        Path folder = path.toAbsolutePath().getParent();
        // A temporary file is made for its owner alone.
        Path draft = Files.createTempFile(folder == null ? path.getRoot() : folder, ".roster-", ".tmp");
        try {
            Files.writeString(draft, token + "\n");
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
        return token;
    }

    /** The token of a service that runs as the same user; empty if there is none or this user may not read it. */
    public Optional<String> read() {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(path).strip()).filter(token -> !token.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
