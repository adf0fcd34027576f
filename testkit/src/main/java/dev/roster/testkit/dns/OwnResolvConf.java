package dev.roster.testkit.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A {@code /etc/resolv.conf} that only some processes see: each gets a mount namespace of its own in which this file lies
 * over the machine's. The machine's own file is not touched. It takes root, and so does port 53, the only one that
 * resolv.conf knows.
 */
public final class OwnResolvConf {

    /** The shell becomes the command, which therefore keeps the process id. */
    private static final String LAY_OVER = "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"";

    private final Path file;

    private OwnResolvConf(Path file) {
        this.file = file;
    }

    /** Writes one. */
    public static OwnResolvConf in(Path folder, List<String> lines) {
        try {
            return new OwnResolvConf(Files.write(folder.resolve("resolv.conf"), lines));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Why this machine cannot do it, as words that begin with {@code needs}; empty if it can. */
    public static Optional<String> missing() {
        return Tried.FAULT;
    }

    /** The words before a command that make it see this file. */
    public List<String> prefix() {
        return List.of("unshare", "--mount", "sh", "-c", LAY_OVER, file.toString());
    }

    private static Optional<String> attempt() {
        try {
            Path machines = Path.of("/etc/resolv.conf");
            Process process = new ProcessBuilder(
                            "unshare", "--mount", "sh", "-c", LAY_OVER, machines.toString(), "sh", "-c", "id -u")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 && said.equals("0") ? Optional.empty() : Optional.of(reason(said));
        } catch (IOException e) {
            return Optional.of(reason(String.valueOf(e.getMessage())));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(reason("interrupted"));
        }
    }

    private static String reason(String said) {
        return "needs root: the servers get a resolv.conf of their own in a mount namespace: "
                + said.replace('\n', ' ');
    }

    private static final class Tried {
        static final Optional<String> FAULT = attempt();
    }
}
