package dev.roster.testkit.citus;

import dev.roster.cluster.CatalogStage;
import dev.roster.cluster.FollowingContract;
import dev.roster.cluster.JoiningContract;
import dev.roster.cluster.LeavingContract;
import dev.roster.cluster.LedgerContract;
import dev.roster.cluster.ReadingContract;
import dev.roster.cluster.RowsContract;
import org.junit.jupiter.api.Nested;

/** The contract of the catalog, on PostgreSQL with the Citus stand-in. */
class StandInContractTest {

    @Nested
    class Reading extends ReadingContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
        }
    }

    @Nested
    class Joining extends JoiningContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
        }
    }

    @Nested
    class Leaving extends LeavingContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
        }
    }

    @Nested
    class Following extends FollowingContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
        }
    }

    @Nested
    class Remembering extends LedgerContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
        }
    }

    @Nested
    class KeepingRows extends RowsContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
        }
    }
}
