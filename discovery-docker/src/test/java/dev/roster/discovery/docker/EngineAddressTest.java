package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineAddressTest {

    @TempDir
    Path folder;

    @Test
    void theConfiguredHostWinsOverTheEnvironment() {
        assertThat(EngineAddress.find(Optional.of("unix:///a.sock"), Map.of("DOCKER_HOST", "unix:///b.sock")))
                .hasToString("unix:///a.sock");
    }

    @Test
    void readsDockerHost() {
        assertThat(EngineAddress.find(Optional.empty(), Map.of("DOCKER_HOST", "unix:///b.sock"))
                        .socket())
                .contains(Path.of("/b.sock"));
    }

    @Test
    void withoutAnythingItIsTheUsualSocket() {
        assertThat(EngineAddress.find(Optional.empty(), Map.of())).hasToString("unix:///var/run/docker.sock");
    }

    @Test
    void findsARootlessEnginesSocketWhereNoOtherExists() throws Exception {
        Path rootless = Files.createFile(folder.resolve("docker.sock"));
        Path rootful = folder.resolve("rootful.sock");
        Map<String, String> environment = Map.of("XDG_RUNTIME_DIR", folder.toString());

        assertThat(EngineAddress.find(Optional.empty(), environment, rootful).socket())
                .contains(rootless);

        Files.createFile(rootful);
        assertThat(EngineAddress.find(Optional.empty(), environment, rootful).socket())
                .contains(rootful);
    }

    @Test
    void tcpWithoutTlsHasItsOwnPort() {
        EngineAddress address = EngineAddress.find(Optional.of("tcp://engine"), Map.of());

        assertThat(address).hasToString("tcp://engine:2375");
        assertThat(address.certificates()).isEmpty();
    }

    @Test
    void tlsTakesItsPortAndFolderFromTheEnvironment() {
        EngineAddress address = EngineAddress.find(
                Optional.empty(),
                Map.of("DOCKER_HOST", "tcp://engine", "DOCKER_TLS_VERIFY", "1", "DOCKER_CERT_PATH", "/certs"));

        assertThat(address).hasToString("tcp://engine:2376");
        assertThat(address.certificates()).contains(Path.of("/certs"));
    }

    @Test
    void tlsWithoutAFolderLooksInTheUsualOne() {
        assertThat(EngineAddress.find(
                                Optional.of("tcp://engine:1"), Map.of("DOCKER_TLS_VERIFY", "1", "HOME", "/home/app"))
                        .certificates())
                .contains(Path.of("/home/app/.docker"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ssh://host", "npipe:////./pipe/docker", "/var/run/docker.sock", "unix://", "tcp://", "tcp://a b"
            })
    void anAddressThatIsNoneIsRefusedWithTheSettingsName(String text) {
        assertThatThrownBy(() -> EngineAddress.find(Optional.empty(), Map.of("DOCKER_HOST", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("DOCKER_HOST=" + text + " ")
                .hasMessageEndingWith("; accepted: unix:///path/to/docker.sock or tcp://host:port");
    }
}
