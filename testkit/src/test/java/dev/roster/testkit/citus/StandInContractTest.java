package dev.roster.testkit.citus;

import dev.roster.cluster.CatalogStage;
import dev.roster.cluster.CoordinatorCatalogContract;

class StandInContractTest extends CoordinatorCatalogContract {

    @Override
    protected CatalogStage openStage() {
        return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
    }
}
