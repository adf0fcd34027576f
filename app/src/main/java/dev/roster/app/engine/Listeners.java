package dev.roster.app.engine;

import dev.roster.execute.Outcome;
import dev.roster.reconcile.EngineListener;
import dev.roster.reconcile.PassResult;
import java.time.Duration;
import java.util.List;

/**
 * Tells several listeners what one is told.
 *
 * @param all in the order in which they are told
 */
record Listeners(List<EngineListener> all) implements EngineListener {

    Listeners {
        all = List.copyOf(all);
    }

    @Override
    public void passEnded(PassResult result) {
        all.forEach(listener -> listener.passEnded(result));
    }

    @Override
    public void actionTried(Outcome outcome) {
        all.forEach(listener -> listener.actionTried(outcome));
    }

    @Override
    public void joined(Duration sinceReady) {
        all.forEach(listener -> listener.joined(sinceReady));
    }

    @Override
    public void leadershipChanged(boolean leading) {
        all.forEach(listener -> listener.leadershipChanged(leading));
    }
}
