package dev.roster.testkit.ports;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FreePortTest {

    private static final int MANY = 2 * Slices.SIZE;

    /** Another JVM that takes as many, says which, and waits. */
    static final class Other {

        private Other() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println(IntStream.range(0, MANY)
                    .mapToObj(_ -> Integer.toString(FreePort.onLoopback()))
                    .reduce((all, port) -> all + " " + port)
                    .orElseThrow());
            System.in.read();
        }
    }

    @Test
    void isGivenOnceAndToOneJvmOnly() throws Exception {
        Set<String> ports = new HashSet<>();
        List<Process> others = new ArrayList<>();
        try {
            for (int i = 0; i < 2; i++) {
                others.add(start());
            }
            for (int i = 0; i < MANY; i++) {
                assertThat(ports.add(Integer.toString(FreePort.onLoopback()))).isTrue();
            }
            for (Process other : others) {
                BufferedReader said = other.inputReader(StandardCharsets.UTF_8);
                for (String port : said.readLine().split(" ", -1)) {
                    assertThat(ports.add(port)).as(port).isTrue();
                }
            }
        } finally {
            others.forEach(other -> other.destroyForcibly().onExit().join());
        }
    }

    @Test
    void aSliceIsHeldByOneOfTwoHoldersInThisJvm() {
        Slices one = new Slices();
        Slices other = new Slices();

        assertThat(one.take()).isPresent().isNotEqualTo(other.take());
        assertThat(other.take()).isPresent();
    }

    @Test
    void isNoneOnWhichSomebodyListens() throws IOException {
        int given = FreePort.onLoopback();
        try (ServerSocket taken = new ServerSocket(given + 1, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(FreePort.onLoopback()).isNotEqualTo(taken.getLocalPort());
        }
    }

    private static Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Other.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
