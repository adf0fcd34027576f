package dev.roster.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SightingsTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final Scope DOCKER = new Scope("docker", "engine A, project shop");
    private static final Scope LIST = new Scope("static", "the list");

    @Test
    void nobodySeesNobody() {
        assertThat(Sightings.merge(List.of()).workers()).isEmpty();
    }

    @Test
    void keepsTheOrderOfSourcesAndWorkers() {
        Sightings merged = Sightings.merge(List.of(
                docker(worker("b", WorkerHealth.READY, DOCKER), worker("a", WorkerHealth.READY, DOCKER)),
                list(worker("c", WorkerHealth.UNKNOWN, LIST), worker("a", WorkerHealth.UNKNOWN, LIST))));

        assertThat(merged.workers()).extracting(Worker::name).containsExactly("b", "a", "c");
        assertThat(merged.sources()).hasSize(2);
    }

    @Test
    void oneAddressIsOneWorkerWhateverItsCase() {
        Sightings merged = Sightings.merge(List.of(
                docker(worker("PG-1", WorkerHealth.READY, DOCKER)), list(worker("pg-1", WorkerHealth.UNKNOWN, LIST))));

        assertThat(merged.workers()).singleElement().satisfies(worker -> {
            assertThat(worker.name()).isEqualTo("PG-1");
            assertThat(worker.address().host()).isEqualTo("PG-1");
            assertThat(worker.scope()).isEqualTo(DOCKER);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN, READY, READY",
        "READY, UNKNOWN, READY",
        "READY, STOPPED, STOPPED",
        "STOPPED, READY, STOPPED",
        "STARTING, UNHEALTHY, UNHEALTHY",
        "UNKNOWN, PAUSED, PAUSED",
        "UNKNOWN, UNKNOWN, UNKNOWN"
    })
    void anOpinionWinsOverNoneAndTheWorseOfTwo(WorkerHealth first, WorkerHealth second, WorkerHealth merged) {
        Sightings sightings =
                Sightings.merge(List.of(docker(worker("pg-1", first, DOCKER)), list(worker("pg-1", second, LIST))));

        assertThat(sightings.workers()).singleElement().satisfies(worker -> {
            assertThat(worker.health()).isEqualTo(merged);
            assertThat(worker.scope()).isEqualTo(DOCKER);
        });
    }

    @Test
    void theEarlierSourceNamesTheGroupUnlessItNamesNone() {
        Worker labelled = new Worker(
                "pg-1", new HostPort("pg-1", 5432), WorkerHealth.UNKNOWN, "", Optional.of(new GroupId(3)), LIST, false);

        assertThat(Sightings.merge(List.of(docker(worker("pg-1", WorkerHealth.READY, DOCKER)), list(labelled)))
                        .workers())
                .singleElement()
                .extracting(Worker::group)
                .isEqualTo(Optional.of(new GroupId(3)));
    }

    @Test
    void aPartialAnswerCountsForWhomItSaw() {
        Sightings merged = Sightings.merge(List.of(
                new Sighting.Partial(
                        "dns", NOW, List.of(worker("pg-1", WorkerHealth.UNKNOWN, LIST)), "two names failed"),
                new Sighting.Unavailable("docker", NOW, "no socket")));

        assertThat(merged.workers()).hasSize(1);
    }

    private static Worker worker(String host, WorkerHealth health, Scope scope) {
        return new Worker(host, new HostPort(host, 5432), health, "", Optional.empty(), scope, false);
    }

    private static Sighting docker(Worker... workers) {
        return new Sighting.Complete("docker", NOW, Set.of(DOCKER), List.of(workers), List.of(), Set.of(), true);
    }

    private static Sighting list(Worker... workers) {
        return new Sighting.Complete("static", NOW, Set.of(LIST), List.of(workers), List.of(), Set.of(), false);
    }
}
