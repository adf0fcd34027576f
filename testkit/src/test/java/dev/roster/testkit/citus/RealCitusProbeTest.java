package dev.roster.testkit.citus;

import static org.assertj.core.api.Assumptions.assumeThat;

class RealCitusProbeTest extends ProbeContract {

    @Override
    CitusStage openStage() {
        assumeThat(CitusFlavour.REAL.binariesIfPresent())
                .as("no installed PostgreSQL has the citus extension")
                .isPresent();
        return new CitusStage(SharedServers.of(CitusFlavour.REAL));
    }
}
