package dev.roster.cluster;

class FakeReplaceTest extends ReplaceContract {

    @Override
    protected CatalogStage openStage() {
        return new FakeStage();
    }
}
