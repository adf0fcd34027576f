package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnContainerTest {

    private static final String OWN = Entries.id("roster");
    private static final String OTHER = Entries.id("vpn");

    @TempDir
    Path self;

    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> inspected = new HashMap<>();
    private FakeEngine engine;
    private EngineClient client;

    @BeforeEach
    void connect() throws EngineFailure {
        engine = new FakeEngine(self);
        client = EngineClient.of(
                EngineAddress.find(Optional.of(engine.host()), Map.of()), Duration.ofSeconds(10), Optional.empty());
    }

    @AfterEach
    void disconnect() {
        client.close();
        engine.close();
    }

    @Test
    void findsItByTheMountedHostname() throws Exception {
        mountinfo(OWN);
        cgroup("0::/");
        knows(OWN, "shop", "any-text");
        environment.put("HOSTNAME", "any-text");

        assertThat(project()).isEqualTo("shop");
    }

    @Test
    void findsItByTheControlGroupWhereNoMountTells() throws Exception {
        mountinfo("");
        cgroup("4:memory:/docker/" + OWN + "\n");
        knows(OWN, "shop", "x");

        assertThat(project()).isEqualTo("shop");
    }

    @Test
    void findsItInASystemdSlice() throws Exception {
        cgroup("0::/system.slice/docker-" + OWN + ".scope\n");
        knows(OWN, "shop", "x");

        assertThat(project()).isEqualTo("shop");
    }

    @Test
    void trustsTheControlGroupWhereTheNetworkIsAnothersAndTheMountsAreToo() throws Exception {
        mountinfo(OTHER);
        cgroup("4:memory:/docker/" + OWN + "\n");
        knows(OWN, "shop", "x");
        knows(OTHER, "elsewhere", "x");

        assertThat(project()).isEqualTo("shop");
    }

    @Test
    void fallsBackToTheHostname() throws Exception {
        environment.put("HOSTNAME", OWN.substring(0, 12));
        inspected.put(OWN.substring(0, 12), inspect(OWN, "shop", OWN.substring(0, 12)));

        assertThat(project()).isEqualTo("shop");
    }

    @Test
    void aHostnameThatIsAnotherContainersNameIsNotBelieved() {
        environment.put("HOSTNAME", "worker");
        inspected.put("worker", inspect(OTHER, "shop", OTHER.substring(0, 12)));

        assertThatThrownBy(this::project)
                .hasMessageContaining("HOSTNAME says worker, which is the name of another container");
    }

    @Test
    void saysWhichRoutesFailedAndWhatToSet() throws Exception {
        mountinfo("");
        cgroup("0::/");
        environment.put("HOSTNAME", "db-1");

        assertThatThrownBy(this::project)
                .hasMessage("roster.docker.project is not set, and the container Roster runs in is not found:"
                        + " /proc/self/mountinfo names none; /proc/self/cgroup names none; HOSTNAME says db-1, which this"
                        + " engine does not know; set roster.docker.project to the compose project whose workers are to be"
                        + " found");
    }

    @Test
    void aContainerOfNoProjectIsSaid() throws Exception {
        mountinfo(OWN);
        inspected.put(OWN, "{\"Id\":\"" + OWN + "\",\"Config\":{\"Labels\":{}}}");

        assertThatThrownBy(this::project)
                .hasMessageContaining(OWN.substring(0, 12) + " by /proc/self/mountinfo, has no label"
                        + " com.docker.compose.project; set roster.docker.project");
    }

    private void mountinfo(String id) throws IOException {
        String hostname = id.isEmpty() ? "/etc/hostname" : "/var/lib/docker/containers/" + id + "/hostname";
        Files.writeString(self.resolve("mountinfo"), """
                600 599 0:52 / / rw,relatime - overlay overlay rw,lowerdir=/var/lib/docker/overlay2/l/ABC
                610 600 8:1 /var/lib/docker/containers/%s/mounts/shm /dev/shm rw - tmpfs shm rw
                611 600 8:1 %s /etc/hostname rw,relatime - ext4 /dev/sda1 rw
                """.formatted(Entries.id("unrelated"), hostname));
    }

    private void cgroup(String text) throws IOException {
        Files.writeString(self.resolve("cgroup"), text);
    }

    private void knows(String id, String project, String hostname) {
        inspected.put(id, inspect(id, project, hostname));
    }

    private static String inspect(String id, String project, String hostname) {
        return "{\"Id\":\"" + id + "\",\"Config\":{\"Hostname\":\"" + hostname + "\",\"Labels\":{\"" + Labels.PROJECT
                + "\":\"" + project + "\"}}}";
    }

    private String project() throws EngineFailure, InterruptedException {
        engine.inspects(inspected);
        return new OwnContainer(self, environment).project(client);
    }
}
