package dev.roster.testkit.citus;

class StandInInspectionTest extends InspectionContract {

    @Override
    CitusStage openStage() {
        return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
    }
}
