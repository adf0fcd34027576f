package dev.roster.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Sighting.SetAside;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerHealth;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectRollTest {

    private static final Scope SCOPE = new Scope("docker", "engine X, project shop");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "running    | Up 5 minutes (healthy)             | READY",
                "running    | Up 5 minutes                       | READY",
                "running    | Up 2 seconds (health: starting)    | STARTING",
                "running    | Up 2 minutes (unhealthy)           | UNHEALTHY",
                "created    | Created                            | STARTING",
                "restarting | Restarting (1) 3 seconds ago       | RESTARTING",
                "paused     | Up 2 minutes (Paused)              | PAUSED",
                "paused     | Up 2 minutes (healthy) (Paused)    | PAUSED",
                "exited     | Exited (0) 3 seconds ago           | STOPPED",
                "dead       | Dead                               | STOPPED",
                "removing   | Removal In Progress                | STOPPED"
            })
    void saysTheHealthAsTheEngineDoes(String state, String status, WorkerHealth health) {
        Sighting.Complete seen = roll(Entries.entry("w", state, status, Entries.worker()));

        assertThat(seen.workers()).extracting(Worker::health, Worker::detail).containsExactly(tuple(health, status));
    }

    @ParameterizedTest
    @CsvSource({"healthy,READY", "starting,STARTING", "unhealthy,UNHEALTHY", "none,READY"})
    void prefersTheFieldOfNewerEnginesToTheirSentence(String field, WorkerHealth health) {
        String entry = Entries.entry("w", "running", "Up 5 minutes", Entries.worker())
                .replaceFirst("\\{", "{\"Health\":{\"Status\":\"" + field + "\",\"FailingStreak\":0},");

        assertThat(roll(entry).workers()).extracting(Worker::health).containsExactly(health);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Worker", "worker", "WORKER", " Worker "})
    void readsTheRoleInAnyCase(String role) {
        assertThat(roll(Entries.entry("w", "running", "Up", Entries.worker(Labels.ROLE, role)))
                        .workers())
                .hasSize(1);
    }

    @Test
    void whoeverElseIsThereIsPresentButNoWorker() {
        Sighting.Complete seen = roll(
                Entries.entry("shop_master", "running", "Up", Entries.worker(Labels.ROLE, "Master")),
                Entries.entry("shop_redis", "exited", "Exited (0)", Map.of(Labels.PROJECT, "shop")));

        assertThat(seen.workers()).isEmpty();
        assertThat(seen.alsoPresent())
                .containsExactlyInAnyOrder(new HostPort("shop_master", 5432), new HostPort("shop_redis", 5432));
    }

    @Test
    void aOneOffContainerIsNoWorker() {
        Sighting.Complete seen =
                roll(Entries.entry("shop_worker_run_ab12", "running", "Up", Entries.worker(Labels.ONE_OFF, "True")));

        assertThat(seen.workers()).isEmpty();
        assertThat(seen.setAside()).isEmpty();
    }

    @Test
    void aRecreatedContainersGhostIsNoWorkerAndKeepsItsTrueNamePresent() {
        Sighting.Complete seen =
                roll(Entries.entry("0123456789ab_shop_worker_1", "exited", "Exited (0)", Entries.worker()));

        assertThat(seen.workers()).isEmpty();
        assertThat(seen.setAside()).isEmpty();
        assertThat(seen.alsoPresent())
                .contains(new HostPort("shop_worker_1", 5432), new HostPort("0123456789ab_shop_worker_1", 5432));
    }

    @Test
    void aGhostBesideItsSuccessorTakesNothingFromIt() {
        Sighting.Complete seen = roll(
                Entries.entry("0123456789ab_shop_worker_1", "exited", "Exited (0)", Entries.worker()),
                Entries.healthy("shop_worker_1"));

        assertThat(seen.workers()).extracting(Worker::name).containsExactly("shop_worker_1");
    }

    @Test
    void aGhostThatRunsIsSetAsideWithTheWayOut() {
        Sighting.Complete seen = roll(Entries.healthy("0123456789ab_shop_worker_1"));

        assertThat(seen.workers()).isEmpty();
        assertThat(sentence(seen)).contains("docker compose up again").contains("rename it to shop_worker_1");
    }

    @Test
    void labelsGiveHostPortAndGroup() {
        Sighting.Complete seen = roll(Entries.entry(
                "w",
                "running",
                "Up",
                Entries.worker(Labels.HOST, "Db-1.example", Labels.PORT, "6543", Labels.GROUP, "3")));

        assertThat(seen.workers())
                .extracting(Worker::name, Worker::address, Worker::group)
                .containsExactly(tuple("w", new HostPort("Db-1.example", 6543), Optional.of(new GroupId(3))));
        assertThat(seen.workers().getFirst().address().host()).isEqualTo("Db-1.example");
    }

    @ParameterizedTest
    @CsvSource({
        "com.citusdata.port,0,a port from 1 to 65535",
        "com.citusdata.port,70000,a port from 1 to 65535",
        "com.citusdata.port,five,a port from 1 to 65535",
        "com.citusdata.group,0,a group from 1 upwards",
        "com.citusdata.group,-1,a group from 1 upwards",
        "com.citusdata.group,99999999999,a group from 1 upwards"
    })
    void aLabelThatMakesNoSenseSetsThatWorkerAloneAside(String label, String value, String accepted) {
        Sighting.Complete seen =
                roll(Entries.entry("bad", "running", "Up", Entries.worker(label, value)), Entries.healthy("good"));

        assertThat(seen.workers()).extracting(Worker::name).containsExactly("good");
        assertThat(sentence(seen)).isEqualTo("bad has the label " + label + "=" + value + "; accepted: " + accepted);
        assertThat(seen.alsoPresent()).contains(new HostPort("bad", 5432));
        assertThat(seen.absenceIsProof()).isTrue();
    }

    @Test
    void aNameThatNoServerCanHaveIsSetAside() {
        Sighting.Complete seen = roll(Entries.healthy("w".repeat(300)), Entries.healthy("good"));

        assertThat(seen.workers()).extracting(Worker::name).containsExactly("good");
        assertThat(sentence(seen)).contains("has a host longer than 253 bytes");
    }

    @Test
    void aNameWithQuotesIsTakenAsItIs() {
        String name = "'; DROP TABLE \"pg_dist_node\";--".replace(" ", "");

        assertThat(roll(Entries.entry("w", "running", "Up", Entries.worker(Labels.HOST, name)))
                        .workers())
                .extracting(worker -> worker.address().host())
                .containsExactly(name);
    }

    @Test
    void ofTwoWithOneAddressTheBetterIsTheWorkerAndTheOtherIsSetAside() {
        Sighting.Complete seen = roll(
                Entries.entry("a-old", "exited", "Exited (0)", Entries.worker(Labels.HOST, "db")),
                Entries.entry("b-new", "running", "Up (healthy)", Entries.worker(Labels.HOST, "DB")));

        assertThat(seen.workers()).extracting(Worker::name).containsExactly("b-new");
        assertThat(sentence(seen)).startsWith("a-old would have the address db:5432, which b-new has");
    }

    @Test
    void theOrderOfTheListChangesNothing() {
        String[] entries = {Entries.healthy("c"), Entries.healthy("A"), Entries.healthy("b")};
        String[] shuffled = {entries[2], entries[0], entries[1]};

        assertThat(roll(entries)).isEqualTo(roll(shuffled));
    }

    @Test
    void aWorkerWithoutAnAddressIsSetAsideAndNobodysAbsenceIsProof() {
        Sighting.Complete seen = ProjectRoll.call(
                SCOPE,
                5432,
                Entries.containers(Entries.entry("w", "exited", "Exited (0) 2 hours ago", Entries.worker())),
                Map.of(),
                Instant.EPOCH);

        assertThat(sentence(seen)).contains("has no address yet (Exited (0) 2 hours ago)");
        assertThat(seen.absenceIsProof()).isFalse();
    }

    @Test
    void takesTheOwnNameAmongThoseOfLegacyLinks() {
        String entry = Entries.healthy("w").replace("[\"/w\"]", "[\"/app/alias\",\"/w\"]");

        assertThat(roll(entry).workers()).extracting(Worker::name).containsExactly("w");
    }

    private static Sighting.Complete roll(String... entries) {
        Map<String, String> hosts = Arrays.stream(entries)
                .map(Entries::container)
                .collect(Collectors.toMap(
                        Container::id,
                        container -> Optional.ofNullable(container.labels().get(Labels.HOST))
                                .or(container::recreatedName)
                                .orElse(container.name())));
        return ProjectRoll.call(SCOPE, 5432, Entries.containers(entries), hosts, Instant.EPOCH);
    }

    private static String sentence(Sighting.Complete seen) {
        assertThat(seen.setAside()).hasSize(1);
        return seen.setAside().stream().map(SetAside::sentence).findFirst().orElseThrow();
    }
}
