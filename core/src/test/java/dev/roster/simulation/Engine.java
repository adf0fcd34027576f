package dev.roster.simulation;

import dev.roster.plan.PlanSettings;
import dev.roster.reconcile.Deciding;
import java.util.function.Function;

/**
 * What is simulated.
 *
 * @param deciding how it decides
 * @param asksAgain whether a transaction that lets a row follow asks the servers again
 */
record Engine(Function<PlanSettings, Deciding> deciding, boolean asksAgain) {

    /** The product's own. */
    static final Engine SOUND = new Engine(Deciding::by, true);
}
