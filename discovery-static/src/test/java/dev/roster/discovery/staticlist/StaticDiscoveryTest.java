package dev.roster.discovery.staticlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.roster.cluster.GroupId;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.DiscoveryContext;
import dev.roster.discovery.Option;
import dev.roster.discovery.OptionValues;
import dev.roster.discovery.Scope;
import dev.roster.discovery.Sighting;
import dev.roster.discovery.Worker;
import dev.roster.discovery.WorkerDiscovery;
import dev.roster.discovery.WorkerDiscoveryContract;
import dev.roster.discovery.WorkerDiscoveryProvider;
import dev.roster.discovery.WorkerHealth;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StaticDiscoveryTest {

    private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

    private final List<String> nudges = new ArrayList<>();

    @Nested
    class TheContract extends WorkerDiscoveryContract {

        @Override
        protected WorkerDiscoveryProvider provider() {
            return new StaticDiscoveryProvider();
        }

        @Override
        protected Map<String, String> working() {
            return Map.of("workers", "worker-1,worker-2");
        }
    }

    @Test
    void sightsEveryWorkerOfTheListWithItsPortAndGroup() {
        assertThat(workers("worker-1, Worker-2:5433 ,[fd00::1]:6000@3,fd00::2,"))
                .extracting(Worker::name, Worker::address, Worker::group)
                .containsExactly(
                        tuple("worker-1", new HostPort("worker-1", 5432), Optional.empty()),
                        tuple("Worker-2", new HostPort("Worker-2", 5433), Optional.empty()),
                        tuple("fd00::1", new HostPort("fd00::1", 6000), Optional.of(new GroupId(3))),
                        tuple("fd00::2", new HostPort("fd00::2", 5432), Optional.empty()));
    }

    @Test
    void keepsTheSpellingOfAName() {
        assertThat(workers("My_Worker.A-1").getFirst().address().host()).isEqualTo("My_Worker.A-1");
    }

    @Test
    void hasNoOpinionOnHealthAndProvesNoAbsence() {
        Sighting.Complete sighting = complete(started("worker-1"));

        assertThat(sighting.workers().getFirst().health()).isEqualTo(WorkerHealth.UNKNOWN);
        assertThat(sighting.absenceIsProof()).isFalse();
    }

    @Test
    void looksAtTheListWhateverStandsInIt() {
        assertThat(complete(started("worker-1")).scopes())
                .isEqualTo(complete(started("worker-2")).scopes())
                .isEqualTo(Set.of(new Scope("static", "the list")));
    }

    @Test
    void namesWorkersOfOneHostByTheirPort() {
        assertThat(workers("db:5432,DB:5433,other"))
                .extracting(Worker::name)
                .containsExactly("db:5432", "DB:5433", "other");
    }

    @Test
    void nudgesOnceWhenItStarts() {
        WorkerDiscovery source = started("a,b");
        source.start(nudges::add);

        assertThat(nudges).containsExactly("the list names 2 workers");
    }

    @Test
    void isConnectedFromStartToClose() {
        WorkerDiscovery source = source("worker-1");
        assertThat(source.health().isConnected()).isFalse();
        assertThat(source.sighting()).isInstanceOf(Sighting.Unavailable.class);

        source.start(nudges::add);
        assertThat(source.health().isConnected()).isTrue();
        assertThat(source.health().lastFullLook()).contains(NOW);

        source.close();
        source.close();
        assertThat(source.health().isConnected()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ' , '          | names no worker
                    'a,:5432'      | has the entry ':5432', which has an empty host
                    'a:0'          | has the entry 'a:0', which has a port outside 1 to 65535
                    'a:70000'      | has the entry 'a:70000', which has a port outside 1 to 65535
                    'a:x'          | has the entry 'a:x', which has a port that is not a number from 1 to 65535
                    'a@0'          | has the entry 'a@0', whose group is not a whole number from 1 (0 is the coordinator's)
                    'a@x'          | has the entry 'a@x', whose group is not a whole number from 1 (0 is the coordinator's)
                    'a b'          | has the entry 'a b', which has a blank or control character in its host
                    """)
    void saysWhichEntryIsWrongAndWhy(String list, String fault) {
        assertThatThrownBy(() -> StaticWorker.parseList(list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(fault);
    }

    @Test
    void refusesAnAddressListedTwice() {
        assertThatThrownBy(() -> source("db,DB:5432"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("roster.static.workers lists DB:5432 twice; keep one of them");
    }

    @Test
    void saysThatItNeedsAList() {
        DiscoveryContext context = context(Map.of());

        assertThatThrownBy(() -> new StaticDiscoveryProvider().create(context))
                .hasMessageStartingWith("roster.static.workers is not set");
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(WorkerDiscoveryProvider.class))
                .extracting(WorkerDiscoveryProvider::type)
                .contains("static");
    }

    private List<Worker> workers(String list) {
        return complete(started(list)).workers();
    }

    private static Sighting.Complete complete(WorkerDiscovery source) {
        return (Sighting.Complete) source.sighting();
    }

    private WorkerDiscovery started(String list) {
        WorkerDiscovery source = source(list);
        source.start(nudges::add);
        return source;
    }

    private static WorkerDiscovery source(String list) {
        return new StaticDiscoveryProvider()
                .create(context(Map.of(
                        StaticDiscoveryProvider.WORKERS,
                        StaticDiscoveryProvider.WORKERS.parser().apply(list))));
    }

    private static DiscoveryContext context(Map<Option<?>, Object> values) {
        return new DiscoveryContext(new OptionValues(values), InstantSource.fixed(NOW), 5432);
    }
}
