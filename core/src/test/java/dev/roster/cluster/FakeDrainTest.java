package dev.roster.cluster;

class FakeDrainTest extends DrainContract {

    @Override
    protected CatalogStage openStage() {
        return new FakeStage();
    }
}
