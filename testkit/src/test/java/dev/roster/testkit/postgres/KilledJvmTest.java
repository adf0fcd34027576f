package dev.roster.testkit.postgres;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server ends with the JVM that started it, however that ends. */
class KilledJvmTest {

    /** The JVM to be killed: starts a server, says where it is, and waits. */
    static final class Victim {

        private Victim() {}

        /** Takes what to do with the server once it runs: {@code run} or {@code freeze}. */
        public static void main(String[] arguments) throws IOException {
            PostgresServer server = PostgresServer.start(PostgresOptions.of(PostgresBinaries.embedded()));
            String pid = Files.readAllLines(server.folder().resolve("data/postmaster.pid"))
                    .getFirst();
            if (arguments[0].equals("freeze")) {
                server.pause();
            }
            System.out.println(pid + " " + server.folder());
            System.in.read();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "freeze"})
    void leavesNoServerAndNoFiles(String state) throws Exception {
        Process victim = start(state);
        try (BufferedReader said = victim.inputReader(StandardCharsets.UTF_8)) {
            String[] told = said.readLine().split(" ", 2);
            ProcessHandle postmaster =
                    ProcessHandle.of(Long.parseLong(told[0].strip())).orElseThrow();
            Path folder = Path.of(told[1]);

            victim.destroyForcibly().waitFor();

            await().atMost(60, SECONDS).until(() -> !postmaster.isAlive() && !Files.exists(folder));
        }
    }

    private static Process start(String state) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        state)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
