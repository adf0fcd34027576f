package dev.roster.testkit.citus;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

class RealCitusSizesTest extends SizesContract {

    @Override
    CitusStage openStage() {
        assumeTrue(
                CitusFlavour.REAL.binariesIfPresent().isPresent(),
                "needs real Citus: no installed PostgreSQL has the extension");
        return new CitusStage(SharedServers.of(CitusFlavour.REAL));
    }
}
