package dev.roster.app.process;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A command of the packaged application on a terminal of its own, 80 columns wide, which the program {@code script} makes. */
final class TerminalProcess implements AutoCloseable {

    private static final String CTRL_C = "\u0003";

    private final Process process;
    private final Path output;

    private TerminalProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static TerminalProcess start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        Path output = Files.createTempFile(folder, "terminal-", ".txt");
        String command = Stream.concat(RosterProcess.command().stream(), Stream.of(arguments))
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" ", "stty rows 24 cols 80; exec ", ""));
        ProcessBuilder builder = new ProcessBuilder(List.of("script", "-qefc", command, "/dev/null"))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "TERM", "xterm", "SHELL", "/bin/sh"));
        builder.environment().putAll(environment);
        return new TerminalProcess(builder.start(), output);
    }

    /** All that was sent to the terminal. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same without what moves the cursor and colours. */
    String text() {
        return output().replaceAll("\u001b\\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|\u001b[=>78]", "");
    }

    void pressCtrlC() throws IOException {
        OutputStream keys = process.getOutputStream();
        keys.write(CTRL_C.getBytes(StandardCharsets.US_ASCII));
        keys.flush();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            throw new IllegalStateException("it does not end: " + output());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join();
    }
}
