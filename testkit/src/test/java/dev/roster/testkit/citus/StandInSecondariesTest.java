package dev.roster.testkit.citus;

import dev.roster.cluster.CatalogStage;
import dev.roster.cluster.SecondariesContract;

class StandInSecondariesTest extends SecondariesContract {

    @Override
    protected CatalogStage openStage() {
        return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
    }
}
