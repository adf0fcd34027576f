package dev.roster.app.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.cluster.ClusterSnapshot;
import dev.roster.cluster.CoordinatorState;
import dev.roster.cluster.HostPort;
import dev.roster.discovery.Sightings;
import dev.roster.ledger.LedgerSnapshot;
import dev.roster.plan.Memory;
import dev.roster.plan.Observation;
import dev.roster.plan.Plan;
import dev.roster.reconcile.PassResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyFileTest {

    @TempDir
    Path folder;

    private boolean connected = true;

    @Test
    void whatAnEarlierRunLeftIsRemovedAtStart() throws Exception {
        Files.writeString(path(), "");

        ReadyFile.prepare(path());

        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void appearsOnceTheCoordinatorAnsweredAndDiscoveryIsConnectedWithoutAnyWorker() throws IOException {
        ReadyFile file = new ReadyFile(path(), () -> connected);

        file.passEnded(pass(Optional.empty()));
        assertThat(path()).doesNotExist();

        connected = false;
        file.passEnded(pass(Optional.of(nobody())));
        assertThat(path()).doesNotExist();

        connected = true;
        file.passEnded(pass(Optional.of(nobody())));
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path());
        }
    }

    @Test
    void goesAtTheEndAndDoesNotComeBack() {
        ReadyFile file = new ReadyFile(path(), () -> true);
        file.passEnded(pass(Optional.of(nobody())));

        file.close();
        file.passEnded(pass(Optional.of(nobody())));
        file.close();

        assertThat(path()).doesNotExist();
    }

    @Test
    void aFolderThatDoesNotExistIsSaidInOneSentenceWithTheWayOut() {
        Path nowhere = folder.resolve("missing/ready");

        assertThatThrownBy(() -> ReadyFile.prepare(nowhere))
                .isInstanceOf(ReadyFileUnwritable.class)
                .hasMessage("The ready file " + nowhere
                        + " cannot be written (its folder does not exist): mount a volume there"
                        + " that this user may write, or set ROSTER_READY_FILE to another path");
    }

    private Path path() {
        return folder.resolve("ready");
    }

    private static Observation nobody() {
        HostPort address = new HostPort("db", 5432);
        CoordinatorState coordinator = new CoordinatorState(
                address, "postgres", "1", Optional.empty(), "13.2-1", Optional.empty(), false, false);
        return new Observation(
                new ClusterSnapshot(Instant.EPOCH, coordinator, List.of(), Map.of(), LedgerSnapshot.EMPTY),
                new Sightings(List.of(), List.of()),
                Map.of(),
                Memory.NONE);
    }

    private static PassResult pass(Optional<Observation> seen) {
        return new PassResult(
                1,
                Instant.EPOCH,
                Duration.ZERO,
                "nothing",
                seen,
                Plan.EMPTY,
                List.of(),
                Optional.empty(),
                true,
                Instant.EPOCH);
    }
}
