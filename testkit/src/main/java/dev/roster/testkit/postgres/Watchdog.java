package dev.roster.testkit.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A tiny shell beside each server that waits for the end of this JVM, however it ends, and then ends the server and deletes
 * its folder: a shutdown hook does not run when a JVM is killed. A server that is just starting has no process file yet, so it
 * is waited for; one that is frozen has to be woken to end, and its postmaster then kills those of its processes that are not.
 */
final class Watchdog implements AutoCloseable {

    /** Reads until the JVM says {@code done}, or is gone and the pipe with it. */
    private static final String WATCH = """
            trap '' INT TERM HUP
            read -r word
            [ "$word" = done ] && exit 0
            n=0
            until pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && [ -n "$pid" ] || [ $n = 20 ]; do
                n=$((n + 1))
                sleep 0.1
            done
            if [ -n "$pid" ]; then
                kill -QUIT "$pid"
                kill -CONT "$pid"
                n=0
                while kill -0 "$pid" 2>/dev/null; do
                    n=$((n + 1))
                    [ $n != 150 ] || kill -KILL "$pid"
                    sleep 0.1
                done
            fi
            rm -rf "$1"
            """;

    private final Process shell;

    Watchdog(Path folder) throws IOException {
        shell = new ProcessBuilder("sh", "-c", WATCH, "roster-watchdog", folder.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Override
    public void close() throws IOException {
        shell.getOutputStream().write("done\n".getBytes(StandardCharsets.US_ASCII));
        shell.getOutputStream().close();
    }
}
