package dev.roster.testkit.citus;

class StandInSizesTest extends SizesContract {

    @Override
    CitusStage openStage() {
        return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
    }
}
