package dev.roster.testkit.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * An image that holds a root directory, a password file and the entry point, and nothing else: containers mount {@code /usr}
 * of the machine. So no registry is needed, and it stays on the engine (about 2 kB) for the next run; its tag is a checksum
 * of its content.
 */
final class NearEmptyImage {

    /** The entry point of a database container. */
    static final String START_POSTGRES = "/start-postgres.sh";

    private static final String REPOSITORY = "roster-test/near-empty";

    private NearEmptyImage() {}

    /** The image's name; it exists when this returns. */
    static synchronized String name() {
        byte[] context = context();
        CRC32C checksum = new CRC32C();
        checksum.update(context);
        String name = REPOSITORY + ":" + HexFormat.of().toHexDigits((int) checksum.getValue());
        try {
            DockerEngine.client().inspectImageCmd(name).exec();
        } catch (NotFoundException e) {
            DockerEngine.client()
                    .buildImageCmd(new ByteArrayInputStream(context))
                    .withTags(Set.of(name))
                    .start()
                    .awaitImageId();
        }
        return name;
    }

    /** The classic builder unpacks an archive inside its context, which keeps links and modes as they are. */
    private static byte[] context() {
        byte[] root = root();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            file(tar, "Dockerfile", 0644, bytes("FROM scratch\nADD root.tar /\n"));
            file(tar, "root.tar", 0644, root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] root() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
            for (String directory :
                    new String[] {"etc", "usr", "opt", "proc", "dev", "sys", "root", "run", "var", "healthcheck"}) {
                directory(tar, directory, 0755);
            }
            directory(tar, "tmp", 01777);
            for (String merged : new String[] {"bin", "sbin", "lib", "lib64"}) {
                link(tar, merged, "usr/" + merged);
            }
            link(tar, "var/run", "/run");
            file(tar, "etc/passwd", 0644, bytes("""
                    root:x:0:0:root:/root:/bin/sh
                    postgres:x:999:999:postgres:/tmp:/bin/sh
                    """));
            file(tar, "etc/group", 0644, bytes("""
                    root:x:0:
                    postgres:x:999:
                    """));
            file(tar, "etc/nsswitch.conf", 0644, bytes("hosts: files dns\n"));
            file(tar, START_POSTGRES.substring(1), 0755, script());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static byte[] script() throws IOException {
        try (InputStream script = NearEmptyImage.class.getResourceAsStream("start-postgres.sh")) {
            if (script == null) {
                throw new IllegalStateException("start-postgres.sh is missing in the test kit's jar");
            }
            return script.readAllBytes();
        }
    }

    private static void directory(TarArchiveOutputStream tar, String name, int mode) throws IOException {
        TarArchiveEntry entry = entry(name + "/", TarConstants.LF_DIR, mode);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static void link(TarArchiveOutputStream tar, String name, String target) throws IOException {
        TarArchiveEntry entry = entry(name, TarConstants.LF_SYMLINK, 0777);
        entry.setLinkName(target);
        tar.putArchiveEntry(entry);
        tar.closeArchiveEntry();
    }

    private static void file(TarArchiveOutputStream tar, String name, int mode, byte[] content) throws IOException {
        TarArchiveEntry entry = entry(name, TarConstants.LF_NORMAL, mode);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static TarArchiveEntry entry(String name, byte kind, int mode) {
        TarArchiveEntry entry = new TarArchiveEntry(name, kind);
        entry.setMode(mode);
        entry.setModTime(0);
        entry.setUserId(0);
        entry.setGroupId(0);
        return entry;
    }
}
