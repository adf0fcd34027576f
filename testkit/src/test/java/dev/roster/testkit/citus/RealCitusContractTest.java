package dev.roster.testkit.citus;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.cluster.CatalogStage;
import dev.roster.cluster.FollowingContract;
import dev.roster.cluster.JoiningContract;
import dev.roster.cluster.LeavingContract;
import dev.roster.cluster.LedgerContract;
import dev.roster.cluster.ReadingContract;
import dev.roster.cluster.RowsContract;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The contract of the catalog, on real Citus. */
class RealCitusContractTest {

    @BeforeAll
    static void needRealCitus() {
        assumeTrue(
                CitusFlavour.REAL.binariesIfPresent().isPresent(),
                "needs real Citus: no installed PostgreSQL has the extension");
    }

    @Nested
    class Reading extends ReadingContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.REAL));
        }
    }

    @Nested
    class Joining extends JoiningContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.REAL));
        }
    }

    @Nested
    class Leaving extends LeavingContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.REAL));
        }
    }

    @Nested
    class Following extends FollowingContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.REAL));
        }
    }

    @Nested
    class Remembering extends LedgerContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.REAL));
        }
    }

    @Nested
    class KeepingRows extends RowsContract {

        @Override
        protected CatalogStage openStage() {
            return new CitusStage(SharedServers.of(CitusFlavour.REAL));
        }
    }
}
