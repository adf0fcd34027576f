package dev.roster.testkit.citus;

class StandInScriptSqlTest extends ScriptSqlContract {

    @Override
    CitusFlavour flavour() {
        return CitusFlavour.STAND_IN;
    }
}
