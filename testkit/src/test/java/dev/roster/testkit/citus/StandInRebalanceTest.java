package dev.roster.testkit.citus;

import dev.roster.cluster.CatalogStage;
import dev.roster.cluster.RebalanceContract;

class StandInRebalanceTest extends RebalanceContract {

    @Override
    protected CatalogStage openStage() {
        return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
    }
}
