package dev.roster.testkit.citus;

class RealCitusScriptSqlTest extends ScriptSqlContract {

    @Override
    CitusFlavour flavour() {
        return CitusFlavour.REAL;
    }
}
