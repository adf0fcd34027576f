package dev.roster.testkit.citus;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.roster.cluster.CatalogStage;
import dev.roster.cluster.SecondariesContract;

class RealCitusSecondariesTest extends SecondariesContract {

    @Override
    protected CatalogStage openStage() {
        assumeTrue(
                CitusFlavour.REAL.binariesIfPresent().isPresent(),
                "needs real Citus: no installed PostgreSQL has the extension");
        return new CitusStage(SharedServers.of(CitusFlavour.REAL));
    }
}
