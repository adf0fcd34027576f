package dev.roster.app.situations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.roster.plan.Situation;
import dev.roster.testkit.docker.Credentials;
import dev.roster.testkit.docker.DockerCluster;
import dev.roster.testkit.docker.Server;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Workers join. */
class JoiningIT extends Situations {

    @Test
    void aWorkerThatWasHealthyBeforeRosterStarted() {
        DockerCluster cluster = cluster(1);

        EngineUnderTest roster = roster(cluster);

        roster.awaitMembers(cluster.worker(1));
        assertThat(cluster.sql().column("SELECT nodename FROM pg_dist_node WHERE groupid = 0"))
                .containsExactly(cluster.coordinator().name());
        roster.awaitVerdict(cluster.worker(1), Situation.MEMBER);
    }

    @Test
    void eightWorkersAtOnce() {
        DockerCluster cluster = cluster(0);
        EngineUnderTest roster = roster(cluster);

        for (int i = 0; i < 8; i++) {
            cluster.startWorker();
        }

        roster.awaitMembers(cluster.workers().toArray(Server[]::new));
        assertThat(nodes(cluster.worker(8))).isEqualTo(nodes(cluster));
    }

    @Test
    void threeEmptyWorkersFromOneGoldenImage() {
        DockerCluster cluster = cluster(0);
        EngineUnderTest roster = roster(cluster);
        String image = cluster.goldenImage();

        for (int i = 0; i < 3; i++) {
            cluster.startWorker(cluster.nextWorker().withGoldenImage(image));
        }

        roster.awaitMembers(cluster.workers().toArray(Server[]::new));
        assertThat(cluster.sql()
                        .column("SELECT DISTINCT result FROM run_command_on_workers("
                                + "'SELECT system_identifier FROM pg_control_system()')"))
                .hasSize(1);
        roster.awaitPasses(2);
        assertThat(cluster.workers()).allSatisfy(worker -> roster.awaitVerdict(worker, Situation.MEMBER));
    }

    @Test
    void aHealthyWorkerThatTheCoordinatorCannotResolveAndThenAGoodOne() {
        DockerCluster cluster = cluster(0);
        EngineUnderTest roster = roster(cluster);
        Server lost = cluster.startWorker(cluster.nextWorker().withNetwork(cluster.isolatedNetwork()))
                .awaitHealthy();
        String sentence = roster.awaitVerdict(lost, Situation.NOT_PROBED);
        assertThat(sentence).containsIgnoringCase("resolve");

        Server good = cluster.startWorker();

        roster.awaitMembers(good);
        roster.awaitVerdict(lost, Situation.NOT_PROBED);
    }

    @Test
    void aMemberIsDeadWhileAnotherWantsToJoin() {
        DockerCluster cluster = cluster(1);
        EngineUnderTest roster = roster(cluster);
        Server dead = cluster.worker(1);
        roster.awaitMembers(dead);
        distributedTable(cluster);
        dead.stop();

        Server joining = cluster.startWorker().awaitHealthy();

        roster.awaitSentence(joining.name(), dead.name());
        assertThat(cluster.sql().column("SELECT nodename FROM pg_dist_node WHERE groupid > 0"))
                .containsExactly(dead.name());
        dead.start();
        roster.awaitMembers(dead, joining);
        everyRowIsReadable(cluster);
    }

    @Test
    void aContainerNameWithCapitalsDotsUnderscoresAndHyphens() {
        DockerCluster cluster = cluster(0);
        EngineUnderTest roster = roster(cluster);

        Server worker = cluster.startWorker(cluster.nextWorker().withContainer("My_Worker.A-1_" + cluster.project()));

        roster.awaitMembers(worker);
    }

    @Test
    void aWorkerWithAHostnameOfItsOwnIsRegisteredByItsContainerName() {
        DockerCluster cluster = cluster(0);
        EngineUnderTest roster = roster(cluster);

        Server worker = cluster.startWorker(cluster.nextWorker().withHostname("shard-seven"));

        roster.awaitMembers(worker);
    }

    @Test
    void aDatabaseOfItsOwn() {
        DockerCluster cluster = cluster(1, Credentials.USUAL.withDatabase("shop"));

        EngineUnderTest roster = roster(cluster);

        roster.awaitMembers(cluster.worker(1));
        assertThat(cluster.sql().value("SELECT current_database()")).isEqualTo("shop");
    }

    @Test
    void aPasswordWithBlanksQuotesBackslashesAndWhatNot() {
        DockerCluster cluster =
                cluster(1, Credentials.USUAL.withPassword(" a'b\"c\\d@e%f%41 ${g} $h #i ?j &k =l ; ü ☃ "));

        EngineUnderTest roster = roster(cluster);

        roster.awaitMembers(cluster.worker(1));
    }

    @Test
    void aOneOffContainerAndAnotherProjectsWorkerAreIgnored() {
        DockerCluster cluster = cluster(1);
        Server oneOff = cluster.startWorker(cluster.oneOff()).awaitHealthy();
        Server foreign = cluster.startWorker(cluster.ofAnotherProject()).awaitHealthy();

        EngineUnderTest roster = roster(cluster);

        roster.awaitMembers(cluster.worker(1));
        roster.awaitPasses(2);
        assertThat(List.of(oneOff, foreign)).allSatisfy(stranger -> {
            assertThat(roster.verdict(stranger.name())).isEmpty();
            assertThat(nodes(stranger)).isEmpty();
        });
    }
}
