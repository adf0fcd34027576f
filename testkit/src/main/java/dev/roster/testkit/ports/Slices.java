package dev.roster.testkit.ports;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Slices of the ports, each held by one JVM for as long as it lives: by the lock of a file in the temporary folder, which the
 * kernel gives back however the JVM ends. Used by one thread at a time.
 */
final class Slices {

    /** Ports in a slice. */
    static final int SIZE = 200;

    private static final int FIRST_PORT = 12_000;
    private static final int COUNT = 100;

    private final List<FileLock> held = new ArrayList<>();
    private int tried;

    /** The first port of a slice that nobody holds, held from now on; empty if there is none. */
    Optional<Integer> take() {
        while (tried < COUNT) {
            // Somebody else's files may be unusable here; JVMs that share none of them rarely meet by this.
            int slice = (int) ((ProcessHandle.current().pid() + tried++) % COUNT);
            Optional<FileLock> lock = lock(slice);
            if (lock.isPresent()) {
                held.add(lock.get());
                return Optional.of(FIRST_PORT + slice * SIZE);
            }
        }
        return Optional.empty();
    }

    private static Optional<FileLock> lock(int slice) {
        try {
            Path folder = Files.createDirectories(
                    Path.of(System.getProperty("java.io.tmpdir"), "roster-ports-" + System.getProperty("user.name")));
            FileChannel file = FileChannel.open(
                    folder.resolve("slice-" + slice), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = file.tryLock();
            if (lock == null) {
                file.close();
            }
            return Optional.ofNullable(lock);
        } catch (OverlappingFileLockException e) {
            // This class is loaded twice in this JVM. The file stays open: closing it would give the other's lock back.
            return Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
