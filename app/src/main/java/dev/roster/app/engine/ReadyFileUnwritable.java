package dev.roster.app.engine;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The ready file cannot be written, so that those who wait for it would wait for ever. The message is one sentence. */
public final class ReadyFileUnwritable extends Exception {

    private static final long serialVersionUID = 1L;

    ReadyFileUnwritable(Path path, IOException cause) {
        super(
                "The ready file " + path + " cannot be written (" + reason(cause)
                        + "): mount a volume there that this user may write, or set ROSTER_READY_FILE to another path",
                cause);
    }

    private static String reason(IOException cause) {
        return switch (cause) {
            case AccessDeniedException _ -> "permission denied";
            case NoSuchFileException _ -> "its folder does not exist";
            default -> String.valueOf(cause.getMessage());
        };
    }
}
