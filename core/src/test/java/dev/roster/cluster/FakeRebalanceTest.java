package dev.roster.cluster;

class FakeRebalanceTest extends RebalanceContract {

    @Override
    protected CatalogStage openStage() {
        return new FakeStage();
    }
}
