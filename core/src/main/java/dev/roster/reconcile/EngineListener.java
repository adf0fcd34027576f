package dev.roster.reconcile;

import dev.roster.execute.Outcome;
import java.time.Duration;

/**
 * What the engine tells about itself, with no-op defaults: metrics and health listen here, so that the engine depends on
 * neither. Called on the engine's thread; implementations return at once and throw nothing.
 */
public interface EngineListener {

    /** A pass ended. */
    default void passEnded(PassResult result) {}

    /** An action was tried. */
    default void actionTried(Outcome outcome) {}

    /**
     * A worker became an active node.
     *
     * @param sinceReady the time since this worker was first sighted as possibly ready
     */
    default void joined(Duration sinceReady) {}

    /** Leadership was taken or lost. */
    default void leadershipChanged(boolean leading) {}
}
