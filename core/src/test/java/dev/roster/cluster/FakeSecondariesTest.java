package dev.roster.cluster;

class FakeSecondariesTest extends SecondariesContract {

    @Override
    protected CatalogStage openStage() {
        return new FakeStage();
    }
}
