package dev.roster.testkit.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A server's first process, and through it the others. */
final class Postmaster {

    private static final long START_SECONDS = 60;

    private final Process process;

    private Postmaster(Process process) {
        this.process = process;
    }

    /**
     * Starts it on the data of its folder and waits until it can be asked.
     *
     * @throws IllegalStateException if it cannot; the message ends with the server's own words
     */
    static Postmaster launch(ServerFolder folder, PostgresOptions options, int port) throws IOException {
        folder.startLogAnew();
        Postmaster started = new Postmaster(folder.command(
                        options,
                        List.of(
                                options.binaries().bin().resolve("postgres").toString(),
                                "-D",
                                folder.data().toString(),
                                "-c",
                                "listen_addresses=" + options.listen(),
                                "-c",
                                "port=" + port))
                .start());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!started.isReady(folder)) {
            if (!started.isAlive() || System.nanoTime() - deadline > 0) {
                started.end("KILL");
                throw new IllegalStateException("PostgreSQL did not start in " + folder + ": " + folder.log());
            }
            started.pause();
        }
        return started;
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The eighth line of {@code postmaster.pid} tells it, as {@code pg_ctl start -w} knows (PostgreSQL, pidfile.h). */
    private boolean isReady(ServerFolder folder) {
        try {
            List<String> lines = Files.readAllLines(folder.data().resolve("postmaster.pid"));
            return lines.size() >= 8
                    && lines.get(0).strip().equals(Long.toString(process.pid()))
                    && (lines.get(7).startsWith("ready") || lines.get(7).startsWith("standby"));
        } catch (IOException e) {
            return false;
        }
    }

    private void pause() {
        try {
            process.waitFor(10, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while PostgreSQL started", e);
        }
    }

    /** Ends it and everything it started, and waits until they are gone; the signal's name is without {@code SIG}. */
    void end(String signal) {
        List<ProcessHandle> children = process.descendants().toList();
        if (process.isAlive()) {
            signal(signal, List.of(process.pid()));
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                process.destroyForcibly();
            }
        }
        // After a kill its children notice by themselves, but a busy one only at its next breath.
        children.forEach(ProcessHandle::destroyForcibly);
        children.forEach(child -> child.onExit().join());
    }

    /** Signals it and everything it started, if it lives. */
    void signalAll(String signal) {
        if (process.isAlive()) {
            List<Long> pids = new ArrayList<>(List.of(process.pid()));
            process.descendants().map(ProcessHandle::pid).forEach(pids::add);
            signal(signal, pids);
        }
    }

    /** By the shell, whose {@code kill} is built in: Java knows only TERM and KILL. */
    private static void signal(String signal, List<Long> pids) {
        String targets = pids.stream().map(Object::toString).collect(Collectors.joining(" "));
        try {
            new ProcessBuilder("sh", "-c", "kill -" + signal + " " + targets)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + signal, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
