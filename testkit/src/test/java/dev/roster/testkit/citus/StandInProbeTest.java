package dev.roster.testkit.citus;

class StandInProbeTest extends ProbeContract {

    @Override
    CitusStage openStage() {
        return new CitusStage(SharedServers.of(CitusFlavour.STAND_IN));
    }
}
