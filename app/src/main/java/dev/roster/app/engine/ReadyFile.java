package dev.roster.app.engine;

import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.PassResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that other containers wait for: gone at start, there as soon as discovery is connected and the coordinator has
 * answered, gone again at the end. It says nothing of workers, which in the official compose file start only after it
 * exists. Written by the engine's thread.
 */
public final class ReadyFile implements EngineListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReadyFile.class);

    private final Path path;
    private final BooleanSupplier discoveryIsConnected;
    private boolean written;
    private boolean closed;

    ReadyFile(Path path, BooleanSupplier discoveryIsConnected) {
        this.path = path;
        this.discoveryIsConnected = discoveryIsConnected;
    }

    /**
     * Removes what an earlier run left, and tries whether the file can be written, without it being seen for a moment.
     *
     * @throws ReadyFileUnwritable if not
     */
    public static void prepare(Path path) throws ReadyFileUnwritable {
        try {
            Files.deleteIfExists(path);
            Files.delete(Files.createTempFile(folderOf(path), ".roster-", ".tmp"));
        } catch (IOException e) {
            throw new ReadyFileUnwritable(path, e);
        }
    }

    @Override
    public synchronized void passEnded(PassResult result) {
        if (written || closed || result.seen().isEmpty() || !discoveryIsConnected.getAsBoolean()) {
            return;
        }
        try {
            // Complete in one step, whoever looks.
            Path draft = Files.createTempFile(folderOf(path), ".roster-", ".tmp");
            Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
            written = true;
            LOG.info("Ready: discovery is connected and the coordinator has answered; {} exists", path);
        } catch (IOException e) {
            LOG.warn("{}; the next pass tries again", new ReadyFileUnwritable(path, e).getMessage());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("The ready file {} could not be removed ({}); remove it by hand", path, e.toString());
        }
    }

    private static Path folderOf(Path path) {
        Path folder = path.toAbsolutePath().getParent();
        return folder == null ? path.toAbsolutePath().getRoot() : folder;
    }
}
