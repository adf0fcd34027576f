package dev.roster.testkit.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

@RequiresDocker
class DockerClusterIT {

    @Test
    void aProjectComesUpIsChangedAndLeavesNothingBehind() {
        DockerCluster cluster = DockerCluster.create("kit");
        try (cluster) {
            cluster.up(2);
            assertThat(identity(cluster.worker(1))).isNotEqualTo(identity(cluster.worker(2)));

            cluster.sql()
                    .run("SELECT citus_set_coordinator_host('"
                            + cluster.coordinator().name() + "', 5432)");
            for (Server worker : cluster.workers()) {
                cluster.sql().value("SELECT citus_add_node(?, 5432)", worker.name());
            }

            assertThat(cluster.sql().column("SELECT nodename FROM pg_dist_node WHERE isactive ORDER BY nodeid"))
                    .containsExactly(
                            cluster.coordinator().name(),
                            cluster.worker(1).name(),
                            cluster.worker(2).name());

            cluster.worker(1).forceRecreate().awaitHealthy();
            cluster.worker(2).pause().unpause().stop().start().awaitHealthy();
            cluster.coordinator().kill().start().awaitHealthy();
            assertThat(cluster.sql().column("SELECT success FROM run_command_on_workers('SELECT 1')"))
                    .containsExactly("t", "t");

            cluster.down(false);
            cluster.upAgain();
            assertThat(cluster.sql().number("SELECT count(*) FROM pg_dist_node"))
                    .isEqualTo(3);
            assertThat(cluster.worker(1).sql().number("SELECT count(*) FROM pg_dist_node"))
                    .isEqualTo(3);

            cluster.scale(1);
            cluster.worker(1).remove().removeVolume().start().awaitHealthy();
            assertThat(cluster.worker(1).sql().number("SELECT count(*) FROM pg_dist_node"))
                    .isZero();
        }

        assertThat(DockerEngine.client()
                        .listContainersCmd()
                        .withShowAll(true)
                        .withNameFilter(List.of(cluster.project()))
                        .exec())
                .isEmpty();
        assertThat(DockerEngine.client()
                        .listVolumesCmd()
                        .withFilter("name", List.of(cluster.project()))
                        .exec()
                        .getVolumes())
                .isNullOrEmpty();
        assertThat(DockerEngine.client()
                        .listNetworksCmd()
                        .withNameFilter(cluster.project())
                        .exec())
                .isEmpty();
    }

    @Test
    void serversOfOneGoldenImageShareTheirIdentity() {
        try (DockerCluster cluster = DockerCluster.create("kit")) {
            String image = cluster.goldenImage();
            Server first = cluster.startWorker(cluster.nextWorker().withGoldenImage(image));
            Server second = cluster.startWorker(cluster.nextWorker().withGoldenImage(image));

            assertThat(identity(first.awaitHealthy())).isEqualTo(identity(second.awaitHealthy()));
        }
    }

    @Test
    void aServerKeepsAnyPasswordAndDatabaseAndItsHostname() {
        Credentials strange =
                new Credentials("postgres", "blank ' quote \" back\\slash @ % : / ? # ü ☃", "own \"data\"base'");
        try (DockerCluster cluster = DockerCluster.create("kit", strange)) {
            Server worker = cluster.startWorker(cluster.nextWorker()
                    .withHostname("some-other-name")
                    .withContainer("My_Worker.A-1_" + cluster.project()));

            assertThat(worker.awaitHealthy().sql().value("SELECT current_database()"))
                    .isEqualTo(strange.database());
        }
    }

    private static String identity(Server server) {
        return server.sql()
                .value("SELECT concat_ws(' ', system_identifier, metadata->>'server_id')"
                        + " FROM pg_control_system(), pg_dist_node_metadata");
    }
}
