package dev.roster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.roster.identity.FakeServer;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The fake is held to the same contract as the real one, and to its promise to break. */
class FakeCoordinatorTest {

    @Nested
    class Reading extends ReadingContract {

        @Override
        protected CatalogStage openStage() {
            return new FakeStage();
        }
    }

    @Nested
    class Joining extends JoiningContract {

        @Override
        protected CatalogStage openStage() {
            return new FakeStage();
        }
    }

    @Nested
    class Leaving extends LeavingContract {

        @Override
        protected CatalogStage openStage() {
            return new FakeStage();
        }
    }

    @Nested
    class Following extends FollowingContract {

        @Override
        protected CatalogStage openStage() {
            return new FakeStage();
        }
    }

    @Nested
    class Remembering extends LedgerContract {

        @Override
        protected CatalogStage openStage() {
            return new FakeStage();
        }
    }

    @Nested
    class KeepingRows extends RowsContract {

        @Override
        protected CatalogStage openStage() {
            return new FakeStage();
        }
    }

    @Test
    void aCallThatBreaksBeforeItsCommitLeavesNothing() {
        FakeStage stage = new FakeStage();
        HostPort worker = stage.newServer();
        stage.fake.breakCall(1, FakeCoordinator.Break.BEFORE_COMMIT);

        assertThatThrownBy(() -> stage.fake.perform(stage.add(worker))).isInstanceOf(CoordinatorUnavailable.class);

        assertThat(stage.fake.look().nodes()).isEmpty();
        assertThat(stage.servers.at(worker).orElseThrow().nodes).isZero();
    }

    @Test
    void aCallThatBreaksAfterItsCommitLeavesEverything() {
        FakeStage stage = new FakeStage();
        HostPort worker = stage.newServer();
        stage.fake.breakCall(1, FakeCoordinator.Break.AFTER_COMMIT);

        assertThatThrownBy(() -> stage.fake.perform(stage.add(worker))).isInstanceOf(CoordinatorUnavailable.class);

        assertThat(stage.fake.look().nodes()).hasSize(1);
        assertThat(stage.fake.look().ledger().members()).hasSize(1);
    }

    @Test
    void takingOverAnotherClustersWorkerIsDamage() throws CoordinatorUnavailable {
        FakeStage stage = new FakeStage();
        HostPort worker = stage.newServer();
        FakeServer server = stage.servers.at(worker).orElseThrow();
        server.coordinatorIdentifier = Optional.of("another");

        stage.fake.perform(stage.add(worker));

        assertThat(stage.fake.damage()).singleElement().asString().contains("took over");
    }

    @Test
    void droppingALocalTableIsDamage() throws CoordinatorUnavailable {
        FakeStage stage = new FakeStage();
        stage.fake.perform(stage.add(stage.newServer()));
        stage.distributedTable("orders", 2);
        HostPort worker = stage.newServer();
        stage.servers.at(worker).orElseThrow().localTables.put("public.orders", 50);

        stage.fake.perform(stage.add(worker));

        assertThat(stage.fake.damage()).singleElement().asString().contains("dropped the local table");
    }
}
