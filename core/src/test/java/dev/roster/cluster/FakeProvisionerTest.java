package dev.roster.cluster;

class FakeProvisionerTest extends ProvisionerContract {

    @Override
    protected CatalogStage openStage() {
        return new FakeStage();
    }
}
