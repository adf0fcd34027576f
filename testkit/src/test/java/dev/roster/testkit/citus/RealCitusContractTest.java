package dev.roster.testkit.citus;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.roster.cluster.CatalogStage;
import dev.roster.cluster.CoordinatorCatalogContract;

class RealCitusContractTest extends CoordinatorCatalogContract {

    @Override
    protected CatalogStage openStage() {
        assumeThat(CitusFlavour.REAL.binariesIfPresent())
                .as("no installed PostgreSQL has the citus extension")
                .isPresent();
        return new CitusStage(SharedServers.of(CitusFlavour.REAL));
    }
}
